import { Offline, post, Problem, write, type Schemas } from "@lvyi/api";
import type { QueryKey } from "@tanstack/vue-query";
import { computed, shallowRef, watch, type ComputedRef } from "vue";

import { queryClient } from "./cache";
import type { Draft } from "./drafts/on-phone";
import { useOnline } from "./online";
import { isPassing, say, Told } from "./say";
import { useAccount, useSession } from "./session";
import { plain, Shelf } from "./shelf";
import { uuid } from "./uuid";
import { messages } from "./zh-CN";

/** The server knows a request again for 24 hours; after that it might be done twice. */
const KNOWN_AGAIN = 23 * 3_600_000;
/** The server drops files that hang on nothing after a day. */
const UPLOAD_LASTS = 12 * 3_600_000;
const ATTEMPTS = 8;

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

interface Upload {
  id: string;
  at: number;
  key: string | null;
}

const shelf = new Shelf<Item>("outbox");
const all = shallowRef<Item[]>([]);
const unkept = new Set<string>(); // in memory only: the phone has no room
const waiting = new Map<string, { resolve: (answer: unknown) => void; reject: (error: unknown) => void }>();
const account = useAccount();
const online = useOnline();
const { signedIn } = useSession();
const pendingCount = computed(() => items.value.length);
const failedCount = computed(() => items.value.filter(({ state }) => state === "failed").length);
const items = computed(() => all.value.filter((item) => item.account === account.value));

/** My queue: what waits, and what was refused until I edit, retry or drop it. */
export function useOutbox(): {
  items: ComputedRef<Item[]>;
  pendingCount: ComputedRef<number>;
  /** How many of them were refused. */
  failedCount: ComputedRef<number>;
  retry: (id: string) => Promise<void>;
  edit: (id: string) => Promise<string>;
  drop: (id: string) => Promise<void>;
} {
  start();
  return { items, pendingCount, failedCount, retry, edit, drop };
}

/** Whether a text waits to be sent. */
export function isQueued(text: string): boolean {
  return all.value.some(({ draft }) => draft?.text === text);
}

/** Queues an action and sends it as soon as possible; `sent` gives the answer, or throws what refused it for good. */
export async function enqueue(action: Action): Promise<{ id: string; sent: Promise<unknown> }> {
  start();
  const item: Item = {
    ...plain(action),
    id: uuid(),
    account: account.value,
    state: "waiting",
    sentence: messages.outbox.waiting,
    uploads: (action.pictures ?? []).map(() => ({ id: uuid(), at: Date.now(), key: null })),
    attempts: 0,
    triedAt: null,
    createdAt: Date.now(),
  };
  await keep(item);
  if (unkept.has(item.id) && !online.value) {
    await remove(item.id);
    throw new Told(messages.outbox.noRoom);
  }
  const sent = new Promise((resolve, reject) => waiting.set(item.id, { resolve, reject }));
  sent.catch(() => undefined); // the queue itself shows what was refused
  void flush();
  return { id: item.id, sent };
}

async function retry(id: string): Promise<void> {
  const item = find(id);
  if (!item) return;
  const isOther = isDoubtful(item);
  if (isOther) await remove(id);
  const anew = { state: "waiting", sentence: messages.outbox.waiting, attempts: 0 } as const;
  await keep({ ...item, ...anew, ...(isOther ? { id: uuid(), triedAt: null } : {}) });
  await flush();
}

/** Takes an item back to be edited; gives the page for it. `Told` when another text stands there. */
async function edit(id: string): Promise<string> {
  const item = find(id);
  if (!item?.draft) throw new Told(messages.error.unexpected);
  if (item.state !== "failed" && item.triedAt !== null) throw new Told(messages.outbox.doubtful);
  const { restoreDraft } = await import("./drafts/on-phone");
  await restoreDraft(item.draft);
  await remove(id);
  return item.draft.route;
}

async function drop(id: string): Promise<void> {
  const draft = find(id)?.draft;
  if (draft) await forget(draft);
  await remove(id);
}

/** Deletes the draft that it was; what hinders that leaves a draft, not a post that is sent twice. */
async function forget(draft: Draft): Promise<void> {
  const { forgetText } = await import("./drafts/own-copy");
  void forgetText(draft).catch(() => undefined);
}

let started = false;

function start(): void {
  if (started) return;
  started = true;
  document.addEventListener("visibilitychange", () => void (document.hidden || flush()));
  watch([online, signedIn, account], () => void (online.value ? flush() : load()), { immediate: true });
}

let isFlushing = false;
let isWanted = false;
let timer = 0;
let failures = 0;
let busyUntil = 0;

/** Sends what waits, in order, in one tab at a time where the browser can tell (the keys make doubles harmless). */
export async function flush(): Promise<void> {
  isWanted = true;
  if (isFlushing) return;
  isFlushing = true;
  try {
    while (isWanted) {
      isWanted = false;
      await (navigator.locks ? navigator.locks.request("lvyi.outbox", drain) : drain());
    }
  } finally {
    isFlushing = false;
  }
}

async function drain(): Promise<void> {
  await load();
  if (!navigator.onLine || !signedIn.value || Date.now() < busyUntil) return;
  for (const { id, state } of items.value) {
    const item = find(id);
    if (item && state !== "failed" && !(await send(item))) return;
  }
}

async function load(): Promise<void> {
  const kept = await shelf.all().catch(() => []);
  const rest = all.value.filter((item) => unkept.has(item.id));
  all.value = [...kept.filter((item) => !unkept.has(item.id)), ...rest].sort((a, b) => a.createdAt - b.createdAt);
}

/** Whether the next item may be tried. */
async function send(item: Item): Promise<boolean> {
  if (isDoubtful(item)) {
    await fail(item, new Told(messages.outbox.doubtful));
    return true;
  }
  const sending: Item = { ...item, state: "sending", sentence: messages.outbox.sending };
  try {
    await keep(sending);
    const pictures = await uploaded(sending);
    await keep(Object.assign(sending, { triedAt: sending.triedAt ?? Date.now() }));
    const body = {
      ...sending.body,
      ...(sending.pictures && { [sending.picturesAs ?? "pictures"]: pictures }),
      ...(sending.readAt && { seconds_ago: Math.max(0, Math.floor((Date.now() - sending.readAt) / 1000)) }),
    };
    const answer = await write(sending.method ?? "POST", sending.path, body, sending.id);
    failures = 0;
    if (sending.draft) await forget(sending.draft).catch(() => undefined);
    await remove(sending.id);
    waiting.get(sending.id)?.resolve(answer);
    waiting.delete(sending.id);
    for (const queryKey of sending.invalidates) void queryClient.invalidateQueries({ queryKey });
    return true;
  } catch (error) {
    return missed(sending, error);
  }
}

/** The keys of an item's pictures, each uploaded once. */
async function uploaded(item: Item): Promise<string[]> {
  const keys: string[] = [];
  for (const [i, picture] of (item.pictures ?? []).entries()) {
    let upload = item.uploads[i]!;
    if (Date.now() - upload.at > UPLOAD_LASTS) upload = { id: uuid(), at: Date.now(), key: null };
    upload.key ??= (await uploadFile(picture, `${i + 1}.jpg`, upload.id)).key;
    item.uploads = item.uploads.map((other, j) => (j === i ? upload : other));
    await keep(item);
    keys.push(upload.key);
  }
  return keys;
}

/** Uploads a file; it is dropped after a day unless it hangs on something. */
export async function uploadFile(file: Blob, name: string, id: string = uuid()): Promise<Schemas["FileOut"]> {
  const form = new FormData();
  form.append("file", file, name);
  return (await post("/api/v1/files", form, id)) as Schemas["FileOut"];
}

async function missed(item: Item, error: unknown): Promise<boolean> {
  const status = error instanceof Problem ? error.status : 0;
  const isClear = status !== 0 && (status < 500 || status === 503);
  const attempts = item.attempts + (status >= 500 && status !== 503 ? 1 : 0);
  const next = { ...item, attempts, triedAt: isClear ? null : item.triedAt };
  if (!isPassing(error) || attempts >= ATTEMPTS) {
    await fail(next, error);
    return true;
  }
  const sentence = status === 429 ? `${say(error)}${messages.outbox.later}` : messages.outbox.waiting;
  await keep({ ...next, state: "waiting", sentence });
  const retryAfter = error instanceof Problem ? error.retryAfter : null;
  if (retryAfter !== null) busyUntil = Date.now() + retryAfter * 1000;
  const backOff = Math.min(300, 2 ** ++failures) * (1 + Math.random() / 4);
  clearTimeout(timer);
  timer = window.setTimeout(() => void flush(), (retryAfter ?? backOff) * 1000);
  return !(error instanceof Offline || [401, 429, 503].includes(status));
}

/** Whether it may have been done already, and the server would do it once more. */
function isDoubtful({ method, triedAt }: Item): boolean {
  return method !== "PUT" && triedAt !== null && Date.now() - triedAt > KNOWN_AGAIN;
}

async function fail(item: Item, error: unknown): Promise<void> {
  await keep({ ...item, state: "failed", sentence: say(error), isRefused: error instanceof Problem && !isPassing(error) });
  waiting.get(item.id)?.reject(error);
  waiting.delete(item.id);
}

function find(id: string): Item | undefined {
  return all.value.find((item) => item.id === id);
}

async function keep(item: Item): Promise<void> {
  const copy = { ...item };
  const isNew = !find(item.id);
  all.value = isNew ? [...all.value, copy] : all.value.map((other) => (other.id === item.id ? copy : other));
  const { waiting: sentence } = messages.outbox;
  const afterCrash = item.state === "sending" ? { ...copy, state: "waiting" as const, sentence } : copy;
  await shelf.put(item.id, afterCrash).then(
    () => unkept.delete(item.id),
    () => unkept.add(item.id),
  );
}

async function remove(id: string): Promise<void> {
  all.value = all.value.filter((item) => item.id !== id);
  unkept.delete(id);
  await shelf.remove(id).catch(() => undefined);
}
