/** The server's copies of drafts that are nothing else there yet: `/api/v1/drafts`. */
import { api, Problem, type Schemas } from "@lvyi/api";

import { queryClient } from "../network/cache";
import { setStored, getStored, storedNames } from "../storage";
import { isQueued } from "../outbox/queue";
import { useAccount } from "../session";
import { uuid } from "../uuid";
import { allDrafts, dropDraft, keepDraft, keyOf, picturesOf, readDraft, wordsOf, type Draft, type Name } from "./on-phone";
import type { OnServer } from "./types";

export type Saved = Schemas["DraftOut"];

/** What the server keeps as something of its own, and what it must not know. */
const OTHERS = ["proposal", "opinion", "report", "public-lead"];
/** What staff type at their desk stays there: kinds begin so. */
export const AT_DESK = "desk-";
export const DRAFTS_KEY = ["drafts"];

export const isOwn = ({ account, kind }: Name) => account > 0 && !OTHERS.includes(kind) && !kind.startsWith(AT_DESK);

const at = ({ kind, id }: Name) => ({ kind, key: id });
const saving = new Map<string, Promise<unknown>>(); // by name: a text is deleted after its last save, not before
const GONE = "gone/";

/** Everything that I am writing, on whatever phone. */
export async function listDrafts(): Promise<Schemas["DraftRow"][]> {
  await sweep();
  return (await api.GET("/api/v1/drafts")).data.items;
}

/** The server's copy of a draft, as `useDraft` takes it. */
export function ownCopy<T extends object>(draft: Draft<T>): OnServer<T, Saved> {
  async function get(): Promise<Saved | null> {
    if (draft.version === null) {
      const rows = await queryClient.fetchQuery({ queryKey: DRAFTS_KEY, queryFn: listDrafts, staleTime: 10_000 });
      if (!rows.some(({ kind, key }) => kind === draft.kind && key === draft.id)) return null;
    }
    const saved = await api.GET("/api/v1/drafts/{kind}/{key}", { params: { path: at(draft) } }).then(
      ({ data }) => data,
      (error: unknown) => {
        if (error instanceof Problem && error.status === 404) return null;
        throw error;
      },
    );
    if (!saved || !isLeaving(saved.text_id)) return saved;
    draft.version = saved.version; // is written over
    return null;
  }

  async function put(value: T, version: number): Promise<Saved> {
    await sweep();
    const body = {
      text_id: draft.text,
      title: [...draft.title].slice(0, 120).join("").replace(/[\ud800-\udbff]$/, ""),
      path: draft.route,
      words: wordsOf(value) as Record<string, never>,
      pictures: picturesOf(value).length || draft.elsewhere,
    };
    const params = { path: at(draft), header: { "if-match": `"${version}"` } };
    const request = api.PUT("/api/v1/drafts/{kind}/{key}", { params, body });
    saving.set(keyOf(draft), request.catch(() => undefined));
    try {
      return (await request).data;
    } catch (error) {
      if (!(error instanceof Problem && error.status === 412)) throw error;
      const current = error.current as Saved | null;
      if (current && !isLeaving(current.text_id)) throw error;
      if (!current && version === 0) throw error;
      if (!current) draft.text = uuid(); // sent or deleted on another phone: what was written since is another text
      return put(value, current?.version ?? 0);
    } finally {
      void queryClient.invalidateQueries({ queryKey: DRAFTS_KEY });
    }
  }

  return {
    get,
    put,
    value: ({ words }) => words as T,
    text: ({ text_id }) => text_id,
    pictures: ({ pictures }) => pictures,
  };
}

/** Whether a text waits to be sent, or was sent or given up here: the server's copy is no draft any more. */
export function isLeaving(text: string | null): boolean {
  return text !== null && (isQueued(text) || getStored(GONE + text) !== null);
}

/** A text was sent or given up: its copies go, here at once, on the server as soon as it can be reached. */
export async function forgetText(draft: Draft): Promise<void> {
  const isOnServer = draft.version !== null && isOwn(draft);
  if (isOnServer) setStored(GONE + draft.text, JSON.stringify({ account: draft.account, kind: draft.kind, id: draft.id }));
  const present = await readDraft(draft);
  if (present?.text === draft.text) await dropDraft(draft);
  if (isOnServer) await sweep().catch(() => undefined);
}

let sweeping: Promise<void> | null = null;

/** Deletes on the server what is gone here; throws when it cannot be reached. */
function sweep(): Promise<void> {
  sweeping ??= deleteGone().finally(() => (sweeping = null));
  return sweeping;
}

async function deleteGone(): Promise<void> {
  for (const name of storedNames(GONE)) {
    const gone = JSON.parse(getStored(name) ?? "null") as Name | null;
    if (gone?.account !== useAccount().value) continue;
    await saving.get(keyOf(gone));
    const query = { text_id: name.slice(GONE.length) };
    await api.DELETE("/api/v1/drafts/{kind}/{key}", { params: { path: at(gone), query } });
    setStored(name, null);
    void queryClient.invalidateQueries({ queryKey: DRAFTS_KEY });
  }
}

/** Names of drafts on the screen: their pages save them. */
export const openNames = new Set<string>();

/** Saves what was written without a connection and is on no screen; a conflict waits until it is opened. */
export async function syncDrafts(account: number): Promise<void> {
  await sweep();
  for (const draft of await allDrafts(account)) {
    if (!draft.dirty || !isOwn(draft) || openNames.has(keyOf(draft)) || isQueued(draft.text)) continue;
    try {
      const { version } = await ownCopy(draft as Draft<object>).put(draft.value as object, draft.version ?? 0);
      const present = await readDraft(draft);
      if (present?.editedAt === draft.editedAt) await keepDraft({ ...draft, version, dirty: false });
    } catch (error) {
      if (!(error instanceof Problem) || error.status === 401) throw error;
    }
  }
}
