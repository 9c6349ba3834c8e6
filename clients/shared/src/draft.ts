import { computed, onScopeDispose, reactive, ref, shallowRef, watch, type ComputedRef, type Ref } from "vue";

import { ServerCopy, type Conflict, type OnServer } from "./draft-on-server";
import { dropDraft, keepDraft, onDrafts, readDraft, type Draft } from "./drafts";
import { enqueue, useOutbox, type Action } from "./outbox";
import { say } from "./say";
import { useAccount } from "./session";
import { plain, same } from "./shelf";
import { messages } from "./zh-CN";

const WRITE_AFTER = 400;

export type DraftState = "saved" | "saving" | "pending" | "sent" | "failed";

export interface DraftOptions<T> {
  /** The text before anything is written; a draft that equals it is not kept. */
  empty: T;
  /** The page that goes on with the draft. */
  route: string;
  /** How lists call it. */
  title: (value: T) => string;
  /** Where the server keeps it, if it does. */
  server?: OnServer<T>;
}

export interface OpenDraft<T> {
  /** Edit this: every change is kept. */
  value: T;
  /** Whether `value` has been read from the phone, or else from the server. */
  ready: Ref<boolean>;
  /** Why it could not be read. */
  problem: Ref<unknown>;
  state: Ref<DraftState>;
  stateText: ComputedRef<string>;
  /** Two texts of which one must go; until then the server's stays as it is. */
  conflict: Ref<Conflict<T> | null>;
  keepMine: () => Promise<void>;
  keepTheirs: () => Promise<void>;
  /** Saves at once; whether everything is where it belongs: on the server if it keeps it, else on the phone. */
  flush: () => Promise<boolean>;
  /** Queues the draft as a post, empties it, and gives the server's answer; a refused one comes back to be edited. */
  send: (action: Omit<Action, "kind" | "draft">) => Promise<unknown>;
  /** Forgets it on this phone. */
  discard: () => Promise<void>;
}

/** A text that survives everything: on the phone 0.4 s after each change, and on the server if it keeps such texts. */
export function useDraft<T extends object>(kind: string, id: string | number, options: DraftOptions<T>): OpenDraft<T> {
  const draft: Draft<T> = {
    account: useAccount().value,
    kind,
    id: String(id),
    title: "",
    route: options.route,
    value: plain(options.empty),
    version: null,
    dirty: false,
    editedAt: 0,
  };
  const value = reactive(plain(options.empty)) as T;
  const ready = ref(false);
  const problem = shallowRef<unknown>(null);
  const state = ref<DraftState>("saved");
  const trouble = ref("");
  const stateText = computed(() => {
    if (state.value === "failed") return trouble.value;
    const isBlank = state.value === "saved" && !options.server && same(value, options.empty);
    return isBlank ? "" : messages.draft[state.value];
  });
  let timer = 0;
  let isClosed = false;
  let isMine = true; // whether a change of `value` is the member's

  function show(text: T): void {
    isMine = false;
    const target = value as Record<string, unknown>;
    for (const name of Object.keys(target)) if (!(name in text)) delete target[name];
    Object.assign(value, plain(text));
    isMine = true;
  }

  function tell(next: DraftState, sentence = ""): void {
    [state.value, trouble.value] = [next, sentence];
  }

  /** Writes to the phone; false when it refuses. */
  async function write(): Promise<boolean> {
    clearTimeout(timer);
    timer = 0;
    const isBlank = !options.server && same(value, options.empty);
    Object.assign(draft, { value: plain(value), title: options.title(value) || messages.draft.untitled });
    try {
      await (isBlank ? dropDraft(draft) : keepDraft(draft));
    } catch {
      tell("failed", messages.draft.noRoom);
      return false;
    }
    return true;
  }

  async function save(): Promise<void> {
    const isKept = await write();
    if (server?.isReachable()) server.pushSoon();
    else if (isKept && state.value === "saving" && !timer) tell(server ? "pending" : "saved");
  }

  watch(
    value,
    () => {
      if (!isMine || isClosed) return;
      Object.assign(draft, { dirty: true, editedAt: Date.now() });
      tell("saving");
      clearTimeout(timer);
      timer = window.setTimeout(() => void save(), WRITE_AFTER);
    },
    { deep: true, flush: "sync" },
  );

  const server = options.server && new ServerCopy(options.server, draft, { value, show, write, tell });

  async function open(): Promise<void> {
    const kept = await readDraft<T>(draft.account, kind, draft.id).catch(() => undefined);
    if (kept && !draft.dirty) {
      show(kept.value);
      Object.assign(draft, kept, { route: options.route });
    }
    try {
      if (!server) return void (ready.value = true);
      ready.value = Boolean(kept);
      await server.meet();
      ready.value = true;
    } catch (error) {
      if (kept) tell(draft.dirty ? "pending" : "saved");
      else problem.value = error;
    }
  }

  async function flush(): Promise<boolean> {
    const isKept = await write();
    return server ? server.push() : isKept;
  }

  async function discard(): Promise<void> {
    isClosed = true;
    clearTimeout(timer);
    server?.close();
    await dropDraft(draft);
    show(options.empty);
    tell("saved");
    isClosed = Boolean(server);
  }

  async function queue(action: Omit<Action, "kind" | "draft">): ReturnType<typeof enqueue> {
    await write();
    const queued = await enqueue({ ...action, kind, draft: { ...draft, value: plain(value) } });
    await discard();
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
      if (!isClosed && same(value, options.empty)) await useOutbox().edit(item).catch(() => undefined);
      tell("failed", say(error));
      throw error;
    }
  }

  const rescue = () => {
    if (document.hidden && timer) void save();
  };
  document.addEventListener("visibilitychange", rescue);
  const forget = onDrafts((restored) => {
    const isThis = restored?.kind === kind && restored.id === draft.id && restored.account === draft.account;
    if (isThis) show(restored.value as T);
  });
  onScopeDispose(() => {
    forget();
    document.removeEventListener("visibilitychange", rescue);
    if (timer) void save();
    isClosed = true;
    server?.leave();
  });

  void open();
  return {
    value,
    ready,
    problem,
    state,
    stateText,
    conflict: server?.conflict ?? shallowRef(null),
    keepMine: async () => server?.keepMine(),
    keepTheirs: async () => server?.keepTheirs(),
    flush,
    send,
    discard,
  };
}
