/** Whom I look after, and who looks after me. */
import { api, type Schemas } from "@lvyi/api";
import { usePages } from "@lvyi/shared";
import { useQuery } from "@tanstack/vue-query";

export type Contact = Schemas["ContactOut"];

/** Those that I look after now, the ones not yet visited this year first. */
export function useMyContacts() {
  return usePages(["contacts", "mine"], async (cursor, signal) => {
    const query = { mine: true, current: true, cursor, limit: 50 };
    return (await api.GET("/api/v1/contacts", { params: { query }, signal })).data;
  });
}

/** Who looks after me now. */
export function useLookedAfterBy() {
  return useQuery({
    queryKey: ["contacts", "of-me"],
    queryFn: async ({ signal }) => {
      const query = { of_me: true, current: true };
      return (await api.GET("/api/v1/contacts", { params: { query }, signal })).data.items;
    },
  });
}
