export { answer, confirm, question, said, toast } from "./feedback";
export { icons, type IconName } from "./icons";
export { stateOf } from "./state";
export { isBroken, unhandled } from "./unhandled";
