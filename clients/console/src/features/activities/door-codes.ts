/** The codes at the door: fetched for ten minutes at once, so that a wall goes on through a lost connection. */
import { api, type Schemas } from "@lvyi/api";
import { useQuery } from "@tanstack/vue-query";
import { computed, onScopeDispose, ref, type Ref } from "vue";

/** What was fetched, and when it came: a slow answer shows a code a little too long, which is still taken, never too early. */
export type Fetched = Schemas["DoorCodes"] & { at: number };

/** The code to show, and for how many more seconds; null when what was fetched is used up. */
export function shownAt({ at, codes, seconds_left, step_seconds }: Fetched, now: number) {
  const past = (now - at) / 1000 - seconds_left; // since the first code went
  const index = past < 0 ? 0 : Math.floor(past / step_seconds) + 1;
  const shown = codes[index];
  return shown ? { ...shown, left: Math.ceil(index * step_seconds - past) } : null;
}

export function useDoorCodes(id: Ref<number>) {
  const now = ref(Date.now());
  const timer = setInterval(() => (now.value = Date.now()), 500);
  onScopeDispose(() => clearInterval(timer));
  const query = useQuery({
    queryKey: computed(() => ["door codes", id.value]),
    queryFn: async ({ signal }): Promise<Fetched> => {
      const params = { path: { activity_id: id.value } };
      const { data } = await api.GET("/api/v1/activities/{activity_id}/sign-in-codes", { params, signal });
      return { ...data, at: Date.now() };
    },
    enabled: computed(() => id.value > 0),
    refetchInterval: 60_000,
    refetchIntervalInBackground: true,
    gcTime: 0,
  });
  return { query, shown: computed(() => query.data.value && shownAt(query.data.value, now.value)) };
}
