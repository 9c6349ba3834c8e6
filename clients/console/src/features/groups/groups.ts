/** The sectors and committees of the present term. */
import { useQuery } from "@tanstack/vue-query";
import { api } from "@lvyi/api";

export function useSectors() {
  return useQuery({ queryKey: ["sectors"], queryFn: async () => (await api.GET("/api/v1/sectors")).data, staleTime: 300_000 });
}

export function useCommittees() {
  return useQuery({ queryKey: ["committees"], queryFn: async () => (await api.GET("/api/v1/committees")).data, staleTime: 300_000 });
}
