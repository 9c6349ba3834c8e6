/** The figures that leaders look at, each with the screen of its records. */
import { useQuery } from "@tanstack/vue-query";
import { api, type Schemas } from "@lvyi/api";
import { computed, type Ref } from "vue";
import { screenOf } from "~/frame/addresses";
import type { Bar } from "./ChartPanel.vue";

const EVERY = 60_000;
const asked = <T>(name: string, ask: (signal: AbortSignal) => Promise<{ data: T }>) =>
  useQuery({ queryKey: ["overview", name], queryFn: async ({ signal }) => (await ask(signal)).data, refetchInterval: EVERY });

export const useOverview = () => asked("overview", (signal) => api.GET("/api/v1/statistics/overview", { signal }));
export const useSubjects = () => asked("subjects", (signal) => api.GET("/api/v1/statistics/subjects", { signal }));
export const useLeague = () => asked("league", (signal) => api.GET("/api/v1/statistics/units", { params: { query: { by: "on_time", limit: 10 } }, signal }));
export const useHotTopics = () => asked("topics", (signal) => api.GET("/api/v1/topics", { params: { query: { which: "open", limit: 20 } }, signal }));

export const useWords = () => asked("words", (signal) => api.GET("/api/v1/statistics/words", { signal }));

export function useParticipation(year: Ref<number | undefined>) {
  return useQuery({
    queryKey: computed(() => ["overview", "participation", year.value]),
    queryFn: async ({ signal }) => (await api.GET("/api/v1/statistics/participation", { params: { query: { year: year.value } }, signal })).data,
    refetchInterval: EVERY,
  });
}

/** What of an API path stands behind the question mark. */
const asOf = (path: string) => Object.fromEntries(new URLSearchParams(path.split("?")[1] ?? ""));
const members = (path: string) => ({ path: "/overview/members", query: asOf(path) });

export const monthBars = ({ months }: Schemas["Participation"]): Bar[] =>
  months.map(({ month, acts, path }) => ({ label: `${Number(month.slice(5, 7))}月`, values: [acts], to: [members(path)] }));

/** How often a seat of each sector acted on average, the busiest sector first. */
export const sectorBars = ({ sectors }: Schemas["Participation"]): Bar[] =>
  sectors
    .filter(({ seats }) => seats > 0)
    .map(({ name, seats, count, acts, path }) => ({ label: `${name}（${count}/${seats}）`, values: [Math.round((acts / seats) * 10) / 10], to: [members(path)] }))
    .sort((a, b) => b.values[0]! - a.values[0]!);

export const silentOf = ({ sectors }: Schemas["Participation"]): string[] => sectors.filter(({ seats, count }) => seats && !count).map(({ name }) => name);

export const subjectBars = ({ items }: Schemas["Subjects"]): Bar[] =>
  items.map(({ category, on_file, under_review }) => ({
    label: category,
    values: [on_file.count, under_review.count],
    to: [screenOf(on_file.path), screenOf(under_review.path)],
  }));

export const leagueBars = ({ items }: Schemas["League"]): Bar[] =>
  items.flatMap(({ unit, measures }) => {
    const rate = measures.find(({ measure }) => measure === "on_time")?.rate;
    return rate == null ? [] : [{ label: unit.name, values: [Math.round(rate * 100)], to: [`/proposals?scope=filed&unit_id=${unit.id}`] }];
  });

export const topicBars = ({ items }: Schemas["Page_TopicRow_"]): Bar[] =>
  [...items]
    .sort((a, b) => b.reply_count - a.reply_count)
    .slice(0, 6)
    .map(({ title, reply_count }) => ({ label: title.length > 16 ? `${title.slice(0, 15)}…` : title, values: [reply_count] }));
