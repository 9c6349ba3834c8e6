/** Who else has which proposals open, for the rows of a list. */
import { api } from "@lvyi/api";
import { useLive, useSession } from "@lvyi/shared";
import { useQuery } from "@tanstack/vue-query";
import { computed } from "vue";

export function useViewers(): { at: (id: number) => string } {
  const { me } = useSession();
  const query = useQuery({
    queryKey: ["presence", "proposal"],
    enabled: computed(() => me.value?.permissions.includes("presence.show") ?? false),
    refetchInterval: 60_000,
    queryFn: async ({ signal }) => (await api.GET("/api/v1/presence", { params: { query: { kind: "proposal" } }, signal })).data.items,
  });
  const again = () => void query.refetch();
  if (me.value?.permissions.includes("presence.show")) useLive({ reset: again, "desk/presence.changed": again });
  const names = computed(() => {
    const found = new Map<string, string[]>();
    for (const { subject, name } of query.data.value ?? []) found.set(subject, [...(found.get(subject) ?? []), name]);
    return found;
  });
  return { at: (id) => names.value.get(`proposal:${id}`)?.join("、") ?? "" };
}
