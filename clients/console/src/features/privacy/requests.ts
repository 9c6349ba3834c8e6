/** Requests about personal data at the desk: what is asked for, how long it has waited, and the steps. */
import { useQuery } from "@tanstack/vue-query";
import { api, type Schemas } from "@lvyi/api";
import { queryClient, today } from "@lvyi/shared";
import { computed, type Ref } from "vue";
import { recount } from "~/frame/counts";
import { cellDay, type Column, DAY } from "~/list/columns";
import type { FilterField } from "~/list/filters";

export type PersonalRequest = Schemas["RequestOut"];
export type RequestAction = PersonalRequest["actions"][number];

const keyOf = (id: number) => ["privacy", "one", id];

export function useRequest(id: Ref<number>) {
  return useQuery({
    queryKey: computed(() => keyOf(id.value)),
    queryFn: async ({ signal }) => (await api.GET("/api/v1/privacy/requests/{request_id}", { params: { path: { request_id: id.value } }, signal })).data,
  });
}

export async function step(id: number, body: Schemas["RequestStepIn"]): Promise<PersonalRequest> {
  try {
    const { data } = await api.POST("/api/v1/privacy/requests/{request_id}/transitions", { params: { path: { request_id: id } }, body });
    queryClient.setQueryData(keyOf(id), data);
    return data;
  } finally {
    void queryClient.invalidateQueries({ queryKey: ["privacy"] });
    recount();
  }
}

/** For how many days an open request has waited; null when it waits no more. */
export function waited({ state, created_at }: PersonalRequest): number | null {
  if (state !== "submitted" && state !== "accepted") return null;
  return Math.max(0, Math.floor((Date.parse(today()) - Date.parse(created_at)) / 86_400_000 + 1));
}

export const COLUMNS: Column<PersonalRequest>[] = [
  { key: "name", label: "申请人", width: 90, text: ({ name }) => name },
  { key: "kind", label: "申请", width: 240, grows: true, text: ({ kind_label, field_label, value }) => [kind_label, field_label, value].filter(Boolean).join("：") },
  { key: "state", label: "状态", width: 84, text: ({ state_label }) => state_label },
  { key: "waited", label: "已等", width: 64, isNumber: true, text: (row) => ((days) => (days === null ? "" : `${days} 天`))(waited(row)) },
  { key: "created_at", label: "提出", width: DAY, text: ({ created_at }) => cellDay(created_at) },
];
const STATES = { submitted: "待受理", accepted: "已受理", done: "已办结", declined: "未同意", withdrawn: "已撤回" };
export const FIELDS: FilterField[] = [{ key: "state", label: "状态", choices: Object.entries(STATES).map(([value, label]) => ({ value, label })) }];
