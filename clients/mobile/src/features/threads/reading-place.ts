/** How far a thread has been read: kept on the server, and the way back there. */
import { api } from "@lvyi/api";
import { computed, onBeforeUnmount, onMounted, ref, watch, type Ref } from "vue";
import type { OpenThread, View } from "./threads";

const TELL_AFTER = 1200;

const drawn = () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));

/** Only in the order of time does "read up to here" mean anything; so only there is it kept. */
export function useReading(threadId: number, root: Ref<HTMLElement | null>, thread: OpenThread, view: Ref<View>) {
  const lastRead = ref(0); // when the thread was opened; 0 when it is new to me
  const newest = ref(0);
  let reported = 0;
  let timer = 0;

  const all = computed(() => thread.pages.value.flatMap(({ items }) => items));
  const firstUnread = computed(() => {
    if (!lastRead.value || view.value.order !== "oldest") return undefined;
    return all.value.find(({ id }) => id > lastRead.value)?.id;
  });
  const unreadAbove = computed(() => lastRead.value > 0 && newest.value > lastRead.value);

  async function begin(): Promise<void> {
    lastRead.value = reported = thread.pages.value[0]?.last_read_id ?? 0;
    if (!lastRead.value) return;
    if (view.value.order === "oldest" && thread.end.value) newest.value = all.value.slice(-1)[0]?.id ?? 0;
    else newest.value = (await thread.newest())[0] ?? 0;
  }
  if (thread.pages.value.length) void begin().catch(() => undefined);
  else watch(() => thread.pages.value.length, () => void begin().catch(() => undefined), { once: true });

  /** Shows the first unread reply, wherever it is. */
  async function goTo(): Promise<void> {
    newest.value = 0; // the way there is taken
    if (!firstUnread.value) {
      view.value = { order: "oldest", start: "unread" };
      do await drawn();
      while (thread.fetching.value);
    }
    const page = thread.pages.value.findIndex(({ items }) => items.some(({ id }) => id === firstUnread.value));
    root.value?.querySelectorAll(".part")[page]?.scrollIntoView();
    await drawn(); // far from the screen the page was an empty box
    const firstReply = root.value?.querySelector(`[data-reply="${firstUnread.value}"]`);
    (firstReply?.closest("li") ?? root.value)?.scrollIntoView();
  }

  function look(): void {
    timer ||= window.setTimeout(() => {
      timer = 0;
      if (view.value.order !== "oldest") return;
      const visible = [...(root.value?.querySelectorAll<HTMLElement>("[data-reply]") ?? [])]
        .filter((reply) => reply.getBoundingClientRect().bottom <= innerHeight)
        .map((reply) => Number(reply.dataset.reply));
      const last = Math.max(0, ...visible);
      if (last <= reported) return;
      reported = last;
      const params = { path: { thread_id: threadId } };
      void api.PUT("/api/v1/threads/{thread_id}/read", { params, body: { last_reply_id: last } }).catch(() => (reported = 0));
    }, TELL_AFTER);
  }
  watch(() => thread.pages.value.length, look, { flush: "post" });
  onMounted(() => addEventListener("scroll", look, { passive: true }));
  onBeforeUnmount(() => {
    removeEventListener("scroll", look);
    clearTimeout(timer);
  });

  return { firstUnread, unreadAbove, goTo };
}
