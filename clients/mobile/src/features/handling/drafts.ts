/** A rating, a dispute about a talk and a note of supervision while they are written, and their sending. */
import { today } from "@lvyi/shared";
import { useDraft, type OpenDraft } from "@lvyi/shared/drafts";
import { RATING, ratingId, ratingRoute, type Grade, type Stage } from "./handling";

export interface RatingDraft {
  attitude: Grade | null;
  result: Grade | null;
  remark: string;
  private_remark: string;
}

/** My rating of a unit's reply while I make up my mind, and its sending. */
export function useRatingDraft(
  proposal: number,
  reply: number,
  stage: Stage,
  unit: () => string | undefined,
): { draft: OpenDraft<RatingDraft>; rate: () => Promise<unknown> } {
  const title = () => `${stage > 1 ? "再次评价" : "评价"}${unit() ?? "办理"}`;
  const draft = useDraft<RatingDraft>(RATING, ratingId(reply, stage), {
    empty: { attitude: null, result: null, remark: "", private_remark: "" },
    route: ratingRoute(proposal, reply, stage),
    title,
  });

  function rate(): Promise<unknown> {
    const { attitude, result, remark, private_remark } = draft.value;
    return draft.send({
      method: "PUT",
      path: `/api/v1/proposals/${proposal}/replies/${reply}/rating`,
      body: { stage, attitude, result, remark: remark.trim() || null, private_remark: private_remark.trim() || null },
      label: title(),
      invalidates: [["proposals"], ["waiting"], ["duty"]],
    });
  }

  return { draft, rate };
}

/** Why I do not agree with the record of a talk. */
export interface DisputeDraft {
  reason: string;
}

export function useDisputeDraft(proposal: number, talk: number, unit: () => string | undefined): {
  draft: OpenDraft<DisputeDraft>;
  dispute: () => Promise<unknown>;
} {
  const title = () => `对${unit() ?? "承办单位"}沟通记录的异议`;
  const draft = useDraft<DisputeDraft>("dispute", talk, {
    empty: { reason: "" },
    route: `/proposals/${proposal}/dispute/${talk}`,
    title,
  });

  function dispute(): Promise<unknown> {
    return draft.send({
      path: `/api/v1/proposals/${proposal}/consultations/${talk}/transitions`,
      body: { action: "dispute_talk", reason: draft.value.reason.trim() },
      label: title(),
      invalidates: [["proposals"]],
    });
  }

  return { draft, dispute };
}

/** What I saw of a key proposal that I look after; `heldOn` empty means today. */
export interface InspectionDraft {
  heldOn: string;
  body: string;
}

export function useInspectionDraft(proposal: number, title: () => string | undefined): {
  draft: OpenDraft<InspectionDraft>;
  record: () => Promise<unknown>;
} {
  const label = () => `督办记录：${title() ?? ""}`;
  const draft = useDraft<InspectionDraft>("inspection", proposal, {
    empty: { heldOn: "", body: "" },
    route: `/proposals/${proposal}/inspect`,
    title: label,
  });

  function record(): Promise<unknown> {
    const { heldOn, body } = draft.value;
    return draft.send({
      path: `/api/v1/proposals/${proposal}/inspections`,
      body: { held_on: heldOn || today(), body: body.trim() },
      label: label(),
      invalidates: [["proposals"]],
    });
  }

  return { draft, record };
}
