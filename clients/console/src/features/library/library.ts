/** The library (资料库): earlier proposals, reports and policies, and what is like them. */
import { useQuery } from "@tanstack/vue-query";
import { api, type Schemas } from "@lvyi/api";
import { day, usePages } from "@lvyi/shared";
import { computed, type Ref } from "vue";
import { type Column, DAY } from "~/list/columns";
import type { FilterField } from "~/list/filters";

export type Found = Schemas["FoundRow"];
type Kind = Schemas["DocumentKind"];

const numbered = ({ window_name, number }: Found) => [window_name, number && `第 ${number} 号`].filter(Boolean).join(" ");

export const COLUMNS: Column<Found>[] = [
  { key: "title", label: "题目", width: 320, grows: true, text: ({ title }) => title },
  { key: "kind", label: "种类", width: 110, text: ({ kind_label }) => kind_label },
  { key: "dated_on", label: "日期", width: DAY, text: ({ dated_on }) => day(dated_on) },
  { key: "result", label: "结果", width: 110, text: ({ result_class_label, state_label, outcome }) => result_class_label ?? state_label ?? outcome ?? "" },
  { key: "number", label: "案号", width: 170, text: numbered },
  { key: "excerpt", label: "出处", width: 260, isExtra: true, text: ({ excerpt }) => excerpt ?? "" },
];

export const FIELDS: FilterField[] = [
  {
    key: "kind",
    label: "种类",
    choices: [
      { value: "proposal", label: "提案" },
      { value: "opinion_report", label: "社情民意信息" },
      { value: "policy", label: "政策文件" },
      { value: "news", label: "新闻" },
    ],
  },
];

export function useDocuments(filters: Ref<Record<string, string>>) {
  return usePages(
    computed(() => ["library", "list", filters.value]),
    async (cursor, signal) => {
      const { q, kind } = filters.value;
      return (await api.GET("/api/v1/library/documents", { params: { query: { q, kind: kind as Kind | undefined, cursor, limit: 50 } }, signal })).data;
    },
  );
}

export function useDocument(id: Ref<number>) {
  return useQuery({
    queryKey: computed(() => ["library", "one", id.value]),
    queryFn: async ({ signal }) => (await api.GET("/api/v1/library/documents/{document_id}", { params: { path: { document_id: id.value } }, signal })).data,
  });
}

/** Up to ten that are like a document, itself left out. */
export function useSimilar(id: number, title: string, text: string) {
  return useQuery({
    queryKey: ["library", "similar", id],
    queryFn: async ({ signal }) => {
      const { data } = await api.POST("/api/v1/library/similar", { body: { title: title.slice(0, 100), text: text.slice(0, 3000) }, signal });
      return data.items.filter((one) => one.id !== id);
    },
  });
}
