import { useQuery } from "@tanstack/vue-query";
import { api, type Schemas } from "@lvyi/api";
import { computed, type ComputedRef } from "vue";
import { useIdle } from "@/ui/idle";

const query = () =>
  useQuery({
    queryKey: ["notifications", "unread"],
    queryFn: async () => (await api.GET("/api/v1/notifications/unread")).data,
    enabled: useIdle(),
  });

/** How many notifications are unread, of all my organizations; 0 while it is not known. App.vue asks anew when the bell rings. */
export function useUnread(): ComputedRef<number> {
  const { data } = query();
  return computed(() => data.value?.count ?? 0);
}

/** My other organizations than the present one, with how many are unread there. */
export function useElsewhere(): ComputedRef<Schemas["UnreadElsewhere"][]> {
  const { data } = query();
  return computed(() => data.value?.elsewhere ?? []);
}
