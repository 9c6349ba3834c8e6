/** The circle: updates as they lie in the cache, and what a member does to one of them. */
import { useQuery } from "@tanstack/vue-query";
import { api, type Schemas } from "@lvyi/api";
import { queryClient, useLive, usePages, useSession, type Pages } from "@lvyi/shared";
import type { InfiniteData } from "@tanstack/vue-query";
import { computed, toValue, watch, type ComputedRef, type MaybeRefOrGetter } from "vue";
import { confirm, toast } from "@lvyi/shared/ui";
import { whenIdle } from "@/ui/idle";

export type Update = Schemas["UpdateOut"];
export type Feed = Schemas["FeedPage"];
export type Scope = "all" | "sector" | "committees";

/** Updates, newest first: of a part of the circle, or of one member. */
export function useCircle(of: MaybeRefOrGetter<{ scope?: Scope; seat_id?: number }>): Pages<Feed> {
  const { may } = useSession();
  return usePages(
    () => ["updates", "list", toValue(of)],
    async (cursor, signal) => {
      const query = { ...toValue(of), cursor, limit: cursor ? 20 : 8 }; // few at first: they are drawn sooner
      return (await api.GET("/api/v1/updates", { params: { query }, signal })).data;
    },
    () => may("circle.read"),
  );
}

/** The kind of duty that I told of last: the likeliest one next time. */
export function useUsualKind(): ComputedRef<Update["kind"]> {
  const { me } = useSession();
  const seat_id = me.value?.seat?.id;
  const { data } = useQuery({
    queryKey: ["updates", "last", seat_id],
    queryFn: async ({ signal }) => {
      return (await api.GET("/api/v1/updates", { params: { query: { seat_id, limit: 1 } }, signal })).data.items;
    },
  });
  return computed(() => data.value?.[0]?.kind ?? "other");
}

/** How many updates of others came since the newest of `feed`, the whole circle, was fetched. */
export function useNewUpdates(feed: Pages<Feed>): ComputedRef<number> {
  const { me } = useSession();
  const queryKey = ["updates", "state"];
  const state = useQuery({
    queryKey,
    queryFn: async () => (await api.GET("/api/v1/updates/state")).data,
    enabled: false,
  });
  const ask = () => void state.refetch();
  async function tell(newest: number): Promise<void> {
    await api.PUT("/api/v1/updates/seen", { body: { last_update_id: newest } }).catch(() => undefined);
    queryClient.setQueryData(queryKey, { last_update_id: newest, unread: 0 });
  }
  watch(
    () => feed.first.value?.items[0]?.id,
    (newest) => {
      if (newest && me.value) whenIdle(() => void tell(newest));
    },
    { immediate: true },
  );
  useLive({ "feed/update.posted": ask, reset: ask });
  return computed(() => state.data.value?.unread ?? 0);
}

/** Changes one update wherever it is shown. */
export function patchUpdate(id: number, change: Partial<Update>): void {
  queryClient.setQueryData<Update>(["updates", "one", id], (update) => update && { ...update, ...change });
  queryClient.setQueriesData<InfiniteData<Feed>>({ queryKey: ["updates", "list"] }, (loaded) => {
    if (!loaded?.pages.some(({ items }) => items.some((item) => item.id === id))) return loaded;
    const pages = loaded.pages.map((page) => ({
      ...page,
      items: page.items.map((item) => (item.id === id ? { ...item, ...change } : item)),
    }));
    return { ...loaded, pages };
  });
}

/** Gives my support or takes it back; shown at once, undone when the server refuses. */
export async function supportUpdate({ id, supported, support_count }: Update): Promise<void> {
  const params = { params: { path: { update_id: id } } };
  patchUpdate(id, { supported: !supported, support_count: support_count + (supported ? -1 : 1) });
  try {
    const ask = supported ? api.DELETE : api.PUT;
    patchUpdate(id, (await ask("/api/v1/updates/{update_id}/support", params)).data);
    void queryClient.invalidateQueries({ queryKey: ["supporters", id] });
  } catch (error) {
    patchUpdate(id, { supported, support_count });
    throw error;
  }
}

/** Deletes my update after asking; false when I think better of it. */
export async function removeUpdate(id: number): Promise<boolean> {
  const text = "删除后，动态和它的回复不再显示，也不再计入履职记录。";
  if (!(await confirm({ title: "删除这条动态？", text, yes: "删除", danger: true }))) return false;
  await api.DELETE("/api/v1/updates/{update_id}", { params: { path: { update_id: id } } });
  void queryClient.invalidateQueries({ queryKey: ["updates", "list"] });
  queryClient.removeQueries({ queryKey: ["updates", "one", id] });
  toast("已删除。");
  return true;
}
