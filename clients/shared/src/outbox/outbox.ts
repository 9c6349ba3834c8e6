import { Offline, Problem, write } from "@lvyi/api";
import { computed, watch, type ComputedRef } from "vue";

import { queryClient } from "../network/cache";
import type { Draft } from "../drafts/on-phone";
import { useOnline } from "../network/online";
import { isTransient, errorText, UserError } from "../errors";
import { useAccount, useSession } from "../session";
import { plain, IdbStore } from "../idb";
import { uuid } from "../uuid";
import { messages } from "../zh-CN";
import { isDoubtful, type Action, type Item } from "./item";
import { queue } from "./queue";
import { uploadPictures } from "./uploads";

const ATTEMPTS = 8;

const store = new IdbStore<Item>("outbox");
const unsaved = new Set<string>(); // in memory only: the phone has no room
const waiting = new Map<string, { resolve: (answer: unknown) => void; reject: (error: unknown) => void }>();
const account = useAccount();
const online = useOnline();
const { signedIn } = useSession();
const pendingCount = computed(() => items.value.length);
const failedCount = computed(() => items.value.filter(({ state }) => state === "failed").length);
const items = computed(() => queue.value.filter((item) => item.account === account.value));

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
  await save(item);
  if (unsaved.has(item.id) && !online.value) {
    await remove(item.id);
    throw new UserError(messages.outbox.noRoom);
  }
  const sent = new Promise((resolve, reject) => waiting.set(item.id, { resolve, reject }));
  sent.catch(() => undefined); // the queue itself shows what was refused
  void flush();
  return { id: item.id, sent };
}

async function retry(id: string): Promise<void> {
  const item = find(id);
  if (!item) return;
  const isNew = isDoubtful(item);
  if (isNew) await remove(id);
  const reset = { state: "waiting", sentence: messages.outbox.waiting, attempts: 0 } as const;
  await save({ ...item, ...reset, ...(isNew ? { id: uuid(), triedAt: null } : {}) });
  await flush();
}

/** Takes an item back to be edited; gives the page for it. `UserError` when another text stands there. */
async function edit(id: string): Promise<string> {
  const item = find(id);
  if (!item?.draft) throw new UserError(messages.error.unexpected);
  if (item.state !== "failed" && item.triedAt !== null) throw new UserError(messages.outbox.doubtful);
  const { restoreDraft } = await import("../drafts/on-phone");
  await restoreDraft(item.draft);
  await remove(id);
  return item.draft.route;
}

async function drop(id: string): Promise<void> {
  const draft = find(id)?.draft;
  if (draft) await deleteDraft(draft);
  await remove(id);
}

/** Deletes the draft of an item; a failure leaves a draft behind, never a post that is sent twice. */
async function deleteDraft(draft: Draft): Promise<void> {
  const { forgetText } = await import("../drafts/own-copy");
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
let flushAgain = false;
let timer = 0;
let failures = 0;
let busyUntil = 0;

/** Sends what waits, in order, in one tab at a time where the browser can tell (the keys make doubles harmless). */
export async function flush(): Promise<void> {
  flushAgain = true;
  if (isFlushing) return;
  isFlushing = true;
  try {
    while (flushAgain) {
      flushAgain = false;
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
  const saved = await store.all().catch(() => []);
  const rest = queue.value.filter((item) => unsaved.has(item.id));
  queue.value = [...saved.filter((item) => !unsaved.has(item.id)), ...rest].sort((a, b) => a.createdAt - b.createdAt);
}

/** Whether the next item may be tried. */
async function send(item: Item): Promise<boolean> {
  if (isDoubtful(item)) {
    await fail(item, new UserError(messages.outbox.doubtful));
    return true;
  }
  const sending: Item = { ...item, state: "sending", sentence: messages.outbox.sending };
  try {
    await save(sending);
    const pictures = await uploadPictures(sending, save);
    await save(Object.assign(sending, { triedAt: sending.triedAt ?? Date.now() }));
    const body = {
      ...sending.body,
      ...(sending.pictures && { [sending.picturesAs ?? "pictures"]: pictures }),
      ...(sending.readAt && { seconds_ago: Math.max(0, Math.floor((Date.now() - sending.readAt) / 1000)) }),
    };
    const answer = await write(sending.method ?? "POST", sending.path, body, sending.id);
    failures = 0;
    if (sending.draft) await deleteDraft(sending.draft).catch(() => undefined);
    await remove(sending.id);
    waiting.get(sending.id)?.resolve(answer);
    waiting.delete(sending.id);
    for (const queryKey of sending.invalidates) void queryClient.invalidateQueries({ queryKey });
    return true;
  } catch (error) {
    return onError(sending, error);
  }
}

async function onError(item: Item, error: unknown): Promise<boolean> {
  const status = error instanceof Problem ? error.status : 0;
  const isClear = status !== 0 && (status < 500 || status === 503);
  const attempts = item.attempts + (status >= 500 && status !== 503 ? 1 : 0);
  const next = { ...item, attempts, triedAt: isClear ? null : item.triedAt };
  if (!isTransient(error) || attempts >= ATTEMPTS) {
    await fail(next, error);
    return true;
  }
  const sentence = status === 429 ? `${errorText(error)}${messages.outbox.later}` : messages.outbox.waiting;
  await save({ ...next, state: "waiting", sentence });
  const retryAfter = error instanceof Problem ? error.retryAfter : null;
  if (retryAfter !== null) busyUntil = Date.now() + retryAfter * 1000;
  const backOff = Math.min(300, 2 ** ++failures) * (1 + Math.random() / 4);
  clearTimeout(timer);
  timer = window.setTimeout(() => void flush(), (retryAfter ?? backOff) * 1000);
  return !(error instanceof Offline || [401, 429, 503].includes(status));
}

async function fail(item: Item, error: unknown): Promise<void> {
  await save({ ...item, state: "failed", sentence: errorText(error), isRefused: error instanceof Problem && !isTransient(error) });
  waiting.get(item.id)?.reject(error);
  waiting.delete(item.id);
}

function find(id: string): Item | undefined {
  return queue.value.find((item) => item.id === id);
}

async function save(item: Item): Promise<void> {
  const copy = { ...item };
  const isNew = !find(item.id);
  queue.value = isNew ? [...queue.value, copy] : queue.value.map((other) => (other.id === item.id ? copy : other));
  const { waiting: sentence } = messages.outbox;
  const afterCrash = item.state === "sending" ? { ...copy, state: "waiting" as const, sentence } : copy;
  await store.put(item.id, afterCrash).then(
    () => unsaved.delete(item.id),
    () => unsaved.add(item.id),
  );
}

async function remove(id: string): Promise<void> {
  queue.value = queue.value.filter((item) => item.id !== id);
  unsaved.delete(id);
  await store.remove(id).catch(() => undefined);
}
