/** The leaderboard of heat: boards in windows, and the lines that add up to a row. */
import { api, type Schemas } from "@lvyi/api";
import { usePages } from "@lvyi/shared";
import { useQuery } from "@tanstack/vue-query";
import { computed, toValue, type MaybeRefOrGetter } from "vue";

export type Window = Schemas["BoardWindow"]["kind"];
export type Board = Schemas["BoardPage"]["board"];
export type Row = Schemas["BoardRow"];

export const WINDOWS: readonly Window[] = ["week", "month", "duty_year", "term", "now"];
export const BOARDS: readonly Board[] = ["all", "standing", "sector", "committee"];

/** A board; `group_id` is the sector or committee of such a board. Rows have their seat as `id`. */
export function useBoard(
  shown: MaybeRefOrGetter<{ window: Window; board: Board; group_id?: number }>,
) {
  return usePages(
    computed(() => ["leaderboard", toValue(shown)]),
    async (cursor, signal) => {
      const query = { ...toValue(shown), cursor };
      const { data } = await api.GET("/api/v1/leaderboard", { params: { query }, signal });
      return { ...data, items: data.items.map((row) => ({ ...row, id: row.seat.id })) };
    },
  );
}

/** What each act gave a seat, newest first; together they are its heat. */
export function useLines(
  seat: MaybeRefOrGetter<number>,
  counted: MaybeRefOrGetter<{ window: Window; on?: string; counted?: boolean }>,
) {
  return usePages(
    computed(() => ["leaderboard", "lines", toValue(seat), toValue(counted)]),
    async (cursor, signal) => {
      const params = { path: { seat_id: toValue(seat) }, query: { ...toValue(counted), cursor } };
      const { data } = await api.GET("/api/v1/leaderboard/{seat_id}/records", { params, signal });
      return { ...data, items: data.items.map((line, index) => ({ ...line, id: `${cursor ?? ""}${index}` })) };
    },
  );
}

/** Sectors or committees of the present term. */
export function useGroups(kind: MaybeRefOrGetter<"sector" | "committee">, enabled: MaybeRefOrGetter<boolean>) {
  return useQuery({
    queryKey: computed(() => ["groups", toValue(kind)]),
    queryFn: async ({ signal }) => {
      const path = toValue(kind) === "sector" ? "/api/v1/sectors" : "/api/v1/committees";
      return (await api.GET(path, { signal })).data;
    },
    staleTime: Infinity,
    enabled,
  });
}

/** How heat is computed, in words and with examples. */
export function useFormula() {
  return useQuery({
    queryKey: ["leaderboard", "formula"],
    queryFn: async ({ signal }) => (await api.GET("/api/v1/leaderboard/formula", { signal })).data,
  });
}

/** Heat with at most two decimals. */
export function heat(value: number): string {
  return String(Math.round(value * 100) / 100);
}
