/** What was typed into forms that are not sent, as long as the window is open; the server gets it only when it is sent. */
import type { Values } from "./fields";

export const typed = new Map<string, Values>();
