/** Projects that members carry out for people: those of mine, all others, and what was done in each. */
import { api, type Schemas } from "@lvyi/api";
import { queryClient, repeatable, usePages } from "@lvyi/shared";
import { useQuery } from "@tanstack/vue-query";
import { computed, type Ref } from "vue";

export type Project = Schemas["ProjectOut"];
export type ProjectRow = Schemas["ProjectRow"];
export type ProjectAction = ProjectRow["actions"][number];
export type Deed = Schemas["DeedOut"];

export function useProjects(mine: Ref<boolean>) {
  return usePages(
    computed(() => ["projects", "list", mine.value]),
    async (cursor, signal) => (await api.GET("/api/v1/projects", { params: { query: { mine: mine.value, cursor } }, signal })).data,
  );
}

export function useProject(id: number | undefined) {
  return useQuery({
    queryKey: ["projects", "one", id],
    queryFn: async ({ signal }) => (await api.GET("/api/v1/projects/{project_id}", { params: { path: { project_id: id! } }, signal })).data,
    enabled: id !== undefined,
  });
}

/** What was confirmed in it, the latest first. */
export function useDeeds(project_id: number) {
  return usePages(["projects", "deeds", project_id], async (cursor, signal) => (await api.GET("/api/v1/deeds", { params: { query: { project_id, cursor } }, signal })).data);
}

/** How much came of it. */
export function useSums(project_id: number) {
  return useQuery({
    queryKey: ["projects", "sums", project_id],
    queryFn: async ({ signal }) => (await api.GET("/api/v1/deeds/figures", { params: { query: { project_id } }, signal })).data.whole,
  });
}

/** What I handed in for it and staff have not yet confirmed. */
export function useWaiting(project_id: number) {
  return useQuery({
    queryKey: ["claims", "waiting", project_id],
    queryFn: async ({ signal }) => {
      const query = { project_id, state: "waiting", limit: 50 } as const;
      return (await api.GET("/api/v1/claims", { params: { query }, signal })).data.items;
    },
  });
}

/** Runs one of its actions; asked again after a lost answer it is not done twice. */
export function useStep() {
  return repeatable(async (key, { id, version }: Pick<Project, "id" | "version">, action: ProjectAction["action"], text?: string) => {
    const params = { path: { project_id: id }, header: { "if-match": `"${version}"`, "Idempotency-Key": key } };
    try {
      await api.POST("/api/v1/projects/{project_id}/transitions", { params, body: { action, text } });
    } finally {
      void queryClient.invalidateQueries({ queryKey: ["projects"] });
    }
  });
}

export const amountsOf = (measures: Schemas["DutyMeasureOut"][]) => measures.map(({ measure_label, text }) => `${measure_label} ${text}`).join("，");
