/** What waits to be sent from this phone, of all accounts. */
import { shallowRef } from "vue";

import type { Item } from "./item";

export const queue = shallowRef<Item[]>([]);

/** Whether a text waits to be sent. */
export function isQueued(text: string): boolean {
  return queue.value.some(({ draft }) => draft?.text === text);
}
