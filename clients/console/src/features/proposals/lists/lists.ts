/** What lists of proposals can be narrowed to: fixed words, and what the organization has. */
import { api, type Schemas } from "@lvyi/api";
import { useQuery } from "@tanstack/vue-query";
import { computed } from "vue";
import { choicesOf, useCodes } from "~/list/codes";
import type { Choice, FilterField } from "~/list/filters";

export type Sort = Schemas["Sort"];

const KEPT = { staleTime: 10 * 60_000 };

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

/** The filters of a list of proposals. */
export function useFields() {
  const [windows, units, bodies, words] = [useWindows(), useUnits(), useBodies(), useCodes()];
  const named = (all: { id: number; name: string }[] | undefined) => all?.map(({ id, name }) => ({ value: String(id), label: name })) ?? [];
  return computed<FilterField[]>(() => [
    { key: "scope", label: "范围", choices: choices({ review: "审查中", filed: "已立案", supervised: "督办" }) },
    { key: "state", label: "状态", choices: choicesOf(words.data.value?.proposal_states).filter(({ value }) => value !== "draft") },
    { key: "late", label: "期限", choices: choices({ true: "逾期和三天内到期", false: "没有逾期" }) },
    { key: "window_id", label: "届次", choices: named(windows.data.value) },
    { key: "category", label: "类别", choices: choicesOf(words.data.value?.proposal_categories) },
    { key: "body_id", label: "集体", choices: named(bodies.data.value) },
    { key: "unit_id", label: "承办单位", choices: named(units.data.value) },
    { key: "result_class", label: "办理结果", choices: choicesOf(words.data.value?.proposal_results) },
    { key: "is_key", label: "重点提案", choices: choices({ true: "只看重点", false: "不看重点" }) },
    { key: "month", label: "督办月份", choices: months() },
    { key: "period", label: "会期", choices: choices({ during: "会议期间", between: "闭会期间" }) },
    { key: "submitted_from", label: "提交不早于", kind: "day" },
    { key: "submitted_to", label: "提交不晚于", kind: "day" },
  ]);
}
