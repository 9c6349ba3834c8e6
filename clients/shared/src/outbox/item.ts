import type { QueryKey } from "@tanstack/vue-query";

import type { Draft } from "../drafts/on-phone";

/** How long the server surely recognises a repeated request: it remembers keys for 24 hours. */
const KEY_LASTS = 23 * 3_600_000;

/** Something to send, now or when the server can be reached. */
export interface Action {
  /** What it is, e.g. `update`, `reply`. */
  kind: string;
  /** POST unless it says so; a PUT may be repeated at any time. */
  method?: "PUT";
  /** API path, e.g. `/api/v1/threads/12/replies`. */
  path: string;
  body: object;
  /** When what it says was read, in milliseconds: the server is told how many `seconds_ago`, clocks may differ. */
  readAt?: number;
  /** Uploaded first; their keys become `pictures` of the body, or what `picturesAs` calls it. */
  pictures?: Blob[];
  picturesAs?: string;
  /** How lists call it. */
  label: string;
  /** Queries that are stale once it is done. */
  invalidates: QueryKey[];
  /** Where its text goes back to for editing. */
  draft?: Draft;
}

/** An action in the queue; `id` is its idempotency key. */
export interface Item extends Action {
  id: string;
  account: number;
  state: "waiting" | "sending" | "failed";
  /** Why it failed, or what it waits for; one sentence. */
  sentence: string;
  /** Whether the server does not take it as it is: without a change it would fail again. */
  isRefused?: boolean;
  uploads: Upload[];
  attempts: number;
  /** When it was first sent without a clear answer; milliseconds. */
  triedAt: number | null;
  createdAt: number;
}

export interface Upload {
  id: string;
  at: number;
  key: string | null;
}

/** Whether it may have been done already, and the server would do it once more. */
export function isDoubtful({ method, triedAt }: Item): boolean {
  return method !== "PUT" && triedAt !== null && Date.now() - triedAt > KEY_LASTS;
}
