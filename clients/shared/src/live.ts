import { onScopeDispose, toValue, watch, type MaybeRefOrGetter } from "vue";

import { useSession } from "./session";

/** What an event says: ids and states, never content. */
export interface Change {
  channel: string;
  subject_type: string | null;
  subject_id: number | null;
  [name: string]: unknown;
}

/** By event name, e.g. `reply.posted`; `reset` says that anything may have changed. */
export type Handlers = { reset: () => void } & Record<string, (change: Change) => void>;

interface Listener {
  handlers: Handlers;
  channels: () => string[] | undefined;
}

const POLL_EVERY = 30_000;
const LONGEST_WAIT = 60_000;

const listeners = new Set<Listener>();
const session = useSession();
let source: EventSource | null = null;
let heard = new Set<string>();
let lastId = "";
let failures = 0;
let reopening = 0;
let polling = 0;

/** Calls handlers as things change while the page is seen; only events of `channels` (`thread:12`), when they are given. */
export function useLive(handlers: Handlers, channels?: MaybeRefOrGetter<string[]>): void {
  start();
  const listener: Listener = { handlers, channels: () => toValue(channels) };
  listeners.add(listener);
  open();
  onScopeDispose(() => {
    listeners.delete(listener);
    if (!listeners.size) close();
  });
}

let started = false;

function start(): void {
  if (started) return;
  started = true;
  document.addEventListener("visibilitychange", () => (document.hidden ? close() : open()));
  watch(session.signedIn, (yes) => (yes ? open() : close()));
}

function open(): void {
  if (document.hidden || !listeners.size || !session.signedIn.value) return;
  if (!("EventSource" in globalThis)) return pollInstead();
  if (!source) {
    const resume = lastId ? `?last_event_id=${lastId}` : "";
    source = new EventSource(`/api/v1/events${resume}`);
    heard = new Set();
    source.addEventListener("error", () => {
      if (source?.readyState === EventSource.CLOSED) void reopen();
      else pollInstead(); // the browser tries again by itself
    });
  }
  const names = [...listeners].flatMap(({ handlers }) => Object.keys(handlers));
  for (const name of [...names, "ready", "reset", "session.revoked"]) {
    if (heard.has(name)) continue;
    heard.add(name);
    source.addEventListener(name, receive);
  }
}

function close(): void {
  source?.close();
  source = null;
  clearTimeout(reopening);
  clearInterval(polling);
  polling = 0;
}

function receive(event: MessageEvent<string>): void {
  lastId = event.lastEventId || lastId;
  if (event.type === "ready" || event.type === "reset") {
    failures = 0;
    clearInterval(polling);
    polling = 0;
  }
  if (event.type === "session.revoked") void session.refresh().catch(() => undefined);
  const change = JSON.parse(event.data) as Change;
  for (const { handlers, channels } of listeners) {
    const wanted = channels();
    if (event.type === "reset" || !wanted || wanted.includes(change.channel)) handlers[event.type]?.(change);
  }
}

/** The server ended the stream: perhaps the session is over, or there are too many. */
async function reopen(): Promise<void> {
  close();
  pollInstead();
  const holds = await session.refresh().catch(() => true);
  if (!holds) return close();
  const wait = Math.min(LONGEST_WAIT, 1000 * 2 ** ++failures);
  reopening = window.setTimeout(open, wait);
}

/** Without a stream everything is asked anew from time to time. */
function pollInstead(): void {
  if (polling || document.hidden) return;
  polling = window.setInterval(() => {
    for (const { handlers } of listeners) handlers.reset();
  }, POLL_EVERY);
}
