/** Pictures over the whole screen, to be pinched and swiped; loaded when the first one is opened. */
export { showImagePreview } from "vant";
import "vant/es/image-preview/style";
