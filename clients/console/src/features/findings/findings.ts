/** Suggestions at the desk: what is read of them, how they are written down, and the steps to what became of them. */
import { useQuery } from "@tanstack/vue-query";
import { api, type Schemas } from "@lvyi/api";
import { queryClient, uuid } from "@lvyi/shared";
import { computed, type Ref } from "vue";
import { seekSeats } from "~/features/members/members";
import type { Field, Values } from "~/forms/fields";
import { recount } from "~/frame/counts";
import { cellDay, type Column, DAY } from "~/list/columns";
import type { Choice, FilterField } from "~/list/filters";

export type Finding = Schemas["FindingOut"];
export type FindingRow = Schemas["FindingRow"];
export type FindingAction = FindingRow["actions"][number];
export type FindingIn = Schemas["FindingIn"];
export type Fate = NonNullable<FindingRow["fate"]>;

export const FATES: Record<Fate, string> = { adopted: "采纳", partly: "部分采纳", refused: "未采纳" };
export const SOURCES: Record<FindingRow["source"], string> = { topic: "网络议政", meeting: "会议活动", inspection: "视察调研", clause: "立法协商", output: "成果件", matter: "协商议题" };
const STATES = { noted: "待交办", sent: "待答复", answered: "待反馈", released: "已反馈", discarded: "不再交办" };
const keyOf = (id: number) => ["findings", "one", id];

export function useFinding(id: Ref<number>) {
  return useQuery({
    queryKey: computed(() => keyOf(id.value)),
    queryFn: async ({ signal }) => (await api.GET("/api/v1/findings/{finding_id}", { params: { path: { finding_id: id.value } }, signal })).data,
  });
}

/** How much of what was released is adopted. */
export function useAdoption() {
  return useQuery({
    queryKey: ["findings", "figures"],
    queryFn: async ({ signal }) => (await api.GET("/api/v1/findings/figures", { signal })).data,
  });
}

export function refresh(): void {
  void queryClient.invalidateQueries({ queryKey: ["findings"] });
  recount();
}

/** Runs a step on the version that was seen; asked again with the same key after a lost answer it is not done twice. */
export async function step({ id, version }: Pick<FindingRow, "id" | "version">, body: Schemas["FindingStepIn"], key = uuid()): Promise<Finding> {
  const header = { "if-match": `"${version}"`, "Idempotency-Key": key };
  try {
    const { data } = await api.POST("/api/v1/findings/{finding_id}/transitions", { params: { path: { finding_id: id }, header }, body });
    queryClient.setQueryData(keyOf(id), data);
    return data;
  } finally {
    refresh();
  }
}

/** Writes a suggestion down anew, on the version that was seen. */
export async function edit({ id, version }: Finding, body: FindingIn): Promise<void> {
  try {
    const params = { path: { finding_id: id }, header: { "if-match": `"${version}"` } };
    await api.PUT("/api/v1/findings/{finding_id}", { params, body });
  } finally {
    refresh();
  }
}

async function seek(kind: string, q: string): Promise<Choice[]> {
  if (!q) return [];
  const { data } = await api.GET("/api/v1/find", { params: { query: { q } } });
  const hits = data.items.filter((one) => one.kind === kind);
  return hits.map(({ path, label }) => ({ value: path.split("/").pop()!, label }));
}
async function seekUnits(q: string): Promise<Choice[]> {
  const { data } = await api.GET("/api/v1/units");
  return data.filter(({ name }) => name.includes(q)).map(({ id, name }) => ({ value: String(id), label: name }));
}
const choices = (labels: Record<string, string>) => Object.entries(labels).map(([value, label]) => ({ value, label }));

/** What is asked of a suggestion that is written down; one from a reply stays in its topic. */
export const ENTRY: Field[] = [
  { key: "source", label: "来源", kind: "choice", choices: choices(SOURCES), needed: true },
  { key: "topic", label: "哪个议题", kind: "seek", find: (q) => seek("topic", q), needed: true, when: ({ source }) => source === "topic" },
  { key: "activity", label: "哪次会议活动", kind: "seek", find: (q) => seek("activity", q), needed: true, when: ({ source }) => ["meeting", "inspection", "clause"].includes(source) },
  { key: "output", label: "哪件成果", kind: "seek", find: (q) => seek("output", q), needed: true, when: ({ source }) => source === "output" },
  { key: "matter", label: "哪个协商议题", kind: "seek", find: (q) => seek("matter", q), needed: true, when: ({ source }) => source === "matter" },
  { key: "clause", label: "条款", maxLength: 120, hint: "如“第十二条第二款”", when: ({ source }) => source === "clause" },
  { key: "body", label: "建议", kind: "area", needed: true, maxLength: 2000 },
  { key: "seat_ids", label: "提出委员", kind: "seeks", find: seekSeats, needed: true, hint: "第一位为主要提出人", when: ({ source }) => source !== "matter" },
  { key: "agreed_by", label: "提出委员", kind: "seeks", find: seekSeats, hint: "会上共同商定的可以不填", when: ({ source }) => source === "matter" },
  { key: "unit_id", label: "答复单位", kind: "seek", find: seekUnits, hint: "交办前须填" },
];

export function bodyOf({ source, topic, activity, output, matter, clause, body, seat_ids, agreed_by, unit_id }: Values, reply_id: number | null = null): FindingIn {
  return { source, subject_id: topic ?? activity ?? output ?? matter, clause: clause ?? "", body, seat_ids: seat_ids ?? agreed_by, unit_id: unit_id ?? null, reply_id };
}

/** A suggestion as its form shows it. */
export function initialOf(one: Finding) {
  const subject = { value: one.source_path?.split("/").pop() ?? "", label: one.source_title };
  return {
    source: one.source,
    [["topic", "output", "matter"].includes(one.source) ? one.source : "activity"]: subject,
    clause: one.clause,
    body: one.body,
    [one.source === "matter" ? "agreed_by" : "seat_ids"]: one.authors.map(({ seat_id, name }) => ({ value: String(seat_id), label: name })),
    unit_id: one.unit_id ? { value: String(one.unit_id), label: one.unit! } : null,
  };
}

export const COLUMNS: Column<FindingRow>[] = [
  { key: "body", label: "建议", width: 320, grows: true, text: ({ body }) => body },
  { key: "authors", label: "委员", width: 110, text: ({ authors }) => authors.map(({ name }) => name).join("、") },
  { key: "source", label: "来源", width: 84, text: ({ source_label }) => source_label },
  { key: "unit", label: "答复单位", width: 120, text: ({ unit }) => unit ?? "" },
  { key: "state", label: "状态", width: 84, text: ({ state_label }) => state_label },
  { key: "fate", label: "采纳", width: 84, text: ({ fate_label }) => fate_label ?? "" },
  { key: "created_at", label: "登记", width: DAY, text: ({ created_at }) => cellDay(created_at) },
  { key: "subject", label: "议题或活动", width: 180, isExtra: true, text: ({ source_title }) => source_title },
];
/** The screens of the desk. */
export const LINKS: [string, string][] = [
  ["意见建议", "/findings"],
  ["采纳情况", "/findings/figures"],
];
export const YEARS: Choice[] = Array.from({ length: 6 }, (_, i) => String(new Date().getFullYear() + 1 - i)).map((value) => ({ value, label: `${value}年度` }));
/** What the list is narrowed by; figures narrow it by sector, unit and year. */
export const fieldsOf = (sectors: Choice[], units: Choice[]): FilterField[] => [
  { key: "q", label: "建议里的字词", kind: "text" },
  { key: "state", label: "状态", choices: choices(STATES) },
  { key: "source", label: "来源", choices: choices(SOURCES) },
  { key: "fate", label: "采纳", choices: choices(FATES) },
  { key: "unit_id", label: "答复单位", choices: units },
  { key: "sector_id", label: "界别", choices: sectors },
  { key: "year", label: "反馈年度", choices: YEARS },
];
