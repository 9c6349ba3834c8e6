/** Matters at the desk: what is read of them, the steps from the first words to the result, and what the public reads. */
import { useQuery } from "@tanstack/vue-query";
import { api, type Schemas } from "@lvyi/api";
import { queryClient, uuid } from "@lvyi/shared";
import { computed, type Ref } from "vue";
import type { Field, Values } from "~/forms/fields";
import { recount } from "~/frame/counts";
import { choicesOf, useCodes } from "~/list/codes";
import { cellDay, type Column, DAY } from "~/list/columns";
import type { Choice, FilterField } from "~/list/filters";

export type Matter = Schemas["MatterOut"];
export type MatterRow = Schemas["MatterRow"];
export type MatterAction = MatterRow["actions"][number];
type Seen = Pick<MatterRow, "id" | "version">;
const keyOf = (id: number) => ["matters", "one", id];

export function useMatter(id: Ref<number>) {
  return useQuery({
    queryKey: computed(() => keyOf(id.value)),
    queryFn: async ({ signal }) => (await api.GET("/api/v1/matters/{matter_id}", { params: { path: { matter_id: id.value } }, signal })).data,
  });
}

export function refresh(): void {
  void queryClient.invalidateQueries({ queryKey: ["matters"] });
  recount();
}

async function keep(write: () => Promise<{ data: Matter }>): Promise<Matter> {
  try {
    const { data } = await write();
    queryClient.setQueryData(keyOf(data.id), data);
    return data;
  } finally {
    refresh();
  }
}
const seen = ({ id, version }: Seen) => ({ path: { matter_id: id }, header: { "if-match": `"${version}"` } });

/** Runs a step on the version that was seen; asked again with the same key after a lost answer it is not done twice. */
export function step(matter: Seen, body: Schemas["MatterStepIn"], key = uuid()): Promise<Matter> {
  const { path, header } = seen(matter);
  return keep(() => api.POST("/api/v1/matters/{matter_id}/transitions", { params: { path, header: { ...header, "Idempotency-Key": key } }, body }));
}
export const link = (matter: Seen, activity_id: number | null) => keep(() => api.PUT("/api/v1/matters/{matter_id}/meeting", { params: seen(matter), body: { activity_id } }));
export const release = (matter: Seen, words: Values) => keep(() => api.PUT("/api/v1/matters/{matter_id}/release", { params: seen(matter), body: words as Schemas["ReleaseIn"] }));
export const withhold = (matter: Seen) => keep(() => api.DELETE("/api/v1/matters/{matter_id}/release", { params: seen(matter) }));
export const note = ({ id }: Seen, body: Values, key: string) =>
  keep(() => api.POST("/api/v1/matters/{matter_id}/notes", { params: { path: { matter_id: id }, header: { "idempotency-key": key } }, body: body as Schemas["MatterNoteIn"] }));
export const withdrawNote = (id: number, action: "withdraw" | "restore") => {
  const params = { path: { note_id: id } };
  return keep(() => (action === "withdraw" ? api.PUT("/api/v1/matters/notes/{note_id}/withdrawal", { params }) : api.DELETE("/api/v1/matters/notes/{note_id}/withdrawal", { params })));
};
/** Who brought it without an account; that it was read is in the audit log. */
export const contactOf = async ({ id }: Seen) => (await api.GET("/api/v1/matters/{matter_id}/contact", { params: { path: { matter_id: id } } })).data;

async function seekMatters(q: string): Promise<Choice[]> {
  const { data } = await api.GET("/api/v1/matters", { params: { query: { q } } });
  return data.items.map(({ id, title, state_label }) => ({ value: String(id), label: `${title}（${state_label}）` }));
}
async function seekMeetings(q: string): Promise<Choice[]> {
  const { data } = await api.GET("/api/v1/find", { params: { query: { q } } });
  return q ? data.items.filter(({ kind }) => kind === "activity").map(({ path, label }) => ({ value: path.split("/").pop()!, label })) : [];
}
async function seekVenues(q: string): Promise<Choice[]> {
  const { data } = await api.GET("/api/v1/venues", { params: { query: { q } } });
  return data.items.map(({ id, name }) => ({ value: String(id), label: name }));
}

export const MERGING: Field[] = [
  { key: "into_id", label: "并入哪个议题", kind: "seek", find: seekMatters, needed: true, hint: "输入题目里的字词" },
  { key: "reason", label: "说明", kind: "area", maxLength: 500 },
];
export const MEETING: Field[] = [{ key: "activity_id", label: "哪次协商活动", kind: "seek", find: seekMeetings, hint: "输入活动名称里的字词；清空为暂不选定" }];
export const RELEASING: Field[] = [
  { key: "title", label: "公开的题目", needed: true, maxLength: 120, hint: "群众看到的题目和文字，请另写，不要出现个人信息" },
  { key: "problem", label: "什么问题", kind: "area", needed: true, maxLength: 2000, rows: 3 },
  { key: "result", label: "解决得怎样", kind: "area", maxLength: 2000, rows: 3, hint: "还没有结果的可以不填" },
];
/** What is asked of a visit or research. */
export function useNoting() {
  const { data: codes } = useCodes();
  return computed<Field[]>(() => [
    { key: "kind", label: "类型", kind: "choice", choices: choicesOf(codes.value?.matter_note_kinds), needed: true },
    { key: "noted_on", label: "日期", kind: "date", hint: "不填为今天" },
    { key: "body", label: "情况", kind: "area", needed: true, maxLength: 2000 },
    { key: "pictures", label: "照片", kind: "files" },
  ]);
}

/** What is asked of a company's matter, which the office writes down. */
export const ENTRY: Field[] = [
  { key: "company", label: "企业名称", needed: true, maxLength: 120 },
  { key: "contact", label: "企业联系人", maxLength: 200, hint: "姓名和电话，只有机关工作人员看得到" },
  { key: "venue_id", label: "议事场所", kind: "seek", find: seekVenues, hint: "不填的，由机关直接办理" },
  { key: "title", label: "题目", needed: true, maxLength: 120 },
  { key: "body", label: "内容", kind: "area", needed: true, maxLength: 2000 },
];
/** What is asked when a citizen tells the office of a matter. */
export const TOLD: Field[] = [
  { key: "title", label: "题目", needed: true, maxLength: 120 },
  { key: "body", label: "群众怎么说", kind: "area", needed: true, maxLength: 2000, hint: "在哪里、什么时候开始、希望怎样解决" },
  { key: "venue_id", label: "议事场所", kind: "seek", find: seekVenues, hint: "不填的，由机关直接办理" },
  { key: "name", label: "称呼", maxLength: 50, hint: "可以不填；办结以后到期删除" },
  { key: "contact", label: "电话或邮箱", maxLength: 200, hint: "可以不填；只有机关工作人员看得到，办结以后到期删除" },
];
export const bodyOf = (values: Values): Schemas["MatterIn"] => ({ ...(values as Schemas["MatterIn"]), contact: values.contact ?? "" });

export const COLUMNS: Column<MatterRow>[] = [
  { key: "title", label: "题目", width: 260, grows: true, text: ({ title }) => title },
  { key: "state", label: "状态", width: 84, text: ({ state_label }) => state_label },
  { key: "source", label: "来源", width: 84, text: ({ source_label }) => source_label },
  { key: "brought_by", label: "提出人", width: 110, text: ({ brought_by }) => brought_by },
  { key: "venue", label: "议事场所", width: 160, text: ({ venue }) => venue ?? "" },
  { key: "judgement", label: "评价", width: 84, text: ({ judgement_label }) => judgement_label ?? "" },
  { key: "created_at", label: "提出", width: DAY, text: ({ created_at }) => cellDay(created_at) },
  { key: "activity", label: "协商活动", width: 180, isExtra: true, text: ({ activity }) => activity ?? "" },
  { key: "level", label: "层级", width: 110, isExtra: true, text: ({ level_label }) => level_label ?? "" },
  { key: "released", label: "公开", width: 60, isExtra: true, text: ({ released_at }) => (released_at ? "是" : "") },
];
/** The screens of the desk. */
export const LINKS: [string, string][] = [
  ["协商议题", "/matters"],
  ["办理情况", "/matters/figures"],
];

const yes = (one: string, other: string) => [{ value: "true", label: one }, { value: "false", label: other }];
/** What the list is narrowed by. */
export function useFields() {
  const { data: codes } = useCodes();
  return computed<FilterField[]>(() => [
    { key: "q", label: "题目里的字词", kind: "text" },
    { key: "state", label: "状态", choices: choicesOf(codes.value?.matter_states) },
    { key: "source", label: "来源", choices: choicesOf(codes.value?.matter_sources) },
    { key: "level", label: "层级", choices: choicesOf(codes.value?.venue_levels) },
    { key: "met", label: "协商", choices: yes("已协商", "未协商") },
    { key: "with_findings", label: "意见建议", choices: yes("形成意见建议", "没有意见建议") },
    { key: "solved", label: "结果", choices: yes("已解决", "暂未解决") },
    { key: "judgement", label: "评价", choices: choicesOf(codes.value?.case_judgements) },
    { key: "released", label: "公开", choices: yes("已公开", "未公开") },
    { key: "venue_id", label: "议事场所", choices: [] },
    { key: "activity_id", label: "协商活动", choices: [] },
  ]);
}
