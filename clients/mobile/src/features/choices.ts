import { api } from "@lvyi/api";
import { useQuery } from "@tanstack/vue-query";

/** The codes that are offered for choosing, with their labels; they change with the server's version only. */
export function useChoices() {
  return useQuery({
    queryKey: ["choices"],
    queryFn: async ({ signal }) => (await api.GET("/api/v1/choices", { signal })).data,
    staleTime: Infinity,
  });
}
