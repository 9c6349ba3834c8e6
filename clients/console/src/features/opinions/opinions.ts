/** Opinion reports at the desk: what is read of them, and the steps of editors and leaders. */
import { useQuery } from "@tanstack/vue-query";
import { api, post, type Schemas } from "@lvyi/api";
import { queryClient, uuid } from "@lvyi/shared";
import { useDraft, type OpenDraft } from "@lvyi/shared/drafts";
import { computed, type Ref } from "vue";
import { usePost } from "~/forms/write";
import { recount } from "~/frame/counts";

export type Opinion = Schemas["OpinionOut"];
export type OpinionRow = Schemas["OpinionRow"];
export type OpinionAction = Schemas["OpinionActionOut"];
export type OpinionStep = Schemas["OpinionTransitionIn"];
export type OpinionText = Required<Schemas["OpinionIn"]>;
export type Tier = Schemas["Tier"];

export const TIERS: { value: Tier; label: string }[] = [
  { value: "county", label: "区县" },
  { value: "city", label: "市级" },
  { value: "province", label: "省级" },
  { value: "national", label: "全国" },
];

const at = (id: number) => ({ report_id: id });
const keyOf = (id: number) => ["opinions", "one", id];
const read = async (id: number, signal?: AbortSignal) => (await api.GET("/api/v1/opinions/{report_id}", { params: { path: at(id) }, signal })).data;

export function useOpinion(id: Ref<number>) {
  return useQuery({ queryKey: computed(() => keyOf(id.value)), queryFn: ({ signal }) => read(id.value, signal) });
}

export function useOpinionTrack(id: Ref<number>) {
  return useQuery({
    queryKey: computed(() => ["opinions", "track", id.value]),
    queryFn: async ({ signal }) => (await api.GET("/api/v1/opinions/{report_id}/track", { params: { path: at(id.value) }, signal })).data,
  });
}

/** The saved versions, newest first; those of the last hundred saves. */
export function useVersions(id: Ref<number>) {
  return useQuery({
    queryKey: computed(() => ["opinions", "versions", id.value]),
    queryFn: async ({ signal }) =>
      (await api.GET("/api/v1/opinions/{report_id}/versions", { params: { path: at(id.value), query: { limit: 100 } }, signal })).data.items,
  });
}

/** The text of one version, which never changes. */
export function useVersion(id: number, version: Ref<number | null>) {
  return useQuery({
    queryKey: computed(() => ["opinions", "versions", id, version.value]),
    enabled: computed(() => version.value !== null),
    staleTime: Infinity,
    queryFn: async ({ signal }) =>
      (await api.GET("/api/v1/opinions/{report_id}/versions/{version}", { params: { path: { report_id: id, version: version.value! } }, signal })).data,
  });
}

/** Combined reports in the hands of the editors, which others may join. */
export function useCombined(enabled: Ref<boolean>) {
  return useQuery({
    queryKey: ["opinions", "combined"],
    enabled,
    queryFn: async ({ signal }) =>
      (await api.GET("/api/v1/opinions", { params: { query: { scope: "desk", state: "editing", kind: "combined", limit: 50 } }, signal })).data.items,
  });
}

/** Everything that shows reports is asked anew. */
export function refresh(): void {
  void queryClient.invalidateQueries({ queryKey: ["opinions"] });
  recount();
}

/** The text of a report while it is edited, saved on the server as it is typed. */
export function useOpinionDraft(id: number): OpenDraft<OpinionText> {
  const keep = (opinion: Opinion) => {
    queryClient.setQueryData(keyOf(id), opinion);
    void queryClient.invalidateQueries({ queryKey: ["opinions", "versions", id], exact: true });
    return opinion;
  };
  return useDraft("opinion", id, {
    empty: { title: "", body: "" },
    route: `/console/opinions/${id}`,
    title: ({ title }) => title,
    server: {
      get: async () => keep(await read(id)),
      put: async (body, version) => {
        const params = { path: at(id), header: { "if-match": `"${version}"` } };
        return keep((await api.PUT("/api/v1/opinions/{report_id}", { params, body })).data);
      },
      value: ({ title, body }: Opinion) => ({ title, body }),
    },
  });
}

/** Runs a step; asked again after a lost answer it is not done twice. */
export function useStep() {
  const run = usePost<Opinion>();
  return async (id: number, body: OpinionStep): Promise<Opinion> => {
    const opinion = await run(`opinions/${id}/transitions`, body).finally(refresh);
    queryClient.setQueryData(keyOf(id), opinion);
    return opinion;
  };
}

/** Undoes the newest step of a report. */
export async function undo(id: number): Promise<void> {
  const { actions } = await read(id);
  const step = actions.find(({ action }) => action === "undo")?.step_id;
  try {
    if (step) await post(`/api/v1/opinions/${id}/transitions`, { action: "undo", step_id: step, reason: "误操作，撤销。" }, uuid());
  } finally {
    refresh();
  }
}

/** What was done, as the office says it. */
export function doneText({ state_label, issue_number, issue_year }: Opinion, action: OpinionAction): string {
  if (action.action === "issue" && issue_number) return `已签发，${issue_year}年第 ${issue_number} 期，已告知反映人。`;
  const stays = ["forward", "comment", "undo"].includes(action.action);
  return stays ? `已办理“${action.action_label}”，已告知反映人。` : `${state_label}，已告知反映人。`;
}
