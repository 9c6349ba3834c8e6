/** Bodies (参加单位): parties, sectors and committees that put proposals forward, and what they have put forward. */
import { useQuery } from "@tanstack/vue-query";
import { api, type Schemas } from "@lvyi/api";
import { usePages } from "@lvyi/shared";

export type Body = Schemas["BodyOut"];
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

/** Its proposals on file, newest first. */
export function useBodyProposals(id: number) {
  return usePages(["proposals", "list", "body", id], async (cursor, signal) => {
    const query = { scope: "filed" as const, body_id: id, cursor };
    return (await api.GET("/api/v1/proposals", { params: { query }, signal })).data;
  });
}
