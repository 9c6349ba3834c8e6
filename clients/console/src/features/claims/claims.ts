/** Claims and appeals at the desk: what is read of them, and what is decided. */
import { useQuery } from "@tanstack/vue-query";
import { api, type Schemas } from "@lvyi/api";
import { queryClient, errorText, uuid } from "@lvyi/shared";
import { computed, type Ref } from "vue";
import { recount } from "~/frame/counts";
import { cellDay, type Column, DAY } from "~/list/columns";
import type { FilterField } from "~/list/filters";

export type Claim = Schemas["ClaimOut"];
export type ClaimRow = Schemas["ClaimRow"];
export type ClaimAction = ClaimRow["actions"][number];
export type ClaimStep = Schemas["ClaimStepIn"];

const keyOf = (id: number) => ["claims", "one", id];

export function useClaim(id: Ref<number>) {
  return useQuery({
    queryKey: computed(() => keyOf(id.value)),
    queryFn: async ({ signal }) => (await api.GET("/api/v1/claims/{claim_id}", { params: { path: { claim_id: id.value } }, signal })).data,
  });
}

export function refresh(): void {
  void queryClient.invalidateQueries({ queryKey: ["claims"] });
  recount();
}

/** Decides on the version that was seen; asked again with the same key after a lost answer it is not done twice. */
export async function step({ id, version }: Pick<ClaimRow, "id" | "version">, body: ClaimStep, key = uuid()): Promise<Claim> {
  const header = { "if-match": `"${version}"`, "Idempotency-Key": key };
  try {
    const { data } = await api.POST("/api/v1/claims/{claim_id}/transitions", { params: { path: { claim_id: id }, header }, body });
    queryClient.setQueryData(keyOf(id), data);
    return data;
  } finally {
    refresh();
  }
}

export interface Outcome {
  row: ClaimRow;
  /** Why it was not confirmed; null: it was. */
  refused: string | null;
}

/** Confirms claims one after the other, each with its own outcome. */
export async function confirmAll(rows: ClaimRow[], each: (outcome: Outcome) => void): Promise<void> {
  for (const row of rows) {
    try {
      await step(row, { action: "confirm", void: false });
      each({ row, refused: null });
    } catch (error) {
      each({ row, refused: errorText(error) });
    }
  }
}

export const COLUMNS: Column<ClaimRow>[] = [
  { key: "title", label: "事项", width: 300, grows: true, text: ({ title }) => title },
  { key: "name", label: "委员", width: 84, text: ({ name }) => name },
  { key: "kind", label: "类型", width: 84, text: ({ kind_label }) => kind_label },
  { key: "state", label: "状态", width: 84, text: ({ state_label }) => state_label },
  { key: "created_at", label: "提交", width: DAY, text: ({ created_at }) => cellDay(created_at) },
  { key: "act", label: "履职类型", width: 110, isExtra: true, text: ({ act }) => act?.kind_label ?? "" },
  { key: "files", label: "证明", width: 56, isNumber: true, isExtra: true, text: ({ files }) => String(files.length || "") },
];
const choices = (labels: Record<string, string>) => Object.entries(labels).map(([value, label]) => ({ value, label }));
export const FIELDS: FilterField[] = [
  { key: "kind", label: "类型", choices: choices({ claim: "履职申报", appeal: "记录申诉" }) },
  { key: "state", label: "状态", choices: choices({ waiting: "待审核", confirmed: "已确认或更正", refused: "未确认或驳回", withdrawn: "已撤回" }) },
];
