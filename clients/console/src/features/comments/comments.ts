/** Opinion reports that were issued, as a leader reads and comments on them. */
import { useQuery } from "@tanstack/vue-query";
import { api, type Schemas } from "@lvyi/api";
import { day, queryClient } from "@lvyi/shared";
import { computed, type Ref } from "vue";
import { usePost } from "~/forms/write";
import { recount } from "~/frame/counts";
import { COMMENTED } from "~/features/opinions/columns";
import { type Column, DAY } from "~/list/columns";
import type { FilterField } from "~/list/filters";

export type Report = Schemas["OpinionOut"];
export type ReportRow = Schemas["OpinionRow"];
export type ReportAction = Report["actions"][number];

export const COLUMNS: Column<ReportRow>[] = [
  { key: "title", label: "题目", width: 320, grows: true, text: ({ title }) => title || "（无题）" },
  { key: "issued_at", label: "签发", width: DAY, text: ({ issued_at }) => (issued_at ? day(issued_at) : "") },
  { key: "comments", label: "批示", width: 60, isNumber: true, text: ({ comment_count }) => String(comment_count || "") },
  { key: "author", label: "反映人", width: 110, text: ({ author_name }) => author_name ?? "" },
  { key: "tier", label: "到哪一级", width: 88, text: ({ tier_label }) => tier_label ?? "" },
  { key: "state", label: "状态", width: 88, isExtra: true, text: ({ state_label }) => state_label },
];
export const FIELDS: FilterField[] = [
  {
    key: "tier",
    label: "到哪一级",
    choices: [
      { value: "county", label: "区县" },
      { value: "city", label: "市级" },
      { value: "province", label: "省级" },
      { value: "national", label: "全国" },
    ],
  },
  COMMENTED,
];

const path = (id: number) => ({ params: { path: { report_id: id } } });

export function useReport(id: Ref<number>) {
  return useQuery({
    queryKey: computed(() => ["opinions", "one", id.value]),
    queryFn: async () => (await api.GET("/api/v1/opinions/{report_id}", path(id.value))).data,
  });
}

export function useReportTrack(id: Ref<number>) {
  return useQuery({
    queryKey: computed(() => ["opinions", "track", id.value]),
    queryFn: async () => (await api.GET("/api/v1/opinions/{report_id}/track", path(id.value))).data,
  });
}

export function refresh(): void {
  void queryClient.invalidateQueries({ queryKey: ["opinions"] });
  recount();
}

/** Runs a step; asked again after a lost answer it is not done twice. */
export function useStep() {
  const run = usePost();
  return (id: number, body: object): Promise<unknown> => run(`opinions/${id}/transitions`, body).finally(refresh);
}
