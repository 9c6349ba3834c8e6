/** What waits at the desks: asked for once for all of them, and anew as things change. */
import { useQuery } from "@tanstack/vue-query";
import { api, type Schemas } from "@lvyi/api";
import { queryClient, useLive } from "@lvyi/shared";
import { computed, type Ref } from "vue";

export type Queue = Schemas["DeskEntry"];

const KEY = ["desks"];

/** Asks anew what waits, after something was done. */
export function recount(): void {
  void queryClient.invalidateQueries({ queryKey: KEY });
}

export function useCounts(): {
  queues: Ref<Queue[] | undefined>;
  atDesk: (key: string) => { count: number; late: number } | undefined;
  problem: Ref<unknown>;
} {
  const query = useQuery({ queryKey: KEY, queryFn: async () => (await api.GET("/api/v1/desks")).data, refetchInterval: 60_000 });
  useLive({ reset: recount, "notification.added": recount });
  const sums = computed(() => new Map<string, Schemas["DeskSum"]>(query.data.value?.desks.map((sum) => [sum.desk, sum])));
  return { queues: computed(() => query.data.value?.items), atDesk: (key) => sums.value.get(key), problem: query.error };
}
