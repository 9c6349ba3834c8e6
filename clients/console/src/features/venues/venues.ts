/** Venues of consultation at the desk: the tree, who is posted where, and whether each is used. */
import { useQuery } from "@tanstack/vue-query";
import { api, type Schemas } from "@lvyi/api";
import { day, queryClient } from "@lvyi/shared";
import { computed, type Ref } from "vue";
import { seekSeats } from "~/features/members/members";
import type { Field, Values } from "~/forms/fields";
import { choicesOf, useCodes } from "~/list/codes";
import { cellDay, type Column, DAY } from "~/list/columns";
import type { Choice, FilterField } from "~/list/filters";

export type Venue = Schemas["VenueRow"];
export type VenueDetail = Schemas["VenueOut"];
type VenueIn = Schemas["VenueIn"];
type Stay = Schemas["VenueStayIn"];

export const LINKS: [string, string][] = [
  ["议事场所", "/venues"],
  ["协商情况", "/venues/figures"],
];

export function useVenue(id: Ref<number>) {
  return useQuery({
    queryKey: computed(() => ["venues", "one", id.value]),
    queryFn: async ({ signal }) => (await api.GET("/api/v1/venues/{venue_id}", { params: { path: { venue_id: id.value } }, signal })).data,
  });
}

export const refresh = (): Promise<void> => queryClient.invalidateQueries({ queryKey: ["venues"] });

/** Venues that are not closed, by some letters of the name. */
export async function seekVenues(q: string): Promise<Choice[]> {
  const { data } = await api.GET("/api/v1/venues", { params: { query: { q, current: true, limit: 20 } } });
  return data.items.map(({ id, name, parent }) => ({ value: String(id), label: parent ? `${name}（${parent}）` : name }));
}

async function seekConveners(q: string): Promise<Choice[]> {
  const { data } = await api.GET("/api/v1/venues/conveners", { params: { query: { q } } });
  return data.map(({ id, name, roles_label }) => ({ value: String(id), label: `${name}（${roles_label}）` }));
}

export async function edit({ id, version }: VenueDetail, body: VenueIn): Promise<void> {
  try {
    await api.PUT("/api/v1/venues/{venue_id}", { params: { path: { venue_id: id }, header: { "if-match": `"${version}"` } }, body });
  } finally {
    await refresh();
  }
}

export async function setHours({ id, version }: VenueDetail, opening_hours: string): Promise<void> {
  try {
    await api.PUT("/api/v1/venues/{venue_id}/opening-hours", { params: { path: { venue_id: id }, header: { "if-match": `"${version}"` } }, body: { opening_hours } });
  } finally {
    await refresh();
  }
}

export async function remove(id: number): Promise<void> {
  await api.DELETE("/api/v1/venues/{venue_id}", { params: { path: { venue_id: id } } });
  await refresh();
}

export async function setTargets(year: number, targets: Schemas["TargetsIn"]["targets"]): Promise<void> {
  await api.PUT("/api/v1/venues/targets/{year}", { params: { path: { year } }, body: { targets } });
  await refresh();
}

export const COLUMNS: Column<Venue>[] = [
  { key: "name", label: "场所", width: 240, grows: true, text: ({ name, depth }) => "　".repeat(depth) + name },
  { key: "level", label: "层级", width: 112, text: ({ level_label }) => level_label },
  { key: "kind", label: "类别", width: 128, text: ({ kind_label }) => kind_label },
  { key: "members", label: "派驻", width: 60, isNumber: true, text: ({ members }) => String(members) },
  { key: "held", label: "今年协商", width: 84, isNumber: true, text: ({ held, target }) => (target === null ? String(held) : `${held}/${target}`) },
  { key: "place", label: "地点", width: 160, isExtra: true, text: ({ place }) => place },
  { key: "convener", label: "召集人", width: 96, isExtra: true, text: ({ convener }) => convener },
  { key: "opening_hours", label: "开放时间", width: 140, isExtra: true, text: ({ opening_hours }) => opening_hours },
  { key: "is_public", label: "公开", width: 60, isExtra: true, text: ({ is_public }) => (is_public ? "公开" : "") },
  { key: "closed_on", label: "关闭", width: DAY, isExtra: true, text: ({ closed_on }) => (closed_on ? cellDay(closed_on) : "") },
];

/** What the list is narrowed by; the last come with the figures, and from a venue. */
export function useFields() {
  const { data: codes } = useCodes();
  return computed<FilterField[]>(() => [
    { key: "q", label: "名称里的字词", kind: "text" },
    { key: "level", label: "层级", choices: choicesOf(codes.value?.venue_levels) },
    { key: "kind", label: "类别", choices: choicesOf(codes.value?.venue_kinds) },
    { key: "reached", label: "目标", choices: [{ value: "true", label: "已达到" }, { value: "false", label: "未达到" }] },
    { key: "current", label: "现在", choices: [{ value: "true", label: "正在开放" }] },
    { key: "within", label: "下级", choices: [] },
    { key: "year", label: "年度", choices: [] },
  ]);
}

/** What is asked of a venue; who is posted there is asked apart. */
export function useEntry() {
  const { data: codes } = useCodes();
  return computed<Field[]>(() => [
    { key: "name", label: "名称", needed: true, maxLength: 50, hint: "同一上级下不重名" },
    { key: "level", label: "层级", kind: "choice", choices: choicesOf(codes.value?.venue_levels), needed: true },
    { key: "kind", label: "类别", kind: "choice", choices: choicesOf(codes.value?.venue_kinds), needed: true },
    { key: "parent_id", label: "上级场所（最上级的不填）", kind: "seek", find: seekVenues },
    { key: "place", label: "地点", maxLength: 120 },
    { key: "opening_hours", label: "开放时间", maxLength: 120, hint: "如 每周三上午" },
    { key: "convener_id", label: "召集人", kind: "seek", find: seekConveners, hint: "有账号的，可以自己修改开放时间" },
    { key: "convener_name", label: "召集人姓名（没有账号的）", maxLength: 50, when: ({ convener_id }) => !convener_id },
    { key: "is_public", label: "对外公开", kind: "check", hint: "公开的有一个网页，扫码就能看，不用登录" },
    { key: "closed_on", label: "关闭日期（还在使用的不填）", kind: "date" },
  ]);
}

export const bodyOf = (values: Values, members: Stay[]): VenueIn => ({
  ...(values as VenueIn),
  place: values.place ?? "",
  opening_hours: values.opening_hours ?? "",
  convener_name: values.convener_name ?? "",
  members,
});
export const initialOf = (one: VenueDetail): Values => ({
  ...one,
  parent_id: one.parent_id ? { value: String(one.parent_id), label: one.parent } : null,
  convener_id: one.convener_id ? { value: String(one.convener_id), label: one.convener } : null,
  convener_name: one.convener_id ? "" : one.convener,
});
export const staysOf = (one: VenueDetail): Stay[] => one.stays.map(({ seat_id, starts_on, ends_on }) => ({ seat_id, starts_on, ends_on }));
/** The venue as it is, with others posted there. */
export const withStays = (one: VenueDetail, members: Stay[]): VenueIn => {
  const { level, kind, name, parent_id, place, convener_id, opening_hours, is_public, closed_on } = one;
  return { level, kind, name, parent_id, place, convener_id, convener_name: convener_id ? "" : one.convener, opening_hours, is_public, closed_on, members };
};

export const POSTING: Field[] = [
  { key: "seat_ids", label: "派驻哪些委员", kind: "seeks", find: seekSeats, needed: true },
  { key: "starts_on", label: "从哪一天起（不填为今天）", kind: "date" },
];
export const DAYS: Field[] = [
  { key: "starts_on", label: "从哪一天起", kind: "date", needed: true },
  { key: "ends_on", label: "最后一天（还在派驻的不填）", kind: "date" },
];
export const HOURS: Field[] = [{ key: "opening_hours", label: "开放时间", maxLength: 120, hint: "如 每周三上午" }];
export const span = (starts_on: string, ends_on: string | null): string => `${day(starts_on)}起${ends_on ? `，到${day(ends_on)}` : ""}`;
