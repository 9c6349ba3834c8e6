import type { ComputedRef, Ref } from "vue";

import type { Conflict } from "./conflict";
import type { Action } from "../outbox/item";

export type DraftState = "saved" | "saving" | "onPhone" | "pending" | "sent" | "failed";

/** Where the server keeps a text, with a version that rises with each save. */
export interface OnServer<T, Saved extends { version: number } = any> { // eslint-disable-line @typescript-eslint/no-explicit-any -- each kind of text has its own
  /** Null when the server has none. */
  get: () => Promise<Saved | null>;
  /** Saves over `version`; 412 carries the present one as `current`. */
  put: (value: T, version: number) => Promise<Saved>;
  /** The part of an answer that is edited. */
  value: (saved: Saved) => T;
  /** Which text it is, where another one may follow under the same name. */
  text?: (saved: Saved) => string;
  /** How many pictures belong to it, which lie on the phones where they were taken. */
  pictures?: (saved: Saved) => number;
}

export interface DraftOptions<T> {
  /** The text before anything is written; a draft that equals it is not kept. */
  empty: T;
  /** The page on which the draft is edited. */
  route: string;
  /** How lists call it. */
  title: (value: T) => string;
  /** Where the server keeps it, if it is something of its own there already. */
  server?: OnServer<T>;
  /** What was refused stays where it would stand, and does not come back into the editor by itself. */
  staysInPlace?: boolean;
}

export interface OpenDraft<T> {
  /** Edit this: every change is kept. */
  value: T;
  /** Whether `value` has been read from the phone, or else from the server. */
  ready: Ref<boolean>;
  /** Why it could not be read. */
  problem: Ref<unknown>;
  state: Ref<DraftState>;
  stateText: ComputedRef<string>;
  /** How many pictures belong to it that lie on another phone and are not sent from this one. */
  elsewhere: Ref<number>;
  /** Two texts of which one must go; until then the server's stays as it is. */
  conflict: Ref<Conflict<T> | null>;
  keepMine: () => Promise<void>;
  keepTheirs: () => Promise<void>;
  /** Saves at once; whether everything is stored where it should be: on the server if it keeps it, else on the phone. */
  flush: () => Promise<boolean>;
  /** Queues the draft as a post, empties it, and gives the server's answer. */
  send: (action: Omit<Action, "kind" | "draft">) => Promise<unknown>;
  /** Writes to the phone at once. */
  keep: () => Promise<boolean>;
  /** Stops saving: another page edits it from now on. */
  close: () => void;
  /** Forgets it here, and on the server unless it is something of its own there. */
  discard: () => Promise<void>;
}
