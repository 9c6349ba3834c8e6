export { deviceName } from "@lvyi/shared";
