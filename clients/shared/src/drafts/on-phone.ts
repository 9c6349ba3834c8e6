/** Drafts as they lie in the phone: in its database, and what is newer than that in a journal that is written at once. */
import { keep, kept, keptNames } from "../kept";
import { Told } from "../say";
import { isFull, Shelf, without } from "../shelf";
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
  /** The page that goes on with it. */
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

const shelf = new Shelf<Draft>("drafts");
const watchers = new Set<(draft: Draft | null) => void>();
const TRY_AGAIN = 5_000;
let isLasting = false;

export function keyOf({ account, kind, id }: Name): string {
  return `${account}/${kind}/${id}`;
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
  return newer(await shelf.get(key).catch(() => undefined), jotted(key)) as Draft<T> | undefined;
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
  const drafts = new Map((await shelf.all().catch(() => [])).map((draft) => [keyOf(draft), draft]));
  for (const name of keptNames(journalOf(`${account}/`))) {
    const key = name.slice(journalOf("").length);
    drafts.set(key, newer(drafts.get(key), jotted(key))!);
  }
  return [...drafts.values()].filter((draft) => draft.account === account);
}

function jotted(key: string): Draft | undefined {
  try {
    return (JSON.parse(kept(journalOf(key)) ?? "null") as Draft | null) ?? undefined;
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
  const isSafe = keep(name, journal);
  try {
    await shelf.put(keyOf(draft), draft);
    if (kept(name) === journal) keep(name, null);
  } catch (error) {
    if (isFull(error) || !isSafe) throw error;
    setTimeout(() => kept(name) === journal && void keepDraft(draft).catch(() => undefined), TRY_AGAIN);
  }
  if (!isLasting) void navigator.storage?.persist?.().catch(() => false); // asked once, and no one is bothered
  isLasting = true;
  tell(null);
}

export async function dropDraft(name: Name): Promise<void> {
  keep(journalOf(keyOf(name)), null);
  await shelf.remove(keyOf(name)).catch(() => undefined);
  tell(null);
}

/** Puts a draft that was to be sent back to be edited; `Told` when another text stands in its place. */
export async function restoreDraft(draft: Draft): Promise<void> {
  const present = await readDraft(draft);
  if (present && present.text !== draft.text) throw new Told(messages.draft.occupied);
  await keepDraft({ ...draft, dirty: true, editedAt: Date.now() });
  tell(draft);
}
