/** The ledger of duty: its years, how many records of each kind a member has, and the records. */
import { api, type Schemas } from "@lvyi/api";
import { usePages } from "@lvyi/shared";
import { useQuery } from "@tanstack/vue-query";
import { computed, toValue, type ComputedRef, type MaybeRefOrGetter } from "vue";
import type { LocationQuery } from "vue-router";

/** Which records, in the words of the API. */
export interface RecordFilter {
  kind?: string[];
  role?: "lead" | "participant";
  level?: Schemas["Level"];
  year?: number;
  since?: string;
  until?: string;
}

type Count = Schemas["KindCount"];

/** The present duty year, and the last day (`11-30`) of each; null while it is not known. */
export function useDutyYear(): ComputedRef<{ year: number; lastDay: string } | null> {
  const { data } = useQuery({
    queryKey: ["duty", "year"],
    queryFn: async ({ signal }) => {
      const query = { window: "duty_year" as const, limit: 1 };
      return (await api.GET("/api/v1/leaderboard", { params: { query }, signal })).data.window.ends_on;
    },
    staleTime: 3_600_000,
  });
  return computed(() => (data.value ? { year: Number(data.value.slice(0, 4)), lastDay: data.value.slice(5) } : null));
}

/** The duty years in which a seat was held until now, the present first. */
export function yearsHeld(
  seat: { starts_on: string; ends_on: string },
  present: { year: number; lastDay: string },
): number[] {
  const yearOf = (on: string) => Number(on.slice(0, 4)) + (on.slice(5) > present.lastDay ? 1 : 0);
  const [first, last] = [yearOf(seat.starts_on), Math.min(yearOf(seat.ends_on), present.year)];
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, back) => last - back);
}

export function useSeat(id: MaybeRefOrGetter<number>) {
  return useQuery({
    queryKey: computed(() => ["seats", toValue(id)]),
    queryFn: async ({ signal }) => {
      const path = { seat_id: toValue(id) };
      return (await api.GET("/api/v1/seats/{seat_id}", { params: { path }, signal })).data;
    },
    enabled: () => toValue(id) > 0,
  });
}

/** How many records of each kind a seat has in a duty year, or ever; waits until `year` is known (not null). */
export function useRecordCounts(seat: MaybeRefOrGetter<number>, year: MaybeRefOrGetter<number | null | undefined>) {
  return useQuery({
    queryKey: computed(() => ["duty", "counts", toValue(seat), toValue(year)]),
    queryFn: async ({ signal }) => {
      const params = { path: { seat_id: toValue(seat) }, query: { year: toValue(year) } };
      return (await api.GET("/api/v1/seats/{seat_id}/record-counts", { params, signal })).data;
    },
    enabled: () => toValue(seat) > 0 && toValue(year) !== null,
  });
}

export function useRecords(seat: MaybeRefOrGetter<number>, filter: MaybeRefOrGetter<RecordFilter>) {
  return usePages(
    computed(() => ["duty", "records", toValue(seat), toValue(filter)]),
    async (cursor, signal) => {
      const params = { path: { seat_id: toValue(seat) }, query: { ...toValue(filter), cursor } };
      return (await api.GET("/api/v1/seats/{seat_id}/records", { params, signal })).data;
    },
  );
}

/** The filter in the query of an address, which has the form of the API's. */
export function filterIn(query: LocationQuery): RecordFilter {
  const one = (name: string) => [query[name]].flat()[0] ?? undefined;
  const kinds = [query.kind].flat().filter((kind) => typeof kind === "string");
  return {
    kind: kinds.length ? kinds : undefined,
    role: one("role") as RecordFilter["role"],
    level: one("level") as RecordFilter["level"],
    year: Number(one("year")) || undefined,
    since: one("since"),
    until: one("until"),
  };
}

/** Kinds of acts that belong together, by the noun that their name begins with. */
const GROUPS: [title: string, nouns: string[]][] = [
  ["网络议政", ["update", "reply", "topic"]],
  ["提案", ["proposal"]],
  ["社情民意", ["opinion"]],
  ["会议活动", ["activity", "speech", "consultation"]],
  ["委员读书", ["reading"]],
  ["服务与荣誉", ["service", "honor"]],
];

/** Counts under headings, in the order of the archive; kinds that are new to this client come last. */
export function grouped(counts: Count[]): { title: string; counts: Count[] }[] {
  const nounOf = ({ kind }: Count) => kind.split(".")[0]!;
  const known = GROUPS.flatMap(([, nouns]) => nouns);
  const groups = GROUPS.map(([title, nouns]) => ({ title, counts: counts.filter((it) => nouns.includes(nounOf(it))) }));
  groups.push({ title: "其他", counts: counts.filter((it) => !known.includes(nounOf(it))) });
  return groups.filter((group) => group.counts.length);
}
