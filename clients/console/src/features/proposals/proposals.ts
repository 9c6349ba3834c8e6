/** Proposals at the desk: what is read of them, and the steps of the secretariat. */
import { useQuery } from "@tanstack/vue-query";
import { api, post, Problem, type Schemas } from "@lvyi/api";
import { queryClient, uuid } from "@lvyi/shared";
import { computed, type Ref } from "vue";
import { recount } from "~/frame/counts";

export type Proposal = Schemas["ProposalOut"];
export type ProposalRow = Schemas["ProposalRow"];
export type ProposalAction = Schemas["ProposalsActionOut"];

const keyOf = (id: number) => ["proposals", "one", id];

export function useProposal(id: Ref<number>) {
  return useQuery({
    queryKey: computed(() => keyOf(id.value)),
    queryFn: async ({ signal }) => (await api.GET("/api/v1/proposals/{proposal_id}", { params: { path: { proposal_id: id.value } }, signal })).data,
  });
}

export function useTrack(id: Ref<number>) {
  return useQuery({
    queryKey: computed(() => ["proposals", "track", id.value]),
    queryFn: async ({ signal }) =>
      (await api.GET("/api/v1/proposals/{proposal_id}/track", { params: { path: { proposal_id: id.value } }, signal })).data,
  });
}

/** Everything that shows proposals is asked anew. */
export function refresh(): void {
  void queryClient.invalidateQueries({ queryKey: ["proposals"] });
  recount();
}

/** Runs a step; asked again after a lost answer it is not done twice. */
export function useStep() {
  let key = uuid();
  return async (id: number, body: Schemas["ProposalsTransitionIn"]): Promise<Proposal> => {
    try {
      const proposal = (await post(`/api/v1/proposals/${id}/transitions`, body, key)) as Proposal;
      key = uuid();
      queryClient.setQueryData(keyOf(id), proposal);
      return proposal;
    } catch (error) {
      if (error instanceof Problem) key = uuid(); // it was answered: the next try is another one
      throw error;
    } finally {
      refresh();
    }
  };
}

/** Undoes the newest step of a proposal. */
export async function undo(id: number): Promise<void> {
  const path = { proposal_id: id };
  const { data: track } = await api.GET("/api/v1/proposals/{proposal_id}/track", { params: { path } });
  if (track.undoable) await api.POST("/api/v1/proposals/{proposal_id}/undo", { params: { path }, body: { step_id: track.undoable, reason: "误操作，撤销。" } });
  refresh();
}

/** By what a proposal is known: 第 12 号, with the session when lists mix them. */
export const numberOf = ({ number }: Pick<ProposalRow, "number">) => (number ? `第 ${number} 号` : "");
