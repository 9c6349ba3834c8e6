/** Cases at the desk: calls of members and problems of companies, what is read of them and the steps to their answer. */
import { useQuery } from "@tanstack/vue-query";
import { api, type Schemas } from "@lvyi/api";
import { day, queryClient, uuid } from "@lvyi/shared";
import { computed, type Ref } from "vue";
import { useUnits } from "~/features/proposals/lists/lists";
import type { Field, Values } from "~/forms/fields";
import { recount } from "~/frame/counts";
import { choicesOf, useCodes } from "~/list/codes";
import { cellDay, type Column, DAY } from "~/list/columns";
import type { FilterField } from "~/list/filters";

export type Case = Schemas["CaseOut"];
export type CaseRow = Schemas["CaseRow"];
export type CaseAction = CaseRow["actions"][number];
const keyOf = (id: number) => ["cases", "one", id];

export function useCase(id: Ref<number>) {
  return useQuery({
    queryKey: computed(() => keyOf(id.value)),
    queryFn: async ({ signal }) => (await api.GET("/api/v1/cases/{case_id}", { params: { path: { case_id: id.value } }, signal })).data,
  });
}

export function refresh(): void {
  void queryClient.invalidateQueries({ queryKey: ["cases"] });
  recount();
}

/** Runs a step on the version that was seen; asked again with the same key after a lost answer it is not done twice. */
export async function step({ id, version }: Pick<CaseRow, "id" | "version">, body: Schemas["CaseStepIn"], key = uuid()): Promise<Case> {
  const header = { "if-match": `"${version}"`, "Idempotency-Key": key };
  try {
    const { data } = await api.POST("/api/v1/cases/{case_id}/transitions", { params: { path: { case_id: id }, header }, body });
    queryClient.setQueryData<Case>(keyOf(id), (seen) => ({ ...data, contact: seen?.contact ?? null })); // read by itself alone, and audited
    return data;
  } finally {
    refresh();
  }
}

export const COLUMNS: Column<CaseRow>[] = [
  { key: "title", label: "题目", width: 260, grows: true, text: ({ title }) => title },
  { key: "kind", label: "类型", width: 110, text: ({ kind_label }) => kind_label },
  { key: "reporter", label: "反映人", width: 84, text: ({ reporter }) => reporter },
  { key: "company", label: "企业", width: 150, text: ({ company }) => company ?? "" },
  { key: "state", label: "状态", width: 84, text: ({ state_label }) => state_label },
  { key: "due_on", label: "答复期限", width: 150, text: ({ due_on, late }) => (due_on ? `${day(due_on)}${late ? "　已超期" : ""}` : "") },
  { key: "unit", label: "办理单位", width: 120, text: ({ unit }) => unit ?? "" },
  { key: "judgement", label: "评价", width: 84, text: ({ judgement_label }) => judgement_label ?? "" },
  { key: "created_at", label: "反映", width: DAY, text: ({ created_at }) => cellDay(created_at) },
  { key: "problem_class", label: "问题类别", width: 84, isExtra: true, text: ({ problem_class_label }) => problem_class_label ?? "" },
];
/** The screens of the desk. */
export const LINKS: [string, string][] = [
  ["履职呼叫和问题", "/cases"],
  ["办理情况", "/cases/figures"],
];

/** What the list is narrowed by. */
export function useFields() {
  const [{ data: codes }, { data: units }] = [useCodes(), useUnits()];
  return computed<FilterField[]>(() => [
    { key: "q", label: "题目里的字词", kind: "text" },
    { key: "state", label: "状态", choices: choicesOf(codes.value?.case_states) },
    { key: "late", label: "期限", choices: [{ value: "true", label: "已超期" }] },
    { key: "kind", label: "类型", choices: choicesOf(codes.value?.case_kinds) },
    { key: "problem_class", label: "问题类别", choices: choicesOf(codes.value?.problem_classes) },
    { key: "unit_id", label: "办理单位", choices: units.value?.map(({ id, name }) => ({ value: String(id), label: name })) ?? [] },
    { key: "judgement", label: "评价", choices: choicesOf(codes.value?.case_judgements) },
    { key: "answered", label: "答复", choices: [{ value: "true", label: "已答复" }, { value: "false", label: "未答复" }] },
    { key: "in_time", label: "按期", choices: [{ value: "true", label: "按期答复" }, { value: "false", label: "逾期答复" }] },
    { key: "company_id", label: "企业", choices: [] },
  ]);
}

/** What is asked of a case that staff write down. */
export function useEntry() {
  const { data: codes } = useCodes();
  const ofCompany = ({ kind }: Values) => kind === "company";
  return computed<Field[]>(() => [
    { key: "kind", label: "类型", kind: "choice", choices: choicesOf(codes.value?.case_kinds), needed: true },
    { key: "company", label: "企业名称", needed: true, maxLength: 120, when: ofCompany },
    { key: "problem_class", label: "问题类别", kind: "choice", choices: choicesOf(codes.value?.problem_classes), needed: true, when: ofCompany },
    { key: "contact", label: "企业联系人", maxLength: 200, hint: "姓名和电话，只有机关工作人员看得到", when: ofCompany },
    { key: "title", label: "题目", needed: true, maxLength: 120 },
    { key: "body", label: "内容", kind: "area", needed: true, maxLength: 2000 },
  ]);
}
export const bodyOf = (values: Values): Schemas["CaseIn"] => ({ ...(values as Schemas["CaseIn"]), contact: values.contact ?? "" });
