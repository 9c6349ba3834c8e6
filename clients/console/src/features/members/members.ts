/** Members: seats over the terms, and the groups in which they sit. */
import { useQuery } from "@tanstack/vue-query";
import { api, type Schemas } from "@lvyi/api";
import { day, queryClient } from "@lvyi/shared";
import { computed, type Ref } from "vue";
import type { Field } from "~/forms/fields";
import { type Column, DAY } from "~/list/columns";
import type { Choice } from "~/list/filters";

export type Seat = Schemas["SeatOut"];
export type Body = Schemas["BodyOut"];
export type Group = Schemas["GroupOut"];

export const LINKS: [string, string][] = [
  ["名册", "/members"],
  ["参加单位", "/members/bodies"],
  ["界别", "/members/groups/sectors"],
  ["专委会", "/members/groups/committees"],
  ["届", "/members/groups/terms"],
  ["承办单位", "/members/groups/units"],
  ["重名核对", "/members/duplicates"],
];

export const refresh = (): Promise<void> => queryClient.invalidateQueries({ queryKey: ["people"] });
export const choice = ({ id, name }: { id: number; name: string }): Choice => ({ value: String(id), label: name });

export function useTerms() {
  return useQuery({ queryKey: ["people", "terms"], queryFn: async ({ signal }) => (await api.GET("/api/v1/terms", { signal })).data });
}

/** Sectors or committees of a term; none: of the present one. */
export function useGroups(kind: "sectors" | "committees", term: Ref<number | undefined>) {
  return useQuery({
    queryKey: computed(() => ["people", kind, term.value]),
    queryFn: async ({ signal }) => (await api.GET(`/api/v1/${kind}`, { params: { query: { term_id: term.value } }, signal })).data,
  });
}

export function useSeat(id: Ref<number>) {
  return useQuery({
    queryKey: computed(() => ["people", "seat", id.value]),
    queryFn: async ({ signal }) => (await api.GET("/api/v1/seats/{seat_id}", { params: { path: { seat_id: id.value } }, signal })).data,
  });
}

/** Members by some letters of the name. */
export async function seekSeats(q: string): Promise<Choice[]> {
  const { data } = await api.GET("/api/v1/seats", { params: { query: { q, limit: 20 } } });
  return data.items.map(({ id, name, sector }) => ({ value: String(id), label: `${name}（${sector}）` }));
}

export const POSTS: Choice[] = [
  { value: "member", label: "委员" },
  { value: "standing_member", label: "常务委员" },
  { value: "vice_chair", label: "副主席" },
  { value: "chair", label: "主席" },
  { value: "secretary_general", label: "秘书长" },
];
export const ENDS: Choice[] = [
  { value: "resigned", label: "辞去" },
  { value: "transferred", label: "调离" },
  { value: "removed", label: "撤销资格" },
  { value: "died", label: "去世" },
  { value: "term_over", label: "任期届满" },
];
const GENDER: Field = { key: "gender", label: "性别", kind: "choice", choices: ["男", "女"].map((value) => ({ value, label: value })) };

/** What a seat is, apart from the person. */
export const seatFields = (sectors: Choice[], committees: Choice[]): Field[] => [
  { key: "sector_id", label: "界别", kind: "choice", choices: sectors, needed: true },
  { key: "post", label: "职务", kind: "choice", choices: POSTS, needed: true },
  { key: "number", label: "委员证号", maxLength: 20 },
  { key: "employer", label: "工作单位和职务" },
  { key: "starts_on", label: "任职第一天", kind: "date" },
  { key: "committee_ids", label: "专委会", kind: "choices", choices: committees },
];
/** What is corrected of a person. */
export const PERSON: Field[] = [
  { key: "name", label: "姓名", needed: true, maxLength: 50 },
  { key: "phone", label: "手机号", kind: "tel", needed: true, maxLength: 20 },
  GENDER,
  { key: "born_on", label: "出生日期", kind: "date" },
];

export const COLUMNS: Column<Seat>[] = [
  { key: "name", label: "姓名", width: 96, text: ({ name }) => name },
  { key: "post", label: "职务", width: 90, text: ({ post_label }) => post_label },
  { key: "sector", label: "界别", width: 110, text: ({ sector }) => sector },
  { key: "employer", label: "工作单位和职务", width: 240, grows: true, text: ({ employer }) => employer ?? "" },
  { key: "state", label: "状态", width: 96, text: ({ current, end_kind_label }) => (current ? "在任" : (end_kind_label ?? "已离任")) },
  { key: "committees", label: "专委会", width: 150, text: ({ committees }) => committees.map(({ name }) => name).join("、") },
  { key: "number", label: "委员证号", width: 90, text: ({ number }) => number ?? "" },
  { key: "phone", label: "手机号", width: 120, isExtra: true, text: ({ phone }) => phone },
  { key: "gender", label: "性别", width: 60, isExtra: true, text: ({ gender }) => gender ?? "" },
  { key: "ends_on", label: "任期到", width: DAY, isExtra: true, text: ({ ends_on }) => day(ends_on) },
];
