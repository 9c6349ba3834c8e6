/** How proposals are handled: what units and leaders read of it, and what they do. */
import { useQuery } from "@tanstack/vue-query";
import { api, type Schemas } from "@lvyi/api";
import { queryClient, useLive } from "@lvyi/shared";
import { computed, type Ref } from "vue";
import { usePost as usePostOnce } from "~/forms/write";
import { refresh } from "~/features/proposals/proposals";

export { deadlineTone, deadlineWords } from "./words";
export type Handling = Schemas["HandlingOut"];
export type Assignment = Schemas["AssignmentOut"];
export type Deadline = Schemas["DeadlineOut"];
export type Talk = Schemas["ConsultationOut"];
export type Reply = Schemas["UnitReplyOut"];
export type Commitment = Schemas["CommitmentOut"];

export const handlingKey = (id: number) => ["proposals", "handling", id];

export async function readHandling(id: number): Promise<Handling> {
  return (await api.GET("/api/v1/proposals/{proposal_id}/handling", { params: { path: { proposal_id: id } } })).data;
}

export function useHandling(id: Ref<number>) {
  return useQuery({ queryKey: computed(() => handlingKey(id.value)), queryFn: () => readHandling(id.value) });
}

/** Posts; asked again after a lost answer it is not done twice. Everything that shows proposals is asked anew. */
export function usePost() {
  const run = usePostOnce();
  return (path: string, body: object): Promise<unknown> => run(path, body).finally(refresh);
}

/** Takes a handling that was just answered, so that the screen does not wait for it. */
export function keepHandling(id: number, handling: unknown): void {
  queryClient.setQueryData(handlingKey(id), handling as Handling);
}

/** What happens to a proposal while units handle it. */
export const EVENTS = [
  ...["sign", "request_return", "accept_return", "refuse_return", "start_handling", "submit_reply", "send_back"],
  ...["approve_reply", "withdraw_assignment", "consult", "confirm_talk", "dispute_talk", "uphold_dispute", "dismiss_dispute"],
  ...["remind", "extend", "undo", "inspect", "supervise", "rate", "close", "rehandle"],
].map((name) => `proposal.${name}`);
const PROMISES = ["progress", "kept", "postponed", "dropped"].map((name) => `commitment.${name}`);

/** Asks for a proposal anew as others work on it. */
export function useLiveHandling(id: number): void {
  const names = [...EVENTS, ...PROMISES].map((name) => [`proposal:${id}/${name}`, refresh]);
  useLive({ reset: refresh, ...(Object.fromEntries(names) as Record<string, () => void>) });
}

/** A supervision month: 2026年6月, of its first day. */
export function monthName(month: string): string {
  const [year, number] = month.split("-");
  return `${year}年${Number(number)}月`;
}

/** 第 12 号, where there is a number. */
export const numbered = ({ number, window_name }: { number: number | null; window_name: string | null }) =>
  number ? `${window_name ?? ""}第 ${number} 号` : "";
