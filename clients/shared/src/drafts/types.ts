import type { ComputedRef, Ref } from "vue";

import type { Conflict } from "../conflict";
import type { Action } from "../outbox";
import type { OnServer } from "./server-copy";

export type DraftState = "saved" | "saving" | "onPhone" | "pending" | "sent" | "failed";

export interface DraftOptions<T> {
  /** The text before anything is written; a draft that equals it is not kept. */
  empty: T;
  /** The page that goes on with the draft. */
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
  /** Saves at once; whether everything is where it belongs: on the server if it keeps it, else on the phone. */
  flush: () => Promise<boolean>;
  /** Queues the draft as a post, empties it, and gives the server's answer. */
  send: (action: Omit<Action, "kind" | "draft">) => Promise<unknown>;
  /** Writes to the phone at once. */
  keep: () => Promise<boolean>;
  /** Keeps nothing any more: another page goes on with it. */
  close: () => void;
  /** Forgets it here, and on the server unless it is something of its own there. */
  discard: () => Promise<void>;
}
