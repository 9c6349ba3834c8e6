import { Offline } from "@lvyi/api";
import { useInfiniteQuery, type InfiniteData, type QueryKey } from "@tanstack/vue-query";
import { computed, ref, toValue, type ComputedRef, type MaybeRefOrGetter, type Ref } from "vue";

import { queryClient } from "./cache";

interface Page {
  items: unknown[];
  next?: string | null;
}

export interface Pages<P extends Page> {
  items: ComputedRef<P["items"]>;
  /** The first page as it came, for what stands beside its items. */
  first: ComputedRef<P | undefined>;
  state: ComputedRef<"loading" | "empty" | "error" | "offline" | "ready">;
  /** What the last request threw; the items stay. */
  problem: ComputedRef<Error | null>;
  /** Whether everything is loaded. */
  end: ComputedRef<boolean>;
  more: () => Promise<void>;
  moreState: ComputedRef<"idle" | "loading" | "error" | "offline">;
  /** Begins anew with the first page. */
  refresh: () => Promise<void>;
  refreshing: Ref<boolean>;
}

/**
 * A list by pages. `fetchPage` gets the cursor (none for the first page) and a signal to hand to the client; nothing is
 * asked for while it is not `enabled`.
 */
export function usePages<P extends Page>(
  key: MaybeRefOrGetter<QueryKey>,
  fetchPage: (cursor: string | undefined, signal: AbortSignal) => Promise<P>,
  enabled: MaybeRefOrGetter<boolean> = true,
): Pages<P> {
  const queryKey = computed(() => toValue(key));
  const query = useInfiniteQuery<P, Error, InfiniteData<P, string | undefined>, QueryKey, string | undefined>(
    {
      queryKey,
      enabled,
      queryFn: ({ pageParam, signal }) => fetchPage(pageParam, signal),
      initialPageParam: undefined,
      getNextPageParam: (page) => page.next ?? undefined,
    },
    queryClient,
  );
  const refreshing = ref(false);
  const problem = computed(() => query.error.value);
  const pages = computed(() => query.data.value?.pages ?? []);
  const items = computed(() => pages.value.flatMap((page) => page.items));
  const trouble = () => (problem.value instanceof Offline ? "offline" : "error");

  async function refresh(): Promise<void> {
    refreshing.value = true;
    queryClient.setQueryData<InfiniteData<P>>(queryKey.value, (data) => {
      return data && { pages: data.pages.slice(0, 1), pageParams: data.pageParams.slice(0, 1) };
    });
    await query.refetch().finally(() => (refreshing.value = false));
  }

  return {
    items,
    first: computed(() => pages.value[0]),
    state: computed(() => {
      if (pages.value.length) return items.value.length || query.hasNextPage.value ? "ready" : "empty";
      return problem.value && !query.isFetching.value ? trouble() : "loading";
    }),
    problem,
    end: computed(() => pages.value.length > 0 && !query.hasNextPage.value),
    more: async () => {
      if (query.hasNextPage.value && !query.isFetching.value) await query.fetchNextPage();
    },
    moreState: computed(() => {
      if (query.isFetchingNextPage.value) return "loading";
      return query.isFetchNextPageError.value ? trouble() : "idle";
    }),
    refresh,
    refreshing,
  };
}
