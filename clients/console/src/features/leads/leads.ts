/** Leads at the desk: what is read of them, and what editors do with them. */
import { useQuery } from "@tanstack/vue-query";
import { api, post, type Schemas } from "@lvyi/api";
import { queryClient } from "@lvyi/shared";
import { computed, type Ref } from "vue";
import { recount } from "~/frame/counts";
import { cellDay, type Column, DAY } from "~/list/columns";
import type { FilterField } from "~/list/filters";

export type Lead = Schemas["LeadOut"];
export type LeadAction = Lead["actions"][number];

const at = (id: number) => ({ lead_id: id });
const keyOf = (id: number) => ["leads", "one", id];

/** Each reading is in the audit log, so it is not read anew without a reason. */
export function useLead(id: Ref<number>) {
  return useQuery({
    queryKey: computed(() => keyOf(id.value)),
    staleTime: 60_000,
    refetchOnWindowFocus: false,
    queryFn: async ({ signal }) => (await api.GET("/api/v1/leads/{lead_id}", { params: { path: at(id.value) }, signal })).data,
  });
}

export function refresh(): void {
  void queryClient.invalidateQueries({ queryKey: ["leads", "list"] });
  recount();
}

export async function step(id: number, body: Schemas["LeadTransitionIn"], key: string): Promise<Lead> {
  const lead = (await post(`/api/v1/leads/${id}/transitions`, body, key)) as Lead;
  queryClient.setQueryData<Lead>(keyOf(id), (seen) => ({ ...lead, contact: seen?.contact ?? lead.contact })); // whole where it was read by itself
  refresh();
  void queryClient.invalidateQueries({ queryKey: ["opinions"] });
  return lead;
}

export const COLUMNS: Column<Lead>[] = [
  { key: "body", label: "内容", width: 320, grows: true, text: ({ body }) => body.split("\n")[0]! },
  { key: "source", label: "来源", width: 84, text: ({ source_label }) => source_label },
  { key: "state", label: "状态", width: 90, text: ({ state_label }) => state_label },
  { key: "received_at", label: "收到", width: DAY, text: ({ received_at }) => cellDay(received_at) },
  { key: "name", label: "提供人", width: 100, isExtra: true, text: ({ name }) => name ?? "" },
  { key: "outcome", label: "结果", width: 90, isExtra: true, text: ({ outcome }) => outcome ?? "" },
];
const choices = (labels: Record<string, string>) => Object.entries(labels).map(([value, label]) => ({ value, label }));
export const FIELDS: FilterField[] = [
  { key: "state", label: "状态", choices: choices({ received: "已收到", used: "已转为信息", declined: "未采用" }) },
  { key: "source", label: "来源", choices: choices({ citizen: "群众", information_officer: "信息员", unit_officer: "承办单位", institution: "单位", member: "委员" }) },
];
