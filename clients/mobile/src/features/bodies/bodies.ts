/** Bodies (参加单位): parties, sectors and committees that put proposals forward, and what they have put forward. */
import { useQuery } from "@tanstack/vue-query";
import { api, type Schemas } from "@lvyi/api";
import { queryClient, usePages } from "@lvyi/shared";
import { computed, type Ref } from "vue";
import type { LocationQuery } from "vue-router";

export type Body = Schemas["BodyOut"];
export type BodyPage = Schemas["BodyPage"];
export type BodyFigures = Schemas["BodyFigures"];

/** All of the present term, or those for which I may act. */
export function useBodies(mine = false) {
  return useQuery({
    queryKey: ["bodies", mine],
    queryFn: async ({ signal }) => (await api.GET("/api/v1/bodies", { params: { query: { mine } }, signal })).data,
  });
}

export function useBody(id: number) {
  return useQuery({
    queryKey: ["bodies", "one", id],
    queryFn: async ({ signal }) => {
      return (await api.GET("/api/v1/bodies/{body_id}", { params: { path: { body_id: id } }, signal })).data;
    },
  });
}

/** Who belongs to it today, its head first. */
export function useBodyMembers(id: number) {
  return useQuery({
    queryKey: ["bodies", "members", id],
    queryFn: async ({ signal }) => {
      return (await api.GET("/api/v1/bodies/{body_id}/members", { params: { path: { body_id: id } }, signal })).data;
    },
  });
}

/** What each body of a term has put forward. */
export function useBodyFigures(term?: number) {
  return useQuery({
    queryKey: ["bodies", "figures", term],
    queryFn: async ({ signal }) => {
      return (await api.GET("/api/v1/proposal-bodies", { params: { query: { term_id: term } }, signal })).data;
    },
  });
}

/** What it did in a duty year; by default in the newest of its term. */
export function useBodyPage(id: number, year: Ref<number | undefined>) {
  return useQuery({
    queryKey: computed(() => ["bodies", "page", id, year.value]),
    queryFn: async ({ signal }) => {
      const params = { path: { body_id: id }, query: { year: year.value } };
      return (await api.GET("/api/v1/bodies/{body_id}/page", { params, signal })).data;
    },
    placeholderData: (before) => before,
  });
}

/** What a figure of its page counts; the query is that of the figure's path. */
export function useBodyWorks(id: number, query: LocationQuery) {
  return usePages(["bodies", "works", id, query], async (cursor, signal) => {
    const params = { path: { body_id: id }, query: { ...query, cursor } };
    return (await api.GET("/api/v1/bodies/{body_id}/works", { params, signal })).data;
  });
}

export function useBodyRecords(id: number, query: LocationQuery) {
  return usePages(["bodies", "records", id, query], async (cursor, signal) => {
    const params = { path: { body_id: id }, query: { ...query, cursor } };
    return (await api.GET("/api/v1/bodies/{body_id}/records", { params, signal })).data;
  });
}

/** Says what it is known for, over the version that was read. */
export async function writeBrand(id: number, version: number, body: Schemas["BrandIn"]): Promise<void> {
  const params = { path: { body_id: id }, header: { "if-match": `"${version}"` } };
  await api.PUT("/api/v1/bodies/{body_id}/brand", { params, body });
  await queryClient.invalidateQueries({ queryKey: ["bodies", "page", id] });
}

/** Its proposals on file, newest first. */
export function useBodyProposals(id: number) {
  return usePages(["proposals", "list", "body", id], async (cursor, signal) => {
    const query = { scope: "filed" as const, body_id: id, cursor };
    return (await api.GET("/api/v1/proposals", { params: { query }, signal })).data;
  });
}
