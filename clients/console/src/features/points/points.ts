/** Points rules (积分办法) at the desk: versions, drafts, trials, and the boards and scores that follow from them. */
import { useQuery } from "@tanstack/vue-query";
import { api, type Schemas } from "@lvyi/api";
import { day, queryClient, usePages } from "@lvyi/shared";
import { computed, type Ref } from "vue";
import type { LocationQuery } from "vue-router";
import { usePost } from "~/forms/write";
import { screenOf } from "~/frame/addresses";
import { cellDay, type Column, DAY } from "~/list/columns";

export type Ruleset = Schemas["RulesetDetail"];
export type RulesetRow = Schemas["RulesetOut"];
export type Validation = Schemas["ValidationOut"];

export const COLUMNS: Column<RulesetRow>[] = [
  { key: "year", label: "年度", width: 64, isNumber: true, text: ({ duty_year }) => String(duty_year) },
  { key: "name", label: "名称", width: 220, grows: true, text: ({ name }) => name },
  { key: "state", label: "状态", width: 92, text: ({ state_label }) => state_label },
  { key: "version", label: "版次", width: 76, text: ({ version }) => `第 ${version} 版` },
  { key: "tried_at", label: "试算", width: DAY, text: ({ tried_at }) => cellDay(tried_at) },
  { key: "by", label: "起草", width: 92, text: ({ created_by }) => created_by },
  { key: "reason", label: "为什么改", width: 180, isExtra: true, text: ({ reason }) => reason },
];

const at = (id: number) => ({ params: { path: { ruleset_id: id } } });

export function useRulesets(year: Ref<string | undefined>) {
  return usePages(
    computed(() => ["points", "rulesets", year.value]),
    async (cursor, signal) => {
      const query = { year: year.value ? Number(year.value) : undefined, cursor };
      return (await api.GET("/api/v1/rulesets", { params: { query }, signal })).data;
    },
  );
}

/** Whether its scores are being computed, for a trial or to be put in force. */
export const isComputing = (one: Ruleset) => one.state === "publishing" || (one.progress !== null && !one.tried_at);

export function useRuleset(id: Ref<number>) {
  return useQuery({
    queryKey: computed(() => ["points", "ruleset", id.value]),
    queryFn: async ({ signal }) => {
      const key = ["points", "ruleset", id.value];
      const before = queryClient.getQueryData<Ruleset>(key);
      const { data } = await api.GET("/api/v1/rulesets/{ruleset_id}", { ...at(id.value), signal });
      if (before && isComputing(before) && !isComputing(data)) {
        for (const part of ["rulesets", "moves", "board"]) void queryClient.invalidateQueries({ queryKey: ["points", part] });
      }
      return data;
    },
    refetchInterval: ({ state: { data } }) => (data && isComputing(data) ? 1200 : false),
  });
}

export function refresh(): void {
  void queryClient.invalidateQueries({ queryKey: ["points"] });
}

export async function beginTrial(id: number): Promise<void> {
  await api.PUT("/api/v1/rulesets/{ruleset_id}/trial", at(id));
  refresh();
}

export async function publish(id: number, reason?: string): Promise<void> {
  await api.PUT("/api/v1/rulesets/{ruleset_id}/publication", { ...at(id), body: { reason: reason ?? null } });
  refresh();
}

/** Keeps a text as the next draft; asked again after a lost answer there is still one. */
export function useKeeping() {
  const run = usePost<Ruleset>();
  return (body: Schemas["RulesetIn"]): Promise<Ruleset> => run("rulesets", body).finally(refresh);
}

export function useTemplates() {
  return useQuery({
    queryKey: ["points", "templates"],
    staleTime: Infinity,
    queryFn: async ({ signal }) => (await api.GET("/api/v1/ruleset-templates", { signal })).data,
  });
}

export async function validate(text: string, signal: AbortSignal): Promise<Validation> {
  return (await api.POST("/api/v1/rulesets/validation", { body: { text }, signal })).data;
}

export function useMoves(id: number) {
  return usePages(["points", "moves", id], async (cursor, signal) => {
    const params = { path: { ruleset_id: id }, query: { cursor, limit: 30 } };
    return (await api.GET("/api/v1/rulesets/{ruleset_id}/moves", { params, signal })).data;
  });
}

export function useBoard(query: Ref<LocationQuery>) {
  return usePages(
    computed(() => ["points", "board", query.value]),
    async (cursor, signal) => (await api.GET("/api/v1/points-board", { params: { query: { ...query.value, cursor, limit: 100 } }, signal })).data,
  );
}

export function useScore(seat: number, year?: number) {
  return useQuery({
    queryKey: ["points", "score", seat, year],
    queryFn: async ({ signal }) => (await api.GET("/api/v1/seats/{seat_id}/score", { params: { path: { seat_id: seat }, query: { year } }, signal })).data,
  });
}

/** The records behind one line of a score, each with what it gave. */
export function useScored(seat: number, part: string, query: LocationQuery) {
  return usePages(["points", "scored", seat, part, query], async (cursor, signal) => {
    const params = { path: { seat_id: seat, part }, query: { ...query, cursor } };
    const { data } = await api.GET("/api/v1/seats/{seat_id}/score/records/{part}", { params, signal });
    return {
      ...data,
      items: data.items.map((one) => ({
        key: String(one.id),
        title: one.title,
        note: [one.kind_label, day(one.on), one.reason].filter(Boolean).join(" · "),
        figure: `${one.points} 分`,
        to: screenOf(one.path),
      })),
    };
  });
}
