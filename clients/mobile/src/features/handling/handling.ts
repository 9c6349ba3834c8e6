/** How proposals are handled: what is read of it, and the verbs of their signers and of leaders. */
import { useQuery } from "@tanstack/vue-query";
import { api, post, type Schemas } from "@lvyi/api";
import { day, queryClient, today, usePages, uuid } from "@lvyi/shared";
import { toValue, type MaybeRefOrGetter } from "vue";

export type Handling = Schemas["HandlingOut"];
export type Assignment = Schemas["AssignmentOut"];
export type Deadline = Schemas["DeadlineOut"];
export type Talk = Schemas["ConsultationOut"];
export type Reply = Schemas["UnitReplyOut"];
export type Rating = Schemas["RatingOut"];
export type RatingSum = Schemas["RatingSum"];
export type Commitment = Schemas["CommitmentOut"];
export type Grade = Rating["attitude"];
/** 1 after the reply, 2 after what it promised. */
export type Stage = 1 | 2;

export const GRADES: { code: Grade; label: string }[] = [
  { code: "satisfied", label: "满意" },
  { code: "basically", label: "基本满意" },
  { code: "dissatisfied", label: "不满意" },
];

export function useHandling(id: number) {
  return useQuery({
    queryKey: ["proposals", "handling", id],
    queryFn: async () => {
      const params = { path: { proposal_id: id } };
      return (await api.GET("/api/v1/proposals/{proposal_id}/handling", { params })).data;
    },
  });
}

/** Says that a talk was held as its unit recorded it. */
export async function confirmTalk(proposal: number, talk: number): Promise<void> {
  await post(`/api/v1/proposals/${proposal}/consultations/${talk}/transitions`, { action: "confirm_talk" }, uuid());
  await queryClient.invalidateQueries({ queryKey: ["proposals"] });
}

/** Deadlines of all proposals, soonest first; what has gone by from the latest. */
export function useDeadlines(state: MaybeRefOrGetter<"open" | "overdue">) {
  return usePages(
    () => ["proposals", "deadlines", toValue(state)],
    async (cursor, signal) => {
      const query = { state: toValue(state), cursor };
      return (await api.GET("/api/v1/proposal-deadlines", { params: { query }, signal })).data;
    },
  );
}

/** What replies promised: first what is due about now. */
export function useCommitments(filter: MaybeRefOrGetter<{ state?: Commitment["state"]; overdue?: boolean }>) {
  return usePages(
    () => ["proposals", "commitments", toValue(filter)],
    async (cursor, signal) => {
      const query = { ...toValue(filter), cursor };
      return (await api.GET("/api/v1/proposal-commitments", { params: { query }, signal })).data;
    },
  );
}

/** Replies that wait for my rating, the first ratings before the second ones. */
export function toRate({ to_rate, to_rate_again, replies }: Handling): { reply: Reply; stage: Stage }[] {
  const of = (ids: number[], stage: Stage) =>
    replies.filter(({ id }) => ids.includes(id)).map((reply) => ({ reply, stage }));
  return [...of(to_rate, 1), ...of(to_rate_again.filter((id) => !to_rate.includes(id)), 2)];
}

/** The names of a rating among drafts and in the outbox. */
export const RATING = "rating";
export const ratingId = (reply: number, stage: Stage) => `${reply}-${stage}`;
export const ratingRoute = (proposal: number, reply: number, stage: Stage) =>
  `/proposals/${proposal}/rate/${reply}${stage > 1 ? `?stage=${stage}` : ""}`;

/** How a deadline stands: 还有12个工作日, 今天到期, 已超期3个工作日, 3月2日完成 … */
export function deadlineWords({ state, starts_on, due_on, met_on, is_late, workdays_left }: Deadline): string {
  if (state === "lifted") return "已解除";
  if (state === "lapsed") return "期限已过";
  if (state === "met") return `${day(met_on!)}${is_late ? "超期" : ""}完成`;
  const left = workdays_left ?? 0;
  if (state === "overdue") return left ? `已超期${-left}个工作日` : "已超期";
  if (starts_on > today()) return `${day(starts_on)}开始`;
  if (due_on === today()) return "今天到期";
  return left ? `还有${left}个工作日` : `${day(due_on)}到期`;
}

/** A supervision month: 2026年6月, of `2026-06` or of its first day. */
export function monthName(month: string): string {
  const [year, number] = month.split("-");
  return `${year}年${Number(number)}月`;
}
