import { onScopeDispose, watch } from "vue";

import { useSession } from "../session";

/** The data of an event: ids and states, never content. */
export interface Change {
  channel: string;
  also?: string;
  subject_type: string | null;
  subject_id: number | null;
  [name: string]: unknown;
}

/**
 * By channel and event name, e.g. `thread:12/reply.posted`; by name alone what is for oneself, e.g.
 * `notification.added`. `reset` says that anything may have changed.
 */
export type Handlers = { reset: () => void } & Record<string, (change: Change) => void>;

const POLL_EVERY = 30_000;
const LONGEST_WAIT = 60_000;
const SETTLE = 300; // milliseconds: one navigation removes and adds listeners within them

const listeners = new Set<Handlers>();
const session = useSession();
let source: EventSource | null = null;
let watchedKeys = "";
let lastId = "";
let failures = 0;
let reopening = 0;
let settling = 0;
let polling = 0;

/** Calls handlers on changes while the page is visible; the stream subscribes to what the handlers name. */
export function useLive(handlers: Handlers): void {
  start();
  listeners.add(handlers);
  if (source) settle();
  else open();
  onScopeDispose(() => {
    listeners.delete(handlers);
    if (listeners.size) settle();
    else close();
  });
}

let started = false;

function start(): void {
  if (started) return;
  started = true;
  document.addEventListener("visibilitychange", () => (document.hidden ? close() : open()));
  watch(session.signedIn, (yes) => {
    if (yes) return open();
    close();
    lastId = ""; // who signs in next may be of another organization, whose numbers are others
  });
}

const currentKeys = () => [...new Set([...listeners].flatMap((handlers) => Object.keys(handlers)))];

/** The query for the channels of these keys; `own` alone subscribes to one's own channel only. */
const query = (keys: string[]) => ["own", ...keys.filter((key) => key.includes("/"))].map((key) => `watch=${key}`).join("&");

function open(): void {
  if (document.hidden || source || !listeners.size || !session.signedIn.value) return;
  if (!("EventSource" in globalThis)) return pollInstead();
  const keys = currentKeys();
  watchedKeys = keys.join();
  source = new EventSource(`/api/v1/events?${query(keys)}${lastId && `&last_event_id=${lastId}`}`);
  source.addEventListener("error", () => {
    if (source?.readyState === EventSource.CLOSED) void reopen();
    else pollInstead(); // the browser tries again by itself
  });
  const names = keys.map((key) => key.slice(key.indexOf("/") + 1));
  for (const name of new Set([...names, "ready", "reset", "refresh", "ping", "session.revoked"])) {
    source.addEventListener(name, receive);
  }
}

/** Subscribes to what the screen shows now. Nothing is lost: the next stream resumes after the last event id. */
function settle(): void {
  clearTimeout(settling);
  settling = window.setTimeout(() => {
    if (!source || !lastId || currentKeys().join() === watchedKeys) return;
    source.close();
    source = null;
    open();
  }, SETTLE);
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
  const { type } = event;
  if (type === "ready" || type === "reset") {
    failures = 0;
    clearInterval(polling);
    polling = 0;
    settle();
  }
  if (type === "session.revoked") void session.refresh().catch(() => undefined);
  const change = JSON.parse(event.data) as Change;
  const { channel, also } = change;
  for (const handlers of listeners) {
    if (type === "reset" || (type === "refresh" && Object.keys(handlers).some((key) => key.startsWith(`${channel}/`)))) {
      handlers.reset();
    } else if (type !== "refresh") {
      (handlers[`${channel}/${type}`] ?? handlers[`${also}/${type}`] ?? handlers[type])?.(change);
    }
  }
}

/** The server ended the stream: perhaps the session is over, or there are too many. */
async function reopen(): Promise<void> {
  close();
  pollInstead();
  const isSignedIn = await session.refresh().catch(() => true);
  if (!isSignedIn) return close();
  const wait = Math.min(LONGEST_WAIT, 1000 * 2 ** ++failures);
  reopening = window.setTimeout(open, wait);
}

/** Polls while there is no stream: every handler is reset from time to time. */
function pollInstead(): void {
  if (polling || document.hidden) return;
  polling = window.setInterval(() => {
    for (const handlers of listeners) handlers.reset();
  }, POLL_EVERY);
}
