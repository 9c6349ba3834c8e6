/** The sectors, committees and other bodies of the present term. */
import { useQuery } from "@tanstack/vue-query";
import { api } from "@lvyi/api";

/** Said to whom saves while pasted names are not matched yet. */
export const UNMATCHED = "粘贴的名单里还有没加入的名字：请先核对、改正，或者从名单里去掉。";

export function useSectors() {
  return useQuery({ queryKey: ["sectors"], queryFn: async () => (await api.GET("/api/v1/sectors")).data, staleTime: 300_000 });
}

/** Parties, teams and groups; sectors and committees are asked for by themselves. */
export function useTeams() {
  return useQuery({
    queryKey: ["people", "teams"],
    queryFn: async () => (await api.GET("/api/v1/bodies")).data.filter(({ sector_id, committee_id }) => sector_id === null && committee_id === null),
    staleTime: 300_000,
  });
}

export function useCommittees() {
  return useQuery({ queryKey: ["committees"], queryFn: async () => (await api.GET("/api/v1/committees")).data, staleTime: 300_000 });
}
