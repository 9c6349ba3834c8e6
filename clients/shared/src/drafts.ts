import { onScopeDispose, shallowRef, watch, type Ref } from "vue";

import { Told } from "./say";
import { useAccount } from "./session";
import { Shelf } from "./shelf";
import { messages } from "./zh-CN";

/** A text that is being written, as it lies in the phone. */
export interface Draft<T = unknown> {
  account: number;
  kind: string;
  id: string;
  /** How lists call it. */
  title: string;
  /** The page that goes on with it. */
  route: string;
  value: T;
  /** The version on the server that it began from; null when the server has none. */
  version: number | null;
  /** Whether it holds what the server does not. */
  dirty: boolean;
  /** Milliseconds. */
  editedAt: number;
}

const shelf = new Shelf<Draft>("drafts");
const watchers = new Set<(draft: Draft | null) => void>();

function keyOf(draft: Pick<Draft, "account" | "kind" | "id">): string {
  return `${draft.account}/${draft.kind}/${draft.id}`;
}

/** Calls back after any change of the drafts, with the draft when it came back to be edited; returns the undo. */
export function onDrafts(callback: (restored: Draft | null) => void): () => void {
  watchers.add(callback);
  return () => void watchers.delete(callback);
}

function tell(restored: Draft | null): void {
  for (const callback of watchers) callback(restored);
}

export async function readDraft<T>(account: number, kind: string, id: string): Promise<Draft<T> | undefined> {
  return (await shelf.get(keyOf({ account, kind, id }))) as Draft<T> | undefined;
}

export async function keepDraft(draft: Draft): Promise<void> {
  await shelf.put(keyOf(draft), draft);
  tell(null);
}

export async function dropDraft(draft: Pick<Draft, "account" | "kind" | "id">): Promise<void> {
  await shelf.remove(keyOf(draft));
  tell(null);
}

/** Puts a draft that was to be sent back to be edited; `Told` when another text stands in its place. */
export async function restoreDraft(draft: Draft): Promise<void> {
  if (await shelf.get(keyOf(draft))) throw new Told(messages.draft.occupied);
  await shelf.put(keyOf(draft), draft);
  tell(draft);
}

/** My drafts on this phone, the last edited first. */
export function useDrafts(): { items: Ref<Draft[]>; drop: (draft: Draft) => Promise<void> } {
  const items = shallowRef<Draft[]>([]);
  const account = useAccount();
  const load = async () => {
    const all = await shelf.all().catch(() => []);
    const mine = all.filter((draft) => draft.account === account.value);
    items.value = mine.sort((a, b) => b.editedAt - a.editedAt);
  };
  watch(account, load, { immediate: true });
  onScopeDispose(onDrafts(() => void load()));
  return { items, drop: dropDraft };
}
