/** Annual bulletins (年度通报): the versions, the figures of one, and the lists that figures open. */
import { api, type Schemas } from "@lvyi/api";
import { usePages } from "@lvyi/shared";
import { useQuery } from "@tanstack/vue-query";
import { computed, toValue, type MaybeRefOrGetter } from "vue";
import type { LocationQuery } from "vue-router";

export type Counts = Schemas["BulletinCounts"];
export type Crowd = Schemas["BulletinCrowd"];
export type Dimension = "sector" | "committee" | "body";
export const DIMENSIONS: Record<Dimension, string> = { sector: "界别", committee: "专委会", body: "参加单位" };

/** The present version of each year, newest first. */
export function useBulletins() {
  return usePages(["bulletins", "list"], async (cursor, signal) => {
    return (await api.GET("/api/v1/bulletins", { params: { query: { cursor } }, signal })).data;
  });
}

export function useBulletin(id: number) {
  return useQuery({
    queryKey: ["bulletins", "one", id],
    queryFn: async ({ signal }) => {
      return (await api.GET("/api/v1/bulletins/{bulletin_id}", { params: { path: { bulletin_id: id } }, signal })).data;
    },
  });
}

/** The sectors or committees, with what they did of a kind. */
export function useGroups(id: number, shown: MaybeRefOrGetter<{ by: Dimension; kind: string }>) {
  return useQuery({
    queryKey: computed(() => ["bulletins", "groups", id, toValue(shown)]),
    queryFn: async ({ signal }) => {
      const params = { path: { bulletin_id: id }, query: toValue(shown) };
      return (await api.GET("/api/v1/bulletins/{bulletin_id}/groups", { params, signal })).data;
    },
  });
}

/** All that a sector or committee did. */
export function useGroup(id: number, query: LocationQuery) {
  return useQuery({
    queryKey: ["bulletins", "group", id, query],
    queryFn: async ({ signal }) => {
      const params = { path: { bulletin_id: id }, query };
      return (await api.GET("/api/v1/bulletins/{bulletin_id}/kinds", { params, signal })).data;
    },
  });
}

/** The rows that a figure counts; the query is that of the figure's path. */
export function useRecordsOf(id: number, query: LocationQuery) {
  return usePages(["bulletins", "records", id, query], async (cursor, signal) => {
    const params = { path: { bulletin_id: id }, query: { ...query, cursor } };
    return (await api.GET("/api/v1/bulletins/{bulletin_id}/records", { params, signal })).data;
  });
}

export function useSubjectsOf(id: number, query: LocationQuery) {
  return usePages(["bulletins", "subjects", id, query], async (cursor, signal) => {
    const params = { path: { bulletin_id: id }, query: { ...query, cursor } };
    const { data } = await api.GET("/api/v1/bulletins/{bulletin_id}/subjects", { params, signal });
    return { ...data, items: data.items.map((row) => ({ ...row, id: `${row.subject_type}:${row.subject_id}` })) };
  });
}

export function useMembersOf(id: number, query: LocationQuery) {
  return usePages(["bulletins", "members", id, query], async (cursor, signal) => {
    const params = { path: { bulletin_id: id }, query: { ...query, cursor } };
    const { data } = await api.GET("/api/v1/bulletins/{bulletin_id}/members", { params, signal });
    return { ...data, items: data.items.map((row) => ({ ...row, id: row.seat.id })) };
  });
}

export function useProposalsOf(id: number, query: LocationQuery) {
  return usePages(["bulletins", "proposals", id, query], async (cursor, signal) => {
    const params = { path: { bulletin_id: id }, query: { ...query, cursor } };
    return (await api.GET("/api/v1/bulletins/{bulletin_id}/proposals", { params, signal })).data;
  });
}

/** Who has minimum duties left; for staff. */
export function useUnmet(id: number) {
  return usePages(["bulletins", "unmet", id], async (cursor, signal) => {
    const params = { path: { bulletin_id: id }, query: { cursor } };
    const { data } = await api.GET("/api/v1/bulletins/{bulletin_id}/unmet", { params, signal });
    return { ...data, items: data.items.map((row) => ({ ...row, id: row.seat.id })) };
  });
}

/** What an address asks for, in words: 2025 年 · 教育界 · 提案立案; the name of the kind as the bulletin has it. */
export function useAsked(id: number, query: LocationQuery) {
  const { data } = useBulletin(id);
  return computed(() => {
    const kind = data.value?.kinds.find((it) => it.kind === query.kind)?.kind_label;
    return [query.year && `${String(query.year)} 年`, query.sector, query.committee, query.body, kind].filter(Boolean).join(" · ");
  });
}

/** Per head in both years: 人均 0.66，上年 0.61，增长 8.2%; a year that runs is compared with the same days. */
export function compared({ now, before, change }: Pick<Counts, "now" | "before" | "change">): string {
  const each = (value: number | null) => (value === null ? "—" : value.toFixed(2));
  const grown = change === null ? "" : change === 0 ? "，持平" : `，${change > 0 ? "增长" : "减少"} ${Math.abs(change * 100).toFixed(1)}%`;
  return `人均 ${each(now.per_head)}，${before.label} ${each(before.per_head)}${grown}`;
}
