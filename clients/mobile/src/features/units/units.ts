/** Units (承办单位): their league by one rate, the figures of one, and the proposals that a figure counts. */
import { api, type Schemas } from "@lvyi/api";
import { usePages } from "@lvyi/shared";
import { useQuery } from "@tanstack/vue-query";
import { computed, toValue, type MaybeRefOrGetter } from "vue";

export type Measure = Schemas["MeasureOut"];

/** The rates that rank units, as chips call them. */
export const MEASURES: { measure: Measure["measure"]; label: string }[] = [
  { measure: "on_time", label: "及时" },
  { measure: "consultation", label: "面商" },
  { measure: "adoption", label: "采纳" },
  { measure: "kept", label: "落实" },
  { measure: "attitude", label: "态度" },
  { measure: "result", label: "结果" },
];

/** The units, best first by a rate. Rows have their unit as `id`. */
export function useLeague(by: MaybeRefOrGetter<Measure["measure"]>) {
  return usePages(
    computed(() => ["units", "league", toValue(by)]),
    async (cursor, signal) => {
      const query = { by: toValue(by), cursor };
      const { data } = await api.GET("/api/v1/statistics/units", { params: { query }, signal });
      return { ...data, items: data.items.map((row) => ({ ...row, id: row.unit.id })) };
    },
  );
}

/** One unit's figures in the present duty year. */
export function useUnit(id: number) {
  return useQuery({
    queryKey: ["units", "one", id],
    queryFn: async ({ signal }) => {
      return (await api.GET("/api/v1/statistics/units/{unit_id}", { params: { path: { unit_id: id } }, signal })).data;
    },
  });
}

/** The proposals that a figure counts, newest first; the query is that of the figure's path. */
export function useCounted(id: number, query: MaybeRefOrGetter<Record<string, unknown>>) {
  return usePages(
    computed(() => ["units", "counted", id, toValue(query)]),
    async (cursor, signal) => {
      const params = { path: { unit_id: id }, query: { ...toValue(query), cursor } };
      return (await api.GET("/api/v1/statistics/units/{unit_id}/proposals", { params, signal })).data;
    },
  );
}

/** A rate as people say it: 95.7%. */
export function percent(rate: number | null | undefined): string {
  return rate === null || rate === undefined ? "—" : `${Number((rate * 100).toFixed(1))}%`;
}

/** What of a rate was said half-heartedly: 其中基本满意 30%. */
export function apartOf({ apart_label, share_apart }: Measure): string {
  return apart_label && share_apart !== null ? `其中${apart_label} ${percent(share_apart)}` : "";
}
