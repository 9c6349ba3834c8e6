export { answer, confirm, question, toastMessage, toast } from "./feedback";
export { icons, type IconName } from "./icons";
export { stateOf } from "./state";
export { isBroken, opening, unhandled } from "./unhandled";
