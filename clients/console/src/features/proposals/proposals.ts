/** Proposals at the desk: what is read of them, and the steps of the secretariat. */
import { useQuery } from "@tanstack/vue-query";
import { api, write, type Schemas } from "@lvyi/api";
import { queryClient, repeatable } from "@lvyi/shared";
import { computed, type Ref } from "vue";
import { recount } from "~/frame/counts";

export type Proposal = Schemas["ProposalOut"];
export type ProposalRow = Schemas["ProposalRow"];
export type ProposalAction = Schemas["ProposalActionOut"];
export type Handling = Schemas["HandlingOut"];

const keyOf = (id: number) => ["proposals", "one", id];
const at = (id: number) => ({ path: { proposal_id: id } });

export function useProposal(id: Ref<number>) {
  return useQuery({
    queryKey: computed(() => keyOf(id.value)),
    queryFn: async ({ signal }) => (await api.GET("/api/v1/proposals/{proposal_id}", { params: at(id.value), signal })).data,
  });
}

export function useTrack(id: Ref<number>) {
  return useQuery({
    queryKey: computed(() => ["proposals", "track", id.value]),
    queryFn: async ({ signal }) => (await api.GET("/api/v1/proposals/{proposal_id}/track", { params: at(id.value), signal })).data,
  });
}

export function useHandling(id: Ref<number>) {
  return useQuery({
    queryKey: computed(() => ["proposals", "handling", id.value]),
    queryFn: async ({ signal }) => (await api.GET("/api/v1/proposals/{proposal_id}/handling", { params: at(id.value), signal })).data,
  });
}

/** Earlier cases that read alike. */
export function useAlike(id: Ref<number>) {
  return useQuery({
    queryKey: computed(() => ["alike", id.value]),
    staleTime: 5 * 60_000,
    queryFn: async ({ signal }) => (await api.GET("/api/v1/library/proposals/{proposal_id}/duplicates", { params: at(id.value), signal })).data.items,
  });
}

export function useVersions(id: Ref<number>) {
  return useQuery({
    queryKey: computed(() => ["proposals", "versions", id.value]),
    queryFn: async ({ signal }) =>
      (await api.GET("/api/v1/proposals/{proposal_id}/versions", { params: { ...at(id.value), query: { limit: 50 } }, signal })).data.items,
  });
}

/** A text as it was saved, which never changes. */
export function useVersion(id: Ref<number>, version: Ref<number | null>) {
  return useQuery({
    queryKey: computed(() => ["proposal-version", id.value, version.value]),
    enabled: computed(() => version.value !== null),
    staleTime: Infinity,
    queryFn: async ({ signal }) =>
      (await api.GET("/api/v1/proposals/{proposal_id}/versions/{version}", { params: { path: { proposal_id: id.value, version: version.value! } }, signal })).data,
  });
}

/** Everything that shows proposals is asked anew. */
export function refresh(): void {
  void queryClient.invalidateQueries({ queryKey: ["proposals"] });
  recount();
}

/** Writes to a proposal; asked again after a lost answer it is not done twice. */
export function useWrite() {
  const run = repeatable((key, method: "POST" | "PUT", path: string, body: object) => write(method, `/api/v1/proposals/${path}`, body, key));
  return (method: "POST" | "PUT", path: string, body: object): Promise<unknown> => run(method, path, body).finally(refresh);
}

/** Undoes a step of a proposal, without one the newest. */
export async function undo(id: number, step?: number, reason = "误操作，撤销。"): Promise<void> {
  const newest = step ?? (await api.GET("/api/v1/proposals/{proposal_id}/track", { params: at(id) })).data.undoable;
  try {
    if (newest) await api.POST("/api/v1/proposals/{proposal_id}/undo", { params: at(id), body: { step_id: newest, reason } });
  } finally {
    refresh();
  }
}

/** By what a proposal is known: 第 12 号, with the session when lists mix them. */
export const numberOf = ({ number }: { number: number | null }) => (number ? `第 ${number} 号` : "");
