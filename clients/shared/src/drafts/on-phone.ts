/** Drafts on this phone: in IndexedDB, and newer text in a journal (`localStorage`) that is written synchronously. */
import { setStored, getStored, storedNames } from "../storage";
import { UserError } from "../errors";
import { IdbStore, isFull, plain, without } from "../idb";
import { useAccount } from "../session";
import { uuid } from "../uuid";
import { messages } from "../zh-CN";

/** A text that is being written. */
export interface Draft<T = unknown> {
  account: number;
  kind: string;
  id: string;
  /** Which text it is: the next one under the same name has another. */
  text: string;
  /** How lists call it. */
  title: string;
  /** The page on which it is edited. */
  route: string;
  value: T;
  /** The version on the server that it began from; null when the server has none. */
  version: number | null;
  /** Whether it holds what the server does not. */
  dirty: boolean;
  /** How many pictures belong to it that lie on another phone. */
  elsewhere: number;
  /** Milliseconds; rises with every change. */
  editedAt: number;
}

export type Name = Pick<Draft, "account" | "kind" | "id">;

const store = new IdbStore<Draft>("drafts");
const watchers = new Set<(draft: Draft | null) => void>();
const RETRY_AFTER = 5_000;
let isPersistent = false;

export function keyOf({ account, kind, id }: Name): string {
  return `${account}/${kind}/${id}`;
}

/** A draft in which nothing is written yet. */
export function blankDraft<T extends object>(kind: string, id: string, { empty, route }: { empty: T; route: string }): Draft<T> {
  const account = useAccount().value;
  const value = plain(empty);
  return { account, kind, id, text: uuid(), title: "", route, value, version: null, dirty: false, elsewhere: 0, editedAt: 0 };
}

const journalOf = (key: string) => `draft/${key}`;

/** A value without its pictures, which stay on the phone. */
export function wordsOf<T>(value: T): T {
  return without(value as T & object, "pictures");
}

export function picturesOf(value: unknown): Blob[] {
  return (value as { pictures?: Blob[] } | undefined)?.pictures ?? [];
}

/** Calls back after any change of the drafts, with the draft when it came back to be edited; returns the undo. */
export function onDrafts(callback: (restored: Draft | null) => void): () => void {
  watchers.add(callback);
  return () => void watchers.delete(callback);
}

function tell(restored: Draft | null): void {
  for (const callback of watchers) callback(restored);
}

export async function readDraft<T>(name: Name): Promise<Draft<T> | undefined> {
  const key = keyOf(name);
  return newer(await store.get(key).catch(() => undefined), readJournal(key)) as Draft<T> | undefined;
}

/** What was begun on this phone as `new`, before it had its id on the server; from now on under that id. */
export async function adoptBegun<T>(name: Name): Promise<Draft<T> | undefined> {
  const begun = await readDraft<T & { id?: number }>({ ...name, id: "new" });
  if (!begun || String(begun.value.id) !== name.id) return undefined;
  const adopted = { ...begun, id: name.id, value: without(begun.value, "id", "key") };
  await keepDraft(adopted);
  await dropDraft(begun);
  return adopted;
}

export async function allDrafts(account: number): Promise<Draft[]> {
  const drafts = new Map((await store.all().catch(() => [])).map((draft) => [keyOf(draft), draft]));
  for (const name of storedNames(journalOf(`${account}/`))) {
    const key = name.slice(journalOf("").length);
    drafts.set(key, newer(drafts.get(key), readJournal(key))!);
  }
  return [...drafts.values()].filter((draft) => draft.account === account);
}

function readJournal(key: string): Draft | undefined {
  try {
    return (JSON.parse(getStored(journalOf(key)) ?? "null") as Draft | null) ?? undefined;
  } catch {
    return undefined;
  }
}

/** Of the same draft in the database and in the journal the one that was written last, with its pictures. */
function newer(stored: Draft | undefined, journal: Draft | undefined): Draft | undefined {
  if (!journal || (stored && stored.editedAt > journal.editedAt)) return stored && { ...stored, text: stored.text ?? uuid() };
  const pictures = stored?.text === journal.text ? picturesOf(stored.value) : [];
  return { ...journal, value: pictures.length ? { ...(journal.value as object), pictures } : journal.value };
}

/** Keeps a draft: its words are safe when this returns, everything when the promise holds. Throws when it is not. */
export async function keepDraft(draft: Draft): Promise<void> {
  const [name, journal] = [journalOf(keyOf(draft)), JSON.stringify({ ...draft, value: wordsOf(draft.value) })];
  const isSafe = setStored(name, journal);
  try {
    await store.put(keyOf(draft), draft);
    if (getStored(name) === journal) setStored(name, null);
  } catch (error) {
    if (isFull(error) || !isSafe) throw error;
    setTimeout(() => getStored(name) === journal && void keepDraft(draft).catch(() => undefined), RETRY_AFTER);
  }
  if (!isPersistent) void navigator.storage?.persist?.().catch(() => false); // once; browsers decide without a prompt
  isPersistent = true;
  tell(null);
}

export async function dropDraft(name: Name): Promise<void> {
  setStored(journalOf(keyOf(name)), null);
  await store.remove(keyOf(name)).catch(() => undefined);
  tell(null);
}

/** Puts a draft that was to be sent back to be edited; `UserError` when another text stands in its place. */
export async function restoreDraft(draft: Draft): Promise<void> {
  const present = await readDraft(draft);
  if (present && present.text !== draft.text) throw new UserError(messages.draft.occupied);
  await keepDraft({ ...draft, dirty: true, editedAt: Date.now() });
  tell(draft);
}
