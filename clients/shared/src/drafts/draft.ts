import { computed, onScopeDispose, reactive, ref, shallowRef, watch } from "vue";

import { dispute, settled } from "../conflict";
import { enqueue, isQueued, useOutbox, type Action } from "../outbox";
import { say } from "../say";
import { useAccount } from "../session";
import { isFull, plain, same } from "../shelf";
import { tidy } from "../tidy";
import { uuid } from "../uuid";
import { messages } from "../zh-CN";
import { adoptBegun, dropDraft, keepDraft, keyOf, onDrafts, readDraft, type Draft } from "./on-phone";
import { forgetText, isOwn, open as opened, ownCopy } from "./own-copy";
import { ServerCopy } from "./server-copy";
import type { DraftOptions, DraftState, OpenDraft } from "./types";

/** Nothing typed is older than 300 ms when the page dies, and a busy phone is late by some. */
const WRITE_WITHIN = 250;
const TRY_AGAIN = 5_000;
/** How long an empty editor waits for what another phone may have saved. */
const MEETS_WITHIN = 1_000;

/** A text that survives everything: on the phone within 0.3 s of each change, and on the server some seconds later. */
export function useDraft<T extends object>(kind: string, id: string | number, options: DraftOptions<T>): OpenDraft<T> {
  const draft: Draft<T> = {
    account: useAccount().value,
    kind,
    id: String(id),
    text: uuid(),
    title: "",
    route: options.route,
    value: plain(options.empty),
    version: null,
    dirty: false,
    elsewhere: 0,
    editedAt: 0,
  };
  const name = keyOf(draft);
  const value = reactive(plain(options.empty)) as T;
  const ready = ref(false);
  const problem = shallowRef<unknown>(null);
  const state = ref<DraftState>("saved");
  const trouble = ref("");
  const elsewhere = ref(0);
  const isBlank = () => same(value, options.empty) && !(options.server && draft.version);
  const stateText = computed(() => {
    if (state.value === "failed") return trouble.value;
    return state.value === "saved" && isBlank() ? "" : messages.draft[state.value];
  });
  let timer = 0;
  let isUnkept = false;
  let isClosed = false;
  let isMine = true; // whether a change of `value` is the member's

  /** Shows what the text names; the rest stays, as pictures do that the server does not have. */
  function show(text: Partial<T>): void {
    isMine = false;
    Object.assign(value, plain(text));
    isMine = true;
  }

  function tell(next: DraftState, sentence = ""): void {
    [state.value, trouble.value] = [next, sentence];
  }

  /** The next text under this name is another one. */
  function begin(): void {
    Object.assign(draft, { text: uuid(), version: null, dirty: false, elsewhere: 0 });
  }

  /** Writes to the phone, the words before it returns; false when it refuses. */
  async function write(): Promise<boolean> {
    clearTimeout(timer);
    timer = 0;
    elsewhere.value = draft.elsewhere;
    Object.assign(draft, { value: plain(value), title: options.title(value) || messages.draft.untitled });
    try {
      await (isBlank() ? empty() : keepDraft({ ...draft }));
    } catch (error) {
      tell("failed", isFull(error) ? messages.draft.noRoom : messages.draft.notKept);
      isUnkept = true;
      if (!isClosed) timer ||= window.setTimeout(() => void save(), TRY_AGAIN);
      return false;
    }
    if (isUnkept) tell("saving");
    isUnkept = false;
    return true;
  }

  async function empty(): Promise<void> {
    const past = { ...draft };
    begin();
    await dropDraft(draft);
    void forgetText(past);
  }

  async function save(): Promise<void> {
    const isKept = await write();
    if (isBlank()) return void (isKept && !timer && tell("saved"));
    if (server?.isReachable()) server.pushSoon();
    else if (isKept && state.value === "saving" && !timer) tell(server ? "onPhone" : "saved");
  }

  watch(
    value,
    () => {
      if (!isMine || isClosed) return;
      clean();
      Object.assign(draft, { dirty: true, editedAt: Math.max(Date.now(), draft.editedAt + 1) });
      tell("saving");
      timer ||= window.setTimeout(() => void save(), WRITE_WITHIN);
    },
    { deep: true, flush: "sync" },
  );

  /** Takes out what the server would refuse and nobody sees. */
  function clean(): void {
    isMine = false;
    for (const [field, part] of Object.entries(value)) {
      if (typeof part === "string" && tidy(part) !== part) (value as Record<string, unknown>)[field] = tidy(part);
    }
    isMine = true;
  }

  const copy = options.server ?? (isOwn(draft) ? ownCopy(draft) : null);
  const server =
    copy &&
    new ServerCopy<T>(copy, draft, {
      value,
      show,
      write,
      tell,
      gone: async () => {
        begin();
        show(plain(options.empty));
        await dropDraft(draft);
      },
      dispute: (conflict) => {
        if (!options.server) dispute({ name, title: draft.title, conflict, settle });
      },
    });

  async function settle(text: object): Promise<void> {
    Object.assign(value, text);
    settled(name);
    await server?.keepMine();
  }

  async function open(): Promise<void> {
    opened.add(name);
    const kept = (await readDraft<T>(draft).catch(() => undefined)) ?? (options.server && (await adoptBegun<T>(draft).catch(() => undefined)));
    if (kept && isQueued(kept.text)) await dropDraft(kept); // the app ended between the two
    else if (kept && !draft.dirty) {
      show(kept.value);
      Object.assign(draft, kept, { route: options.route });
      elsewhere.value = draft.elsewhere ?? 0; // older versions kept none
    }
    if (kept || !server) ready.value = true;
    else if (!options.server) setTimeout(() => (ready.value = true), server.isReachable() ? MEETS_WITHIN : 0);
    try {
      await server?.meet();
      ready.value = true;
    } catch (error) {
      if (kept || !options.server) tell(draft.dirty ? "onPhone" : "saved");
      else problem.value = error;
    }
  }

  async function flush(): Promise<boolean> {
    const isKept = await write();
    return server && !isBlank() ? server.push() : isKept;
  }

  async function discard(): Promise<void> {
    const past = { ...draft };
    await leave();
    if (!options.server) await forgetText(past);
  }

  /** The text has gone from here: an empty one begins. */
  async function leave(): Promise<void> {
    isClosed = true;
    clearTimeout(timer);
    timer = 0;
    if (options.server) close();
    begin();
    await dropDraft(draft);
    show(plain(options.empty));
    elsewhere.value = 0;
    tell("saved");
    isClosed = Boolean(options.server);
  }

  async function queue(action: Omit<Action, "kind" | "draft">): ReturnType<typeof enqueue> {
    await write();
    const queued = await enqueue({ ...action, kind, draft: { ...draft, value: plain(value) } });
    await leave();
    tell("pending");
    return queued;
  }

  let queueing: ReturnType<typeof enqueue> | null = null; // a second tap joins the first

  async function send(action: Omit<Action, "kind" | "draft">): Promise<unknown> {
    queueing ??= queue(action).finally(() => (queueing = null));
    const { id: item, sent } = await queueing;
    try {
      const answer = await sent;
      if (state.value === "pending") tell("sent");
      return answer;
    } catch (error) {
      const comesBack = !options.staysInPlace && !isClosed && same(value, options.empty);
      if (comesBack) await useOutbox().edit(item).catch(() => undefined);
      if (comesBack || state.value === "pending") tell("failed", say(error));
      throw error;
    }
  }

  const rescue = (event: Event) => {
    if (timer && (document.hidden || event.type === "pagehide")) void save();
  };
  document.addEventListener("visibilitychange", rescue);
  addEventListener("pagehide", rescue);
  const forget = onDrafts((restored) => {
    if (!restored || keyOf(restored) !== name) return;
    show({ ...(restored.value as T) });
    Object.assign(draft, restored, { route: options.route, dirty: true, editedAt: Date.now() });
    if (server?.isReachable()) server.pushSoon();
  });
  function close(): void {
    isClosed = true;
    clearTimeout(timer);
    timer = 0;
    server?.close();
  }

  onScopeDispose(() => {
    forget();
    document.removeEventListener("visibilitychange", rescue);
    removeEventListener("pagehide", rescue);
    if (timer) void save();
    isClosed = true;
    opened.delete(name);
    settled(name);
    server?.leave();
  });

  void open();
  return {
    value,
    ready,
    problem,
    state,
    stateText,
    elsewhere,
    conflict: server?.conflict ?? shallowRef(null),
    keepMine: async () => server?.keepMine(),
    keepTheirs: async () => server?.keepTheirs(),
    flush,
    send,
    keep: write,
    close,
    discard,
  };
}
