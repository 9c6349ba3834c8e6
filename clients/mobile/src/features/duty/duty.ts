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
  measure?: Schemas["Measure"];
}

type Count = Schemas["KindCount"];

type DutyYear = Schemas["YearOut"];

/** The duty years of my organization, the latest first; empty while they are not known. */
export function useDutyYears(): ComputedRef<DutyYear[]> {
  const { data } = useQuery({
    queryKey: ["duty", "years"],
    queryFn: async ({ signal }) => (await api.GET("/api/v1/duty-years", { signal })).data.years,
    staleTime: 3_600_000,
  });
  return computed(() => data.value ?? []);
}

/** The duty years in which a seat was held until now, the present first. */
export function yearsHeld(seat: { starts_on: string; ends_on: string }, years: DutyYear[]): DutyYear[] {
  const present = years.findIndex(({ current }) => current);
  return years.slice(present).filter((it) => it.starts_on <= seat.ends_on && seat.starts_on <= it.ends_on);
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
    measure: one("measure") as RecordFilter["measure"],
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
