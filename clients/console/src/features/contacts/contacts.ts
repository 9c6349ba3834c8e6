/** Contacts at the desk: who looks after whom, and who was visited in a duty year. */
import { useQuery } from "@tanstack/vue-query";
import { api, type Schemas } from "@lvyi/api";
import { day, queryClient } from "@lvyi/shared";
import { computed, type Ref } from "vue";
import { seekSeats } from "~/features/members/members";
import type { Field, Values } from "~/forms/fields";
import { cellDay, type Column, DAY } from "~/list/columns";
import type { Choice, FilterField } from "~/list/filters";

export type Contact = Schemas["ContactOut"];

const KINDS: Record<Contact["kind"], string> = { member: "委员", company: "企业", village: "村（社区）", resident: "群众代表" };
const KIND_CHOICES: Choice[] = Object.entries(KINDS).map(([value, label]) => ({ value, label }));

export const LINKS: [string, string][] = [
  ["联系对象", "/contacts"],
  ["走访覆盖", "/contacts/coverage"],
];

export function useContact(id: Ref<number>) {
  return useQuery({
    queryKey: computed(() => ["contacts", "one", id.value]),
    queryFn: async ({ signal }) => (await api.GET("/api/v1/contacts/{contact_id}", { params: { path: { contact_id: id.value } }, signal })).data,
  });
}

/** What members wrote of their visits there, newest first. */
export function useVisits(contact_id: number) {
  return useQuery({
    queryKey: ["contacts", "visits", contact_id],
    queryFn: async ({ signal }) => (await api.GET("/api/v1/visits", { params: { query: { contact_id, limit: 50 } }, signal })).data.items,
  });
}

export const refresh = (): Promise<void> => queryClient.invalidateQueries({ queryKey: ["contacts"] });

export async function edit({ id, version }: Contact, body: Schemas["ContactIn"]): Promise<void> {
  try {
    await api.PUT("/api/v1/contacts/{contact_id}", { params: { path: { contact_id: id }, header: { "if-match": `"${version}"` } }, body });
  } finally {
    await refresh();
  }
}

export async function remove(id: number): Promise<void> {
  await api.DELETE("/api/v1/contacts/{contact_id}", { params: { path: { contact_id: id } } });
  await refresh();
}

export const COLUMNS: Column<Contact>[] = [
  { key: "member", label: "联系委员", width: 96, text: ({ member }) => member },
  { key: "kind", label: "类别", width: 96, text: ({ kind_label }) => kind_label },
  { key: "name", label: "联系对象", width: 200, grows: true, text: ({ name }) => name },
  { key: "place", label: "地点", width: 160, text: ({ place }) => place },
  { key: "visited", label: "今年", width: 84, text: ({ visited }) => (visited ? "已走访" : "未走访") },
  { key: "last_visited_on", label: "最近走访", width: DAY, text: ({ last_visited_on }) => (last_visited_on ? cellDay(last_visited_on) : "") },
  { key: "sector", label: "界别", width: 120, isExtra: true, text: ({ sector }) => sector },
  { key: "starts_on", label: "起止", width: 200, isExtra: true, text: ({ starts_on, ends_on }) => `${day(starts_on)} 起${ends_on ? `，至 ${day(ends_on)}` : ""}` },
];

/** What the list is narrowed by; the last four come with the figures of the coverage. */
export const FILTERS: FilterField[] = [
  { key: "q", label: "名称、地点里的字词", kind: "text" },
  { key: "visited", label: "今年", choices: [{ value: "true", label: "已走访" }, { value: "false", label: "未走访" }] },
  { key: "kind", label: "类别", choices: KIND_CHOICES },
  { key: "current", label: "现在", choices: [{ value: "true", label: "正在联系" }] },
  { key: "seat_id", label: "委员", choices: [] },
  { key: "sector_id", label: "界别", choices: [] },
  { key: "committee_id", label: "专委会", choices: [] },
  { key: "year", label: "年度", choices: [] },
];

const ofMember = ({ kind }: Values) => kind === "member";
/** What is asked of a contact; the member and the kind stay once it was visited. */
export const ENTRY: Field[] = [
  { key: "seat_id", label: "联系委员", kind: "seek", find: seekSeats, needed: true },
  { key: "kind", label: "类别", kind: "choice", choices: KIND_CHOICES, needed: true },
  { key: "party_seat_id", label: "联系哪位委员", kind: "seek", find: seekSeats, needed: true, when: ofMember },
  { key: "name", label: "名称", needed: true, maxLength: 60, hint: "企业、村（社区）的全称，群众代表的姓名", when: (values) => !ofMember(values) },
  { key: "place", label: "地点", maxLength: 120, when: (values) => !ofMember(values) },
  { key: "starts_on", label: "从哪一天起（不填为今天）", kind: "date" },
  { key: "ends_on", label: "最后一天（还在联系的不填）", kind: "date" },
];
export const bodyOf = (values: Values): Schemas["ContactIn"] => ({ ...(values as Schemas["ContactIn"]), name: values.name ?? "", place: values.place ?? "" });
export const initialOf = (one: Contact): Values => ({
  ...one,
  seat_id: { value: String(one.seat_id), label: one.member },
  party_seat_id: one.party_seat_id ? { value: String(one.party_seat_id), label: one.name } : null,
});
