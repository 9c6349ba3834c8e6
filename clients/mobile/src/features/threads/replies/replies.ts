/** Replies as they lie in the cache, and what a member does to one of them. */
import { api, type Schemas } from "@lvyi/api";
import { queryClient, usePages, type Pages } from "@lvyi/shared";
import { useQuery, type InfiniteData } from "@tanstack/vue-query";
import { computed, toValue, type MaybeRefOrGetter } from "vue";
import { confirm, toast } from "@lvyi/shared/ui";

export type Reply = Schemas["ReplyOut"];
export type ReplyPage = Schemas["ThreadPage"];
export type Order = "oldest" | "newest" | "hottest";
export type Loaded = InfiniteData<ReplyPage, string | undefined>;

/** All lists of replies of a thread begin with this key. */
export const repliesKey = (threadId: number) => ["threads", threadId, "replies"];

/** One reply, with its thread. */
export function useReply(id: MaybeRefOrGetter<number>) {
  return useQuery({
    queryKey: computed(() => ["replies", toValue(id)]),
    queryFn: async ({ signal }) => {
      return (await api.GET("/api/v1/replies/{reply_id}", { params: { path: { reply_id: toValue(id) } }, signal })).data;
    },
  });
}

/** The replies under a top-level one, oldest first. */
export function useRepliesUnder(threadId: MaybeRefOrGetter<number>, under: MaybeRefOrGetter<number>): Pages<ReplyPage> {
  return usePages(
    () => [...repliesKey(toValue(threadId)), "under", toValue(under)],
    async (cursor, signal) => {
      const path = { thread_id: toValue(threadId) };
      const query = { under: toValue(under), limit: 30, cursor };
      return (await api.GET("/api/v1/threads/{thread_id}/replies", { params: { path, query }, signal })).data;
    },
  );
}

/** Changes one reply wherever it is shown. */
export function patchReply(reply: Pick<Reply, "id" | "thread_id">, change: Partial<Reply>): void {
  queryClient.setQueryData<Reply>(["replies", reply.id], (one) => one && { ...one, ...change });
  queryClient.setQueriesData<Loaded>({ queryKey: repliesKey(reply.thread_id) }, (loaded) => {
    if (!loaded?.pages.some(({ items }) => items.some(({ id }) => id === reply.id))) return loaded;
    const pages = loaded.pages.map((page) => ({
      ...page,
      items: page.items.map((item) => (item.id === reply.id ? { ...item, ...change } : item)),
    }));
    return { ...loaded, pages };
  });
}

/** Gives my support or takes it back; shown at once, undone when the server refuses. */
export async function supportReply(reply: Reply): Promise<void> {
  const { supported, support_count } = reply;
  const params = { params: { path: { reply_id: reply.id } } };
  patchReply(reply, { supported: !supported, support_count: support_count + (supported ? -1 : 1) });
  try {
    const ask = supported ? api.DELETE : api.PUT;
    patchReply(reply, (await ask("/api/v1/replies/{reply_id}/support", params)).data);
  } catch (error) {
    patchReply(reply, { supported, support_count });
    throw error;
  }
}

/** Deletes my reply after asking; its place stays. */
export async function removeReply(reply: Reply): Promise<void> {
  const text = "删除后，这条发言不再计入履职记录。";
  if (!(await confirm({ title: "删除这条发言？", text, yes: "删除", danger: true }))) return;
  await api.DELETE("/api/v1/replies/{reply_id}", { params: { path: { reply_id: reply.id } } });
  patchReply(reply, { state: "deleted", state_label: "已删除", body: "", may: [] });
  toast("已删除。");
}
