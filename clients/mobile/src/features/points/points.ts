/** Points (履职积分): a seat's score with its lines, the records behind one, and the board. */
import { api, type Schemas } from "@lvyi/api";
import { day, usePages } from "@lvyi/shared";
import { useQuery } from "@tanstack/vue-query";
import { computed, toValue, type MaybeRefOrGetter } from "vue";

/** The score of a seat in a duty year (the present one). */
export function useScore(seat: MaybeRefOrGetter<number>, year: MaybeRefOrGetter<number | undefined>) {
  return useQuery({
    queryKey: computed(() => ["points", "score", toValue(seat), toValue(year)]),
    queryFn: async ({ signal }) => {
      const params = { path: { seat_id: toValue(seat) }, query: { year: toValue(year) } };
      return (await api.GET("/api/v1/seats/{seat_id}/score", { params, signal })).data;
    },
    enabled: () => toValue(seat) > 0,
  });
}

/** The records of a part of a score (`rule:…`, `minimum:…`, `unscored`), newest first. */
export function useScoredRecords(
  seat: MaybeRefOrGetter<number>,
  shown: MaybeRefOrGetter<{ part: string; year?: number }>,
) {
  return usePages(
    computed(() => ["points", "records", toValue(seat), toValue(shown)]),
    async (cursor, signal) => {
      const { part, year } = toValue(shown);
      const params = { path: { seat_id: toValue(seat), part }, query: { year, cursor } };
      return (await api.GET("/api/v1/seats/{seat_id}/score/records/{part}", { params, signal })).data;
    },
  );
}

/** A board of points, or of one of its sectors or committees; without `board` the first one. Rows have their seat as `id`. */
export function usePointsBoard(shown: MaybeRefOrGetter<{ board?: string; sector_id?: number; committee_id?: number }>) {
  return usePages(
    computed(() => ["points", "board", toValue(shown)]),
    async (cursor, signal) => {
      const query = { ...toValue(shown), cursor };
      const { data } = await api.GET("/api/v1/points-board", { params: { query }, signal });
      return { ...data, items: data.items.map((row) => ({ ...row, id: row.seat.id })) };
    },
  );
}

/** Points as people write them, with a true minus. */
export function points(value: number): string {
  return String(value).replace("-", "−");
}

/** What is to be said of a record: its day and kind, how much it counts, and why it gave no more. */
export function notesOf(record: Schemas["ScoredRecord"]): string[] {
  const amount = record.quantity > 1 ? ` · ${record.quantity} ${record.unit}` : "";
  return [`${day(record.on)} · ${record.kind_label}${amount}`, ...(record.reason ? [record.reason] : [])];
}

/** What is to be said of a line: the rule in words, how many records, and why not more. */
export function saysOf(line: Schemas["ScoreLine"]): string[] {
  const count = line.records ? [`${line.records} 条记录`] : [];
  const first = [line.says, ...count].filter(Boolean).join(" · ");
  const whyOf = ({ reason, records }: Schemas["Reason"]) => (records ? `${records} 条：${reason}` : reason);
  return [...(first ? [first] : []), ...line.reasons.map(whyOf)];
}

/** The months whose boards are kept, newest first. */
export function useSnapshots() {
  return usePages(["snapshots"], async (cursor, signal) => {
    const { data } = await api.GET("/api/v1/board-snapshots", { params: { query: { cursor } }, signal });
    return { ...data, items: data.items.map((it) => ({ ...it, id: `${it.figure}/${it.month}` })) };
  });
}

/** A board as it stood when a month had ended; without `board` its first one. Rows have their seat as `id`. */
export function useSnapshot(shown: MaybeRefOrGetter<{ figure: "heat" | "points"; month: string; board?: string }>) {
  return usePages(
    computed(() => ["snapshots", toValue(shown)]),
    async (cursor, signal) => {
      const { board, ...path } = toValue(shown);
      const params = { path, query: { board, cursor } };
      const { data } = await api.GET("/api/v1/board-snapshots/{figure}/{month}", { params, signal });
      return { ...data, items: data.items.map((row) => ({ ...row, id: row.seat.id })) };
    },
  );
}
