/** What is being written into a thread: one draft a thread, wherever it is written. */
import { useOutbox, type Item } from "@lvyi/shared";
import { useDraft } from "@lvyi/shared/drafts";
import { computed } from "vue";
import { repliesKey, type Reply } from "./replies";

interface Words {
  body: string;
  /** The reply that is answered. */
  to: { id: number; name: string } | null;
  mentions: { seat_id: number; name: string }[];
}

export type ReplyDraft = ReturnType<typeof useReplyDraft>;

const pathOf = (threadId: number) => `/api/v1/threads/${threadId}/replies`;

export function useReplyDraft(threadId: number, route: string) {
  const draft = useDraft<Words>("reply", threadId, {
    empty: { body: "", to: null, mentions: [] },
    route,
    title: ({ body }) => (body.trim() ? `回复：${body.trim().slice(0, 30)}` : ""),
    staysInPlace: true,
  });

  function answer(reply: Pick<Reply, "id" | "author_name">): void {
    draft.value.to = { id: reply.id, name: reply.author_name };
  }

  function mention(member: { seat_id: number; name: string }): void {
    const { body, mentions } = draft.value;
    draft.value.body = `${body.replace(/@$/, "")}@${member.name} `;
    if (!mentions.some(({ seat_id }) => seat_id === member.seat_id)) draft.value.mentions = [...mentions, member];
  }

  /** Queues the reply, without another target `under` that one; gives it as the server took it, which may be much later. */
  async function send(under?: number): Promise<Reply> {
    const { to, mentions } = draft.value;
    const body = draft.value.body.trim();
    const named = mentions.filter(({ name }) => body.includes(`@${name}`)).map(({ seat_id }) => seat_id);
    const sent = await draft.send({
      path: pathOf(threadId),
      body: { body, parent_id: to?.id ?? under, quote_id: to?.id, mentions: named },
      label: `回复：${body}`,
      invalidates: to || under ? [[...repliesKey(threadId), "under"]] : [],
    });
    return sent as Reply;
  }

  return { ...draft, threadId, answer, mention, send };
}

/** My replies of a thread that the server does not have yet, or refused. */
export function useUnsent(threadId: number) {
  const { items } = useOutbox();
  return computed(() => items.value.filter(({ path }) => path === pathOf(threadId)));
}

export const wordsOf = (item: Item) => (item.body as { body: string }).body;
