/** Proposals: what is read of them, and the verbs of their author and co-signers. */
import { useQuery } from "@tanstack/vue-query";
import { api, now, post, type Schemas } from "@lvyi/api";
import { queryClient, repeatable } from "@lvyi/shared";
import { computed } from "vue";

export type Proposal = Schemas["ProposalOut"];
export type ProposalRow = Schemas["ProposalRow"];
export type ProposalText = Required<Schemas["ProposalIn"]>;
export type Scope = "mine" | "cosigned" | "to_rate" | "supervised" | "filed";

const at = (id: number) => ({ proposal_id: id });
const keyOf = (id: number) => ["proposals", "one", id];

export async function read(id: number): Promise<Proposal> {
  return (await api.GET("/api/v1/proposals/{proposal_id}", { params: { path: at(id) } })).data;
}

/** Shows a proposal as the server just gave it, and lists anew. */
export function keep(proposal: Proposal): Proposal {
  queryClient.setQueryData(keyOf(proposal.id), proposal);
  void queryClient.invalidateQueries({ queryKey: ["proposals", "list"] });
  return proposal;
}

/** By what a proposal is known, for numbers begin anew with each session: 十六届二次会议第 12 号. */
export function numberOf({ window_name, number }: Pick<ProposalRow, "window_name" | "number">): string {
  return number ? `${window_name ?? ""}第 ${number} 号` : "";
}

export function useProposal(id: number) {
  return useQuery({ queryKey: keyOf(id), queryFn: () => read(id) });
}

export function useTrack(id: number) {
  return useQuery({
    queryKey: ["proposals", "track", id],
    queryFn: async () => (await api.GET("/api/v1/proposals/{proposal_id}/track", { params: { path: at(id) } })).data,
  });
}

/** The periods in which proposals may be submitted: the open one, or else the next that is known. */
export function useWindow() {
  const query = useQuery({
    queryKey: ["proposals", "windows"],
    queryFn: async () => (await api.GET("/api/v1/proposal-windows")).data.items,
  });
  const open = computed(() => query.data.value?.find((one) => one.is_open));
  const next = computed(() => [...(query.data.value ?? [])].reverse().find((one) => Date.parse(one.opens_at) > now()));
  return { ...query, open, next };
}

/** Runs a step of the life cycle; asked again after a lost answer it is not done twice. */
export function useSteps(id: number) {
  const run = repeatable((key, body: object) => post(`/api/v1/proposals/${id}/transitions`, body, key) as Promise<Proposal>);
  return (action: Schemas["ProposalActionOut"]["action"], reason?: string): Promise<Proposal> =>
    run({ action, reason }).finally(() => {
      void queryClient.invalidateQueries({ queryKey: ["proposals"] });
      void queryClient.invalidateQueries({ queryKey: ["waiting"] });
    });
}

/** Signs the text as it is shown here, or declines: another one is not signed. */
export async function answerInvitation({ id, version, attachments }: Proposal, accept: boolean): Promise<void> {
  const read = { version, attachments: attachments.map(({ key }) => key) };
  const body = { accept, ...(accept ? read : {}) };
  try {
    await api.PUT("/api/v1/proposals/{proposal_id}/signature", { params: { path: at(id) }, body });
  } finally {
    await queryClient.invalidateQueries({ queryKey: ["proposals"] });
  }
  void queryClient.invalidateQueries({ queryKey: ["waiting"] });
}

/** Asks members to sign, until a local day (`2026-03-02`). */
export async function inviteSigners(id: number, seats: number[], answerBy: string, key: string): Promise<void> {
  const body = { seat_ids: seats, answer_by: answerBy };
  keep((await post(`/api/v1/proposals/${id}/signers`, body, key)) as Proposal);
}

export async function uninviteSigner(id: number, seat: number): Promise<void> {
  const path = { ...at(id), seat_id: seat };
  await api.DELETE("/api/v1/proposals/{proposal_id}/signers/{seat_id}", { params: { path } });
  keep(await read(id));
}

/** Hangs exactly these files on my proposal. */
export async function attachFiles(id: number, keys: string[]): Promise<void> {
  const put = { params: { path: at(id) }, body: { keys } };
  keep((await api.PUT("/api/v1/proposals/{proposal_id}/attachments", put)).data);
}

/** Hangs one more on it. */
export async function attachFile(id: number, key: string): Promise<void> {
  const { attachments } = queryClient.getQueryData<Proposal>(keyOf(id)) ?? (await read(id));
  await attachFiles(id, [...attachments.map((file) => file.key), key]);
}

export async function deleteProposal(id: number): Promise<void> {
  await api.DELETE("/api/v1/proposals/{proposal_id}", { params: { path: at(id) } });
  await queryClient.invalidateQueries({ queryKey: ["proposals"] });
}
