import { computed, onScopeDispose, reactive, ref, shallowRef, watch } from "vue";

import type { Action } from "../outbox/item";
import { enqueue, useOutbox } from "../outbox/outbox";
import { isQueued } from "../outbox/queue";
import { errorText } from "../errors";
import { isFull, plain, same } from "../idb";
import { tidyTexts } from "../text/tidy";
import { uuid } from "../uuid";
import { messages } from "../zh-CN";
import { closeConflict, openConflict } from "./conflict";
import { onHidden } from "./hidden";
import { adoptBegun, blankDraft, dropDraft, keepDraft, keyOf, onDrafts, readDraft } from "./on-phone";
import { forgetText, isOwn, openNames, ownCopy } from "./own-copy";
import { ServerCopy } from "./server-copy";
import type { DraftOptions, DraftState, OpenDraft } from "./types";

/** At most 300 ms of typing are lost when the page is killed; timers of a busy phone fire late by some of them. */
const WRITE_WITHIN = 250;
const RETRY_AFTER = 5_000;
/** How long an empty editor waits for what another phone may have saved. */
const SERVER_WITHIN = 1_000;

/** A draft that survives a crash: on the phone within 0.3 s of each change, and on the server some seconds later. */
export function useDraft<T extends object>(kind: string, id: string | number, options: DraftOptions<T>): OpenDraft<T> {
  const draft = blankDraft(kind, String(id), options);
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
  let isUnsaved = false;
  let isClosed = false;
  let isTyped = true; // whether a change of `value` is the member's

  /** Shows what the text names; the rest stays, as pictures do that the server does not have. */
  function show(text: Partial<T>): void {
    isTyped = false;
    Object.assign(value, plain(text));
    isTyped = true;
  }

  function tell(next: DraftState, sentence = ""): void {
    [state.value, trouble.value] = [next, sentence];
  }

  /** Gives the next text under this name an identity of its own. */
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
      isUnsaved = true;
      if (!isClosed) timer ||= window.setTimeout(() => void save(), RETRY_AFTER);
      return false;
    }
    if (isUnsaved) tell("saving");
    isUnsaved = false;
    return true;
  }

  async function empty(): Promise<void> {
    const past = { ...draft };
    begin();
    await dropDraft(draft);
    void forgetText(past);
  }

  async function save(): Promise<void> {
    const isSaved = await write();
    if (isBlank()) return void (isSaved && !timer && tell("saved"));
    if (server?.isReachable()) server.pushSoon();
    else if (isSaved && state.value === "saving" && !timer) tell(server ? "onPhone" : "saved");
  }

  watch(
    value,
    () => {
      if (!isTyped || isClosed) return;
      isTyped = false;
      tidyTexts(value);
      isTyped = true;
      Object.assign(draft, { dirty: true, editedAt: Math.max(Date.now(), draft.editedAt + 1) });
      tell("saving");
      timer ||= window.setTimeout(() => void save(), WRITE_WITHIN);
    },
    { deep: true, flush: "sync" },
  );

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
      onConflict: (conflict) => {
        if (!options.server) openConflict({ name, title: draft.title, conflict, settle });
      },
    });

  async function settle(text: object): Promise<void> {
    Object.assign(value, text);
    closeConflict(name);
    await server?.keepMine();
  }

  async function open(): Promise<void> {
    openNames.add(name);
    const stored = (await readDraft<T>(draft).catch(() => undefined)) ?? (options.server && (await adoptBegun<T>(draft).catch(() => undefined)));
    if (stored && isQueued(stored.text)) await dropDraft(stored); // the app ended between the two
    else if (stored && !draft.dirty) {
      show(stored.value);
      Object.assign(draft, stored, { route: options.route });
      elsewhere.value = draft.elsewhere ?? 0; // older versions kept none
    }
    if (stored || !server) ready.value = true;
    else if (!options.server) setTimeout(() => (ready.value = true), server.isReachable() ? SERVER_WITHIN : 0);
    try {
      await server?.meet();
      ready.value = true;
    } catch (error) {
      if (stored || !options.server) tell(draft.dirty ? "onPhone" : "saved");
      else problem.value = error;
    }
  }

  async function flush(): Promise<boolean> {
    const isSaved = await write();
    return server && !isBlank() ? server.push() : isSaved;
  }

  async function discard(): Promise<void> {
    const past = { ...draft };
    await leave();
    if (!options.server) await forgetText(past);
  }

  /** Starts an empty text in the place of the one that was sent or deleted. */
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
      if (comesBack || state.value === "pending") tell("failed", errorText(error));
      throw error;
    }
  }

  const stopHiding = onHidden(() => timer && void save());
  const stopRestoring = onDrafts((restored) => {
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
    stopRestoring();
    stopHiding();
    if (timer) void save();
    isClosed = true;
    openNames.delete(name);
    closeConflict(name);
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
