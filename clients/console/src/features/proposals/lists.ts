/** What lists of proposals can be narrowed to: fixed words, and what the organization has. */
import { api, type Schemas } from "@lvyi/api";
import { useQuery } from "@tanstack/vue-query";
import { computed } from "vue";
import type { Choice, FilterField } from "~/list/filters";

export type Sort = Schemas["Sort"];

const KEPT = { staleTime: 10 * 60_000 };

export const STATES: Record<Schemas["ProposalsState"], string> = {
  draft: "草稿",
  confirming: "待负责人确认",
  submitted: "已提交",
  first_review: "初审中",
  joint_review: "会审中",
  final_review: "复审中",
  returned: "退回待修改",
  declined: "不予立案",
  converted: "已转社情民意",
  merged: "已并案",
  filed: "已立案",
  assigned: "已交办",
  signed: "已签收",
  return_requested: "退办申请中",
  handling: "办理中",
  reply_review: "答复审核中",
  replied: "已答复",
  rated: "已评价",
  rehandling: "重新办理中",
  closed: "已办结",
};
const choices = (words: Record<string, string>): Choice[] => Object.entries(words).map(([value, label]) => ({ value, label }));

/** The months in which something can be supervised, this one and those around it. */
function months(): Choice[] {
  const now = new Date();
  return Array.from({ length: 18 }, (_, i) => {
    const at = new Date(now.getFullYear(), now.getMonth() + 3 - i, 1);
    const [year, month] = [at.getFullYear(), at.getMonth() + 1];
    return { value: `${year}-${String(month).padStart(2, "0")}-01`, label: `${year}年${month}月` };
  });
}

export const useWindows = () =>
  useQuery({ queryKey: ["windows"], ...KEPT, queryFn: async () => (await api.GET("/api/v1/proposal-windows", { params: { query: { limit: 100 } } })).data.items });
export const useUnits = () => useQuery({ queryKey: ["units"], ...KEPT, queryFn: async () => (await api.GET("/api/v1/units")).data });
export const useBodies = () => useQuery({ queryKey: ["bodies"], ...KEPT, queryFn: async () => (await api.GET("/api/v1/bodies")).data });
export const useChoices = () => useQuery({ queryKey: ["choices"], staleTime: Infinity, queryFn: async () => (await api.GET("/api/v1/choices")).data });

/** The filters of a list of proposals. */
export function useFields() {
  const [windows, units, bodies, words] = [useWindows(), useUnits(), useBodies(), useChoices()];
  const named = (all: { id: number; name: string }[] | undefined) => all?.map(({ id, name }) => ({ value: String(id), label: name })) ?? [];
  return computed<FilterField[]>(() => [
    { key: "scope", label: "范围", choices: choices({ review: "审查中", filed: "已立案", supervised: "督办" }) },
    { key: "state", label: "状态", choices: choices(STATES).filter(({ value }) => value !== "draft") },
    { key: "late", label: "期限", choices: choices({ true: "逾期和三天内到期", false: "没有逾期" }) },
    { key: "window_id", label: "届次", choices: named(windows.data.value) },
    { key: "category", label: "类别", choices: words.data.value?.proposal_categories.map(({ code, label }) => ({ value: code, label })) ?? [] },
    { key: "body_id", label: "集体", choices: named(bodies.data.value) },
    { key: "unit_id", label: "承办单位", choices: named(units.data.value) },
    { key: "result_class", label: "办理结果", choices: choices({ solved: "已经解决或采纳", under_way: "正在解决", planned: "列入计划解决", for_reference: "留作参考" }) },
    { key: "is_key", label: "重点提案", choices: choices({ true: "只看重点", false: "不看重点" }) },
    { key: "month", label: "督办月份", choices: months() },
    { key: "period", label: "会期", choices: choices({ during: "会议期间", between: "闭会期间" }) },
    { key: "submitted_from", label: "提交不早于", kind: "day" },
    { key: "submitted_to", label: "提交不晚于", kind: "day" },
  ]);
}
