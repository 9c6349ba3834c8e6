/** Projects at the desk, the deeds that were confirmed in them, and who took part. */
import { useQuery } from "@tanstack/vue-query";
import { api, type Schemas } from "@lvyi/api";
import { day, queryClient, usePages, uuid } from "@lvyi/shared";
import type { LocationQuery } from "vue-router";
import { computed, type Ref } from "vue";
import { seekSeats } from "~/features/members/members";
import type { Field, Values } from "~/forms/fields";
import { screenOf } from "~/frame/addresses";
import { cellDay, type Column, DAY } from "~/list/columns";
import type { Choice, FilterField } from "~/list/filters";

export type Project = Schemas["ProjectOut"];
export type ProjectRow = Schemas["ProjectRow"];
export type ProjectAction = ProjectRow["actions"][number];
type Measure = Schemas["MeasureChoice"];

export const LINKS: [string, string][] = [
  ["项目", "/projects"],
  ["办实事统计", "/projects/figures"],
  ["实事清单", "/projects/deeds"],
  ["参加委员", "/projects/members"],
];

export function useProject(id: Ref<number>) {
  return useQuery({
    queryKey: computed(() => ["projects", "one", id.value]),
    queryFn: async ({ signal }) => (await api.GET("/api/v1/projects/{project_id}", { params: { path: { project_id: id.value } }, signal })).data,
  });
}

export function useSums(id: Ref<number>) {
  return useQuery({
    queryKey: computed(() => ["projects", "sums", id.value]),
    queryFn: async ({ signal }) => (await api.GET("/api/v1/deeds/figures", { params: { query: { project_id: id.value } }, signal })).data.whole,
  });
}

export function useCampaigns() {
  return useQuery({ queryKey: ["projects", "campaigns"], queryFn: async ({ signal }) => (await api.GET("/api/v1/projects/campaigns", { signal })).data });
}

/** Deeds as rows, narrowed as the address says. */
export function useDeeds(query: Ref<LocationQuery>) {
  return usePages(
    computed(() => ["projects", "deeds", query.value]),
    async (cursor, signal) => {
      const { data } = await api.GET("/api/v1/deeds", { params: { query: { ...query.value, cursor, limit: 100 } }, signal });
      const note = ({ members, on, project }: Schemas["DeedOut"]) => [day(on), members.map(({ name }) => name).join("、"), project].join(" · ");
      return { ...data, items: data.items.map((one) => ({ key: String(one.id), title: one.title, note: note(one), figure: amountsOf(one.measures), to: `/projects/${one.project_id}` })) };
    },
  );
}

/** Who took part in them. */
export function useDeedMembers(query: Ref<LocationQuery>) {
  return usePages(
    computed(() => ["projects", "members", query.value]),
    async (cursor, signal) => {
      const { data } = await api.GET("/api/v1/deeds/members", { params: { query: { ...query.value, cursor, limit: 100 } }, signal });
      return { ...data, items: data.items.map((one) => ({ key: String(one.seat_id), title: one.name, note: one.sector, figure: `${one.deeds} 件`, to: screenOf(one.path) })) };
    },
  );
}

export const amountsOf = (measures: Schemas["DutyMeasureOut"][]) => measures.map(({ measure_label, text }) => `${measure_label} ${text}`).join("，");
export const refresh = (): Promise<void> => queryClient.invalidateQueries({ queryKey: ["projects"] });

export async function edit({ id, version }: Project, body: Schemas["ProjectIn"]): Promise<void> {
  try {
    await api.PUT("/api/v1/projects/{project_id}", { params: { path: { project_id: id }, header: { "if-match": `"${version}"` } }, body });
  } finally {
    await refresh();
  }
}

/** Runs a step on the version that was seen; asked again with the same key after a lost answer it is not done twice. */
export async function step({ id, version }: Pick<Project, "id" | "version">, body: Schemas["ProjectStepIn"], key = uuid()): Promise<Project> {
  const header = { "if-match": `"${version}"`, "Idempotency-Key": key };
  try {
    return (await api.POST("/api/v1/projects/{project_id}/transitions", { params: { path: { project_id: id }, header }, body })).data;
  } finally {
    await refresh();
  }
}

export const COLUMNS: Column<ProjectRow>[] = [
  { key: "title", label: "项目", width: 280, grows: true, text: ({ title }) => title },
  { key: "state", label: "状态", width: 84, text: ({ state_label }) => state_label },
  { key: "campaign", label: "活动", width: 110, text: ({ campaign }) => campaign },
  { key: "body", label: "承担单位", width: 140, text: ({ body }) => body ?? "" },
  { key: "leader", label: "牵头", width: 84, text: ({ leader }) => leader ?? "" },
  { key: "place", label: "地点", width: 120, isExtra: true, text: ({ place }) => place },
  { key: "starts_on", label: "开始", width: DAY, isExtra: true, text: ({ starts_on }) => cellDay(starts_on) },
  { key: "ends_on", label: "截止", width: DAY, isExtra: true, text: ({ ends_on }) => (ends_on ? cellDay(ends_on) : "") },
];

export const filtersOf = (campaigns: Schemas["CampaignOut"][] | undefined): FilterField[] => [
  { key: "q", label: "名称、活动、地点里的字词", kind: "text" },
  { key: "campaign", label: "活动", choices: (campaigns ?? []).map(({ name }) => ({ value: name, label: name })) },
  { key: "state", label: "状态", choices: [{ value: "open", label: "进行中" }, { value: "closed", label: "已结束" }, { value: "cancelled", label: "已撤销" }] },
  { key: "body_id", label: "承担单位", choices: [] },
  { key: "place", label: "地点", choices: [] },
];

async function seekBodies(q: string): Promise<Choice[]> {
  const { data } = await api.GET("/api/v1/bodies");
  return data.filter(({ name }) => name.includes(q)).map(({ id, name }) => ({ value: String(id), label: name }));
}

/** What is asked of a project; `targets` are the measures of deeds. */
export const entryOf = (campaigns: Schemas["CampaignOut"][] | undefined, targets: Measure[]): Field[] => [
  { key: "title", label: "项目名称", needed: true, maxLength: 120 },
  { key: "campaign", label: "属于哪项活动", needed: true, maxLength: 60, hint: campaigns?.length ? `已有：${campaigns.map(({ name }) => name).join("、")}；写新的名称就是新的活动` : "如双助、我为群众办实事" },
  { key: "body_id", label: "承担单位", kind: "seek", find: seekBodies, hint: "服务团、片区工作组等；它的成员都算参加" },
  { key: "leader_seat_id", label: "牵头委员", kind: "seek", find: seekSeats },
  { key: "member_ids", label: "其他参加委员", kind: "seeks", find: seekSeats },
  { key: "place", label: "地点", maxLength: 120 },
  { key: "starts_on", label: "从哪一天起", kind: "date", needed: true },
  { key: "ends_on", label: "到哪一天（没有定的不填）", kind: "date" },
  { key: "plan", label: "实施计划", kind: "area", rows: 5, maxLength: 5000 },
  ...targets.map(({ code, label, unit }): Field => ({ key: code, label: `目标：${label}（${unit}）`, kind: "number" })),
];

export function bodyOf(values: Values, offered: Measure[]): Schemas["ProjectIn"] {
  const { title, campaign, body_id, leader_seat_id, member_ids, starts_on, ends_on } = values;
  const targets = Object.fromEntries(offered.filter(({ code }) => values[code]).map(({ code, per_unit }) => [code, Math.round(values[code] * per_unit)]));
  return { title, campaign, body_id, leader_seat_id, member_ids, starts_on, ends_on, place: values.place ?? "", plan: values.plan ?? "", targets };
}

export function initialOf(one: Project, offered: Measure[]): Values {
  const perUnit = Object.fromEntries(offered.map(({ code, per_unit }) => [code, per_unit]));
  return {
    ...one,
    body_id: one.body_id ? { value: String(one.body_id), label: one.body! } : null,
    leader_seat_id: one.leader_seat_id ? { value: String(one.leader_seat_id), label: one.leader! } : null,
    member_ids: one.members.map(({ seat_id, name }) => ({ value: String(seat_id), label: name })),
    ...Object.fromEntries(one.targets.map(({ measure, amount }) => [measure, amount / (perUnit[measure] ?? 1)])),
  };
}

/** The measures that deeds take; none until they have come. */
export const measuresOf = (choices: Schemas["Choices"] | undefined): Measure[] => (choices?.outside_measures ?? []).filter(({ kinds }) => kinds.includes("service.rendered"));
