/** The reply of a unit while it is written: on this machine at once, on the server some seconds later. */
import { api, type Schemas } from "@lvyi/api";
import { useDraft, type OpenDraft } from "@lvyi/shared/drafts";
import { shallowRef, type ShallowRef } from "vue";
import { readHandling, type Assignment, type Reply } from "~/features/handling/handling";

type Body = Schemas["UnitReplyIn"];
export interface ReplyText {
  body: string;
  result_class: Reply["result_class"];
  asked: number | null;
  adopted: number | null;
  commitment: string;
  commitment_due_on: string;
  contact: string;
}

export const blankReply: ReplyText = {
  body: "",
  result_class: null,
  asked: null,
  adopted: null,
  commitment: "",
  commitment_due_on: "",
  contact: "",
};

export function textOf(reply: Reply): ReplyText {
  const { body, result_class, asked, adopted, commitment, commitment_due_on, contact } = reply;
  return { body, result_class, asked, adopted, commitment: commitment ?? "", commitment_due_on: commitment_due_on ?? "", contact: contact ?? "" };
}

/** What the server takes: nothing where nothing was written. */
export function sentOf(text: ReplyText): Body {
  const { commitment, commitment_due_on, contact } = text;
  return { ...text, commitment: commitment.trim() || null, commitment_due_on: commitment_due_on || null, contact: contact.trim() || null };
}

const pathOf = (proposal: number, { id }: Assignment) => ({ proposal_id: proposal, assignment_id: id });

export interface ReplyDraft {
  draft: OpenDraft<ReplyText>;
  /** The reply as the server has it; null before the first save. */
  saved: ShallowRef<Reply | null>;
  attach: (keys: string[]) => Promise<void>;
}

export function useReplyDraft(proposal: number, assignment: Assignment, round: number, title: () => string): ReplyDraft {
  const saved = shallowRef<Reply | null>(null);

  async function get(): Promise<Reply | null> {
    const { replies } = await readHandling(proposal);
    saved.value = replies.find((one) => one.assignment_id === assignment.id && one.round === round && !one.submitted_at) ?? null;
    return saved.value;
  }
  async function put(text: ReplyText, version: number): Promise<Reply> {
    const params = { path: pathOf(proposal, assignment), header: { "if-match": `"${version}"` } };
    const answer = await api.PUT("/api/v1/proposals/{proposal_id}/assignments/{assignment_id}/reply", { params, body: sentOf(text) });
    return (saved.value = answer.data);
  }
  async function attach(keys: string[]): Promise<void> {
    const params = { path: pathOf(proposal, assignment) };
    const answer = await api.PUT("/api/v1/proposals/{proposal_id}/assignments/{assignment_id}/reply/attachments", { params, body: { keys } });
    saved.value = answer.data;
  }

  const draft = useDraft<ReplyText>("desk-unit-reply", `${assignment.id}-${round}`, {
    empty: blankReply,
    route: `/console/work/${proposal}`,
    title: () => `答复：${title()}`,
    server: { get, put, value: textOf },
  });
  return { draft, saved, attach };
}
