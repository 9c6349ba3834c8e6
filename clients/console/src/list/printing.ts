/** Whether the page is being printed: what is drawn as it comes into sight is then drawn in whole. */
import { onScopeDispose, ref, type Ref } from "vue";

export function usePrinting(): { isPrinting: Ref<boolean> } {
  const isPrinting = ref(false);
  const begin = () => (isPrinting.value = true);
  const end = () => (isPrinting.value = false);
  addEventListener("beforeprint", begin);
  addEventListener("afterprint", end);
  onScopeDispose(() => {
    removeEventListener("beforeprint", begin);
    removeEventListener("afterprint", end);
  });
  return { isPrinting };
}
