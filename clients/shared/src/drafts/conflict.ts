import { shallowRef } from "vue";

/** My text and the one that was saved elsewhere meanwhile. */
export interface Conflict<T = object> {
  mine: T;
  theirs: T;
}

/** A draft on the screen that was changed on another phone too, until it is settled with the text that is to stay. */
export interface DraftConflict {
  name: string;
  title: string;
  conflict: Conflict;
  settle: (text: object) => Promise<void>;
}

/** The conflict that the page asks about now. */
export const draftConflict = shallowRef<DraftConflict | null>(null);

export function openConflict(conflict: DraftConflict): void {
  draftConflict.value = conflict;
}

export function closeConflict(name: string): void {
  if (draftConflict.value?.name === name) draftConflict.value = null;
}
