/** A thread on the screen: its replies by pages in both directions, kept up to date without moving. */
import { api, Offline } from "@lvyi/api";
import { queryClient, useLive } from "@lvyi/shared";
import { useInfiniteQuery } from "@tanstack/vue-query";
import { computed, onScopeDispose, ref, watch, type Ref } from "vue";
import { repliesKey, type Loaded, type Order, type ReplyPage } from "./replies/replies";

const LIMIT = 30;
const FIRST = 8; // few at first: they are drawn sooner
const GATHER = 800; // milliseconds in which changes are asked for together

export interface View {
  order: Order;
  /** `unread` begins at the first unread reply; only where the oldest come first. */
  start: "first" | "unread";
}

export type OpenThread = ReturnType<typeof useThread>;

export function useThread(threadId: number, view: Ref<View>) {
  const key = computed(() => [...repliesKey(threadId), view.value.order, view.value.start]);
  const path = { thread_id: threadId };

  async function fetchPage(cursor: string | undefined, signal?: AbortSignal): Promise<ReplyPage> {
    const { order, start } = view.value;
    const limit = cursor || start === "unread" ? LIMIT : FIRST;
    const query = { order, limit, ...(cursor ? { cursor } : { start }) };
    return (await api.GET("/api/v1/threads/{thread_id}/replies", { params: { path, query }, signal })).data;
  }

  const query = useInfiniteQuery<ReplyPage, Error, Loaded, readonly unknown[], string | undefined>(
    {
      queryKey: key,
      queryFn: ({ pageParam, signal }) => fetchPage(pageParam, signal),
      initialPageParam: undefined,
      getNextPageParam: (page) => page.next ?? undefined,
      getPreviousPageParam: (page) => page.previous ?? undefined,
      // asking for everything anew would move what is being read: `renew` mends page by page
      staleTime: Infinity,
      structuralSharing: false,
      shallow: true,
    },
    queryClient,
  );
  const pages = computed(() => query.data.value?.pages ?? []);
  const ids = computed(() => new Set(pages.value.flatMap(({ items }) => items.map(({ id }) => id))));
  const end = computed(() => pages.value.length > 0 && !query.hasNextPage.value);
  const trouble = () => (query.error.value instanceof Offline ? ("offline" as const) : ("error" as const));

  /** Replies that came since and are not shown yet. */
  const waiting = ref(new Set<number>());
  watch(ids, (shown) => {
    for (const id of waiting.value) if (shown.has(id)) waiting.value.delete(id);
  });

  /** Fetches a page again: what is shown changes in its place, what is new follows at the end of the last page. */
  async function renew(index: number): Promise<void> {
    const before = query.data.value;
    if (!before?.pages[index]) return;
    const requestKey = key.value;
    const fresh = await fetchPage(before.pageParams[index]);
    queryClient.setQueryData<Loaded>(requestKey, (now) => {
      const page = now?.pages[index];
      if (!now || !page) return now;
      const byId = new Map(fresh.items.map((item) => [item.id, item]));
      const items = page.items.map((item) => byId.get(item.id) ?? item);
      const last = items.slice(-1)[0]?.id ?? 0;
      const isTail = view.value.order === "oldest" && page.next === null;
      const added = isTail ? fresh.items.filter(({ id }) => id > last) : [];
      const next = isTail ? fresh.next : page.next;
      const renewed = { ...page, items: [...items, ...added], next, reply_count: fresh.reply_count };
      return { ...now, pages: now.pages.map((other, i) => (i === index ? renewed : other)) };
    });
  }

  const due = new Set<number>();
  let timer = 0;
  function renewSoon(replyId: number): void {
    const index = pages.value.findIndex(({ items }) => items.some(({ id }) => id === replyId));
    if (index < 0) return;
    due.add(index);
    timer ||= window.setTimeout(() => {
      timer = 0;
      for (const page of due) void renew(page).catch(() => undefined); // the next change asks again
      due.clear();
    }, GATHER);
  }
  onScopeDispose(() => clearTimeout(timer));

  /** After events may have been missed. */
  async function catchUp(): Promise<void> {
    const [latest] = await newest();
    const { order } = view.value;
    if (latest && !ids.value.has(latest) && (order !== "oldest" || end.value)) waiting.value.add(latest);
    await renew(order === "oldest" ? pages.value.length - 1 : 0);
  }

  /** The id of the newest reply, and up to which I have read. */
  async function newest(): Promise<[latest: number | undefined, read: number]> {
    const params = { path, query: { order: "newest" as const, limit: 1 } };
    const { data } = await api.GET("/api/v1/threads/{thread_id}/replies", { params });
    return [data.items[0]?.id, data.last_read_id];
  }

  const changed = (change: { subject_id: number | null; id?: unknown }) =>
    renewSoon(Number(change.id ?? change.subject_id));
  const channel = `thread:${threadId}`;
  useLive({
    [`${channel}/reply.posted`]: ({ id }) => {
      if (!ids.value.has(Number(id))) waiting.value.add(Number(id));
    },
    [`${channel}/reply.supported`]: changed,
    [`${channel}/reply.hidden`]: changed,
    [`${channel}/reply.unhidden`]: changed,
    [`${channel}/reply.deleted`]: changed,
    reset: () => void catchUp().catch(() => undefined),
  });

  return {
    pages,
    ids,
    end,
    waiting,
    newest,
    renew,
    catchUp,
    problem: computed(() => query.error.value),
    state: computed(() => {
      const [first] = pages.value;
      if (first) return pages.value.some(({ items }) => items.length) || first.previous ? "ready" : "empty";
      return query.error.value && !query.isFetching.value ? trouble() : "loading";
    }),
    hasPrevious: computed(() => query.hasPreviousPage.value),
    fetching: computed(() => query.isFetching.value),
    failed: computed(() => query.isFetchNextPageError.value || query.isFetchPreviousPageError.value),
    more: async () => {
      if (query.hasNextPage.value && !query.isFetching.value) await query.fetchNextPage();
    },
    before: async () => {
      if (query.hasPreviousPage.value && !query.isFetching.value) await query.fetchPreviousPage();
    },
    /** Begins anew with the first page. */
    restart: async () => {
      queryClient.setQueryData<Loaded>(key.value, (now) => {
        return now && { pages: now.pages.slice(0, 1), pageParams: now.pageParams.slice(0, 1) };
      });
      await query.refetch();
      waiting.value.clear();
    },
  };
}
