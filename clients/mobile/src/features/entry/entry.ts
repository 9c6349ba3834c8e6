/** What staff enter for others: papers of members and bodies, and leads of those who call or write. */
import { now, post, type Schemas } from "@lvyi/api";
import { queryClient, repeatable } from "@lvyi/shared";

type Named = { id: number; name: string };
export type EntryKind = "proposal" | "opinion" | "lead";

export interface Entry {
  kind: Schemas["EntryIn"]["kind"];
  source: Schemas["LeadEntryIn"]["source"];
  author: Named[];
  cosigners: Named[];
  body_id: number | null;
  handed_in_by: string;
  handed_in_on: string;
  title: string;
  situation: string;
  suggestions: string;
  body: string;
  name: string;
  contact: string;
  publish_consent: boolean | null;
  publish_reason: string | null;
  suggested_unit_ids: number[];
  research: string | null;
  activity_ids: number[];
}

/** A local day as `2026-03-02`. */
export const today = () => new Date(now()).toLocaleDateString("sv");

export function blankEntry(): Entry {
  return {
    ...{ kind: "individual", source: "citizen", author: [], cosigners: [], body_id: null },
    ...{ handed_in_by: "", handed_in_on: today(), title: "", situation: "", suggestions: "" },
    ...{ body: "", name: "", contact: "" },
    ...{ publish_consent: null, publish_reason: null, suggested_unit_ids: [], research: null, activity_ids: [] },
  };
}

const PATHS = { proposal: "/api/v1/proposals/entered", opinion: "/api/v1/opinions/entered", lead: "/api/v1/leads/entered" };

/** What of an entry is sent as this kind. */
function bodyOf(kind: EntryKind, entry: Entry): object {
  const { author, cosigners, body_id, title, situation, suggestions, body, source } = entry;
  const paper = { handed_in_on: entry.handed_in_on, handed_in_by: entry.handed_in_by.trim() || null };
  const seat_id = author[0]?.id ?? null;
  if (kind === "opinion") return { ...paper, seat_id, body_id, title, body };
  if (kind === "lead") {
    const { name, contact } = entry;
    const isMember = source === "member";
    const who = isMember ? { seat_id } : { name: name.trim() || null, contact: contact.trim() || null };
    return { ...paper, ...who, source, body };
  }
  const named = entry.kind === "individual" ? [] : cosigners.map(({ id }) => id);
  const of = { kind: entry.kind, seat_id, body_id: entry.kind === "collective" ? body_id : null, cosigner_ids: named };
  const { publish_consent, publish_reason, suggested_unit_ids, research } = entry;
  const form = { publish_consent, publish_reason, suggested_unit_ids, research };
  return { ...paper, ...of, title, situation, suggestions, ...form };
}

/** Enters it; asked again after a lost answer it is still the same entry. */
export function useEntry(kind: EntryKind) {
  return repeatable(async (key, entry: Entry) => {
    const answer = await post(PATHS[kind], bodyOf(kind, entry), key);
    void queryClient.invalidateQueries({ queryKey: [`${kind}s`] });
    return answer as { id: number; code?: string | null };
  });
}
