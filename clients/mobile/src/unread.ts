import { useQuery } from "@tanstack/vue-query";
import { api } from "@lvyi/api";
import { computed, type ComputedRef } from "vue";
import { useIdle } from "./idle";

/** How many notifications are unread; 0 while it is not known. App.vue asks anew when the bell rings. */
export function useUnread(): ComputedRef<number> {
  const { data } = useQuery({
    queryKey: ["notifications", "unread"],
    queryFn: async () => (await api.GET("/api/v1/notifications/unread")).data.count,
    enabled: useIdle(),
  });
  return computed(() => data.value ?? 0);
}
