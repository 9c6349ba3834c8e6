/** Outputs at the desk: how they are written, and the steps from the draft to what became of them. */
import { useQuery } from "@tanstack/vue-query";
import { api, type Schemas } from "@lvyi/api";
import { queryClient, uuid } from "@lvyi/shared";
import { computed, type Ref } from "vue";
import { seekSeats } from "~/features/members/members";
import type { Field, Values } from "~/forms/fields";
import { recount } from "~/frame/counts";
import { cellDay, type Column, DAY } from "~/list/columns";
import type { Choice, FilterField } from "~/list/filters";

export type Output = Schemas["OutputOut"];
export type OutputRow = Schemas["OutputRow"];
export type OutputAction = Output["actions"][number];
export type OutputIn = Schemas["OutputIn"];

const KINDS: Record<OutputRow["kind"], string> = {
  recommendation: "建议案",
  research: "调研报告",
  inspection: "视察报告",
  review: "民主评议报告",
  minutes: "协商纪要",
  briefing: "信息专报",
  summary: "综述",
};
const STATES: Record<OutputRow["state"], string> = {
  draft: "起草中",
  submitted: "待审核",
  returned: "退回修改",
  issued: "已印发",
  adopted: "已采纳",
  partly: "部分采纳",
  refused: "未采纳",
  discarded: "已作废",
};
const keyOf = (id: number) => ["outputs", "one", id];

export function useOutput(id: Ref<number>) {
  return useQuery({
    queryKey: computed(() => keyOf(id.value)),
    queryFn: async ({ signal }) => (await api.GET("/api/v1/outputs/{output_id}", { params: { path: { output_id: id.value } }, signal })).data,
  });
}

/** The saved texts, newest first. */
export function useOutputVersions(id: number) {
  return useQuery({
    queryKey: ["outputs", "versions", id],
    queryFn: async ({ signal }) => (await api.GET("/api/v1/outputs/{output_id}/versions", { params: { path: { output_id: id }, query: { limit: 100 } }, signal })).data.items,
  });
}
export function useOutputVersion(id: number, version: Ref<number | null>) {
  return useQuery({
    queryKey: computed(() => ["outputs", "versions", id, version.value]),
    queryFn: async ({ signal }) => (await api.GET("/api/v1/outputs/{output_id}/versions/{version}", { params: { path: { output_id: id, version: version.value! } }, signal })).data,
    enabled: computed(() => version.value !== null),
  });
}

export function refresh(): void {
  void queryClient.invalidateQueries({ queryKey: ["outputs"] });
  recount();
}

/** Runs a step on the text that was seen; asked again with the same key after a lost answer it is not done twice. */
export async function step({ id, version }: Pick<Output, "id" | "version">, body: Schemas["OutputStepIn"], key = uuid()): Promise<Output> {
  const header = { "if-match": `"${version}"`, "Idempotency-Key": key };
  try {
    const { data } = await api.POST("/api/v1/outputs/{output_id}/transitions", { params: { path: { output_id: id }, header }, body });
    queryClient.setQueryData(keyOf(id), data);
    return data;
  } finally {
    refresh();
  }
}

/** Saves the whole paper on the version that was seen. */
export async function edit({ id, version }: Output, body: OutputIn): Promise<void> {
  try {
    await api.PUT("/api/v1/outputs/{output_id}", { params: { path: { output_id: id }, header: { "if-match": `"${version}"` } }, body });
  } finally {
    refresh();
  }
}

async function seekBodies(q: string): Promise<Choice[]> {
  const { data } = await api.GET("/api/v1/bodies");
  return data.filter(({ name }) => name.includes(q)).map(({ id, name }) => ({ value: String(id), label: name }));
}
async function seekUnits(q: string): Promise<Choice[]> {
  const { data } = await api.GET("/api/v1/units");
  return data.filter(({ name }) => name.includes(q)).map(({ id, name }) => ({ value: String(id), label: name }));
}
const choices = (labels: Record<string, string>) => Object.entries(labels).map(([value, label]) => ({ value, label }));

export const ENTRY: Field[] = [
  { key: "kind", label: "类别", kind: "choice", choices: choices(KINDS), needed: true, hint: "印发编号后不再更改" },
  { key: "title", label: "标题", kind: "area", needed: true, maxLength: 120 },
  { key: "body", label: "正文", kind: "area", rows: 12, maxLength: 20000, hint: "一段一行" },
  { key: "seat_ids", label: "署名委员", kind: "seeks", find: seekSeats, hint: "第一位为主要执笔人" },
  { key: "body_id", label: "署名单位", kind: "seek", find: seekBodies, hint: "党派、团体、专委会、课题组等" },
  { key: "addressees", label: "主送", kind: "area", hint: "一行一个，如“市委”" },
  { key: "unit_ids", label: "主送的承办单位", kind: "seeks", find: seekUnits, hint: "印发后在平台上收到" },
  { key: "copies", label: "抄送", kind: "area", hint: "一行一个" },
  { key: "file_keys", label: "附件", kind: "files" },
];

/** What the form sends: texts that were left empty are empty, not missing. */
export function bodyOf(values: Values): OutputIn {
  return { ...values, body: values.body ?? "", addressees: values.addressees ?? "", copies: values.copies ?? "" } as OutputIn;
}

/** An output as its form shows it. */
export function initialOf(one: Output): Values {
  const { kind, title, body, addressees, copies, files: file_keys } = one;
  return {
    ...{ kind, title, body, addressees, copies, file_keys },
    seat_ids: one.authors.map(({ seat_id, name }) => ({ value: String(seat_id), label: name })),
    body_id: one.body_id ? { value: String(one.body_id), label: one.body_name! } : null,
    unit_ids: one.units.map(({ id, name }) => ({ value: String(id), label: name })),
  };
}

export const COLUMNS: Column<OutputRow>[] = [
  { key: "title", label: "标题", width: 300, grows: true, text: ({ title }) => title },
  { key: "kind", label: "类别", width: 110, text: ({ kind_label }) => kind_label },
  { key: "number", label: "文号", width: 170, text: ({ number_label }) => number_label ?? "" },
  { key: "state", label: "状态", width: 84, text: ({ state_label }) => state_label },
  { key: "authors", label: "署名", width: 140, text: ({ body_name, authors }) => [body_name, ...authors.map(({ name }) => name)].filter(Boolean).join("、") },
  { key: "comments", label: "批示", width: 60, isNumber: true, text: ({ comment_count }) => (comment_count ? String(comment_count) : "") },
  { key: "issued_on", label: "印发", width: DAY, text: ({ issued_on }) => cellDay(issued_on) },
  { key: "created_at", label: "起草", width: DAY, isExtra: true, text: ({ created_at }) => cellDay(created_at) },
];
const YEARS: Choice[] = Array.from({ length: 6 }, (_, i) => String(new Date().getFullYear() - i)).map((value) => ({ value, label: `${value}年` }));
export const fieldsOf = (bodies: Choice[]): FilterField[] => [
  { key: "q", label: "标题里的字词", kind: "text" },
  { key: "kind", label: "类别", choices: choices(KINDS) },
  { key: "state", label: "状态", choices: choices(STATES) },
  { key: "year", label: "编号年份", choices: YEARS },
  { key: "body_id", label: "署名单位", choices: bodies },
];
