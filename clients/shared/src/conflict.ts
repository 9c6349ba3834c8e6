import { shallowRef } from "vue";

/** My text and the one that was saved elsewhere meanwhile. */
export interface Conflict<T = object> {
  mine: T;
  theirs: T;
}

/** A draft on the screen that was changed on another phone too, until it is settled with the text that is to stay. */
export interface Disputed {
  name: string;
  title: string;
  conflict: Conflict;
  settle: (text: object) => Promise<void>;
}

export const disputed = shallowRef<Disputed | null>(null);

export function dispute(one: Disputed): void {
  disputed.value = one;
}

export function settled(name: string): void {
  if (disputed.value?.name === name) disputed.value = null;
}
