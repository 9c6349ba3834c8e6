import { api, type Schemas } from "@lvyi/api";
import { useQuery } from "@tanstack/vue-query";
import { computed, onScopeDispose, shallowRef, watch, type ComputedRef } from "vue";

import { queryClient } from "../network/cache";
import { isQueued } from "../outbox/queue";
import { useAccount, useSession } from "../session";
import { allDrafts, dropDraft, onDrafts, picturesOf, type Draft } from "./on-phone";
import { AT_DESK, DRAFTS_KEY, forgetText, isLeaving, isOwn, listDrafts } from "./own-copy";

type Row = Schemas["DraftRow"];

/** A draft in the list: on this phone, on the server, or on both. */
export interface Listed {
  name: string;
  title: string;
  route: string;
  editedAt: number;
  /** What the phone that wrote it last calls itself; null when only this phone has it as it is. */
  device: string | null;
  /** How many of its pictures lie on another phone. */
  elsewhere: number;
  here?: Draft;
  row?: Row;
}

/** My drafts, on this phone and on others, the last edited first. */
export function useDrafts(): { items: ComputedRef<Listed[]>; drop: (listed: Listed) => Promise<void> } {
  const account = useAccount();
  const here = shallowRef<Draft[]>([]);
  const load = async () => (here.value = (await allDrafts(account.value)).filter(({ kind }) => !kind.startsWith(AT_DESK)));
  watch(account, load, { immediate: true });
  onScopeDispose(onDrafts(() => void load()));
  const enabled = () => account.value > 0 && useSession().signedIn.value;
  const { data } = useQuery({ queryKey: DRAFTS_KEY, queryFn: listDrafts, enabled, refetchOnMount: "always" }, queryClient);
  const items = computed(() => merge(here.value, data.value));
  return { items, drop };
}

function merge(here: Draft[], rows: Row[] | undefined): Listed[] {
  const onServer = new Map((rows ?? []).filter(({ text_id }) => !isLeaving(text_id)).map((row) => [`${row.kind}/${row.key}`, row]));
  const listed: Listed[] = [];
  for (const draft of here) {
    if (isQueued(draft.text)) continue;
    const name = nameOf(draft);
    const row = onServer.get(name);
    onServer.delete(name);
    if (!row && rows && !draft.dirty && isOwn(draft) && draft.version) continue; // sent or deleted on another phone
    listed.push(ofBoth(name, draft, row));
  }
  for (const [name, row] of onServer) listed.push(ofRow(name, row));
  return listed.sort((one, other) => other.editedAt - one.editedAt);
}

/** By what the server calls it: a text that was begun on this phone may have an id there. */
function nameOf({ kind, id, value }: Draft): string {
  return `${kind}/${id === "new" ? ((value as { id?: number | null }).id ?? id) : id}`;
}

function ofBoth(name: string, draft: Draft, row: Row | undefined): Listed {
  const elsewhere = Math.max(0, (row?.pictures ?? 0) - picturesOf(draft.value).length);
  const { title, route, editedAt } = draft;
  if (row && !draft.dirty) return { ...ofRow(name, row), route, elsewhere, here: draft };
  return { name, title, route, editedAt, device: null, elsewhere, here: draft, row };
}

function ofRow(name: string, row: Row): Listed {
  const { title, device, pictures, edited_at } = row;
  const route = row.path ?? `/${row.kind}s/${row.key}/edit`;
  return { name, title, route, editedAt: Date.parse(edited_at), device, elsewhere: pictures, row };
}

/** Deletes a draft everywhere. */
async function drop({ here, row }: Listed): Promise<void> {
  const id = Number(row?.key);
  if (row?.kind === "proposal") await api.DELETE("/api/v1/proposals/{proposal_id}", { params: { path: { proposal_id: id } } });
  else if (row?.kind === "opinion") await api.DELETE("/api/v1/opinions/{report_id}", { params: { path: { report_id: id } } });
  else if (row?.text_id) {
    const { kind, key, text_id, version } = row;
    const account = useAccount().value;
    await forgetText({ ...(here as Draft), account, kind, id: key, text: text_id, version });
  }
  if (here) {
    await dropDraft(here);
    await forgetText(here);
  }
  await queryClient.invalidateQueries({ queryKey: DRAFTS_KEY });
}
