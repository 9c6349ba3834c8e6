import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { newPhone, page, start } from "./phone";
import { fakeServer, json, problem } from "./server";

/** The browser's stream, spoken to by the test. */
class FakeSource extends EventTarget {
  static readonly CLOSED = 2;
  static all: FakeSource[] = [];
  readyState = 1;
  constructor(readonly url: string) {
    super();
    FakeSource.all.push(this);
  }
  close(): void {
    this.readyState = 2;
  }
  say(type: string, data: object, lastEventId: string): void {
    this.dispatchEvent(new MessageEvent(type, { data: JSON.stringify(data), lastEventId }));
  }
  fail(readyState: number): void {
    this.readyState = readyState;
    this.dispatchEvent(new Event("error"));
  }
}

const reset = vi.fn();
const posted = vi.fn();

beforeEach(() => {
  newPhone();
  FakeSource.all = [];
  vi.stubGlobal("EventSource", FakeSource);
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "setInterval", "clearInterval"] });
  reset.mockReset();
  posted.mockReset();
  hide(false);
});
afterEach(() => {
  hide(true);
  vi.restoreAllMocks();
  vi.useRealTimers();
});

function hide(isHidden: boolean): void {
  vi.spyOn(document, "hidden", "get").mockReturnValue(isHidden);
  document.dispatchEvent(new Event("visibilitychange"));
}

async function open(...channels: string[]) {
  const app = await start();
  const pages = channels.map((of) => page(() => app.useLive({ reset, [`${of}/reply.posted`]: posted })));
  return { app, pages, source: FakeSource.all[0]! };
}

const url = (...keys: string[]) => `/api/v1/events?${["own", ...keys].map((key) => `watch=${key}`).join("&")}`;
const settled = () => vi.advanceTimersByTimeAsync(400);

test("pages share one stream, which watches what they show, and hear of that", async () => {
  const { source } = await open("thread:1", "thread:2");
  source.say("ready", {}, "4");
  await settled();
  expect(source.readyState).toBe(2);
  expect(FakeSource.all).toHaveLength(2);
  const both = FakeSource.all[1]!;
  expect(both.url).toBe(`${url("thread:1/reply.posted", "thread:2/reply.posted")}&last_event_id=4`);
  both.say("reply.posted", { channel: "thread:2", id: 9 }, "5");
  expect(posted.mock.calls).toEqual([[{ channel: "thread:2", id: 9 }]]);
  both.say("reset", {}, "6");
  expect(reset).toHaveBeenCalledTimes(2);
});

test("an event of the list and of the thread is heard once by the page of either; an own one by name alone", async () => {
  const { app, source } = await open("thread:1");
  const added = vi.fn();
  page(() => app.useLive({ reset, "feed/reply.posted": posted, "notification.added": added }));
  source.say("ready", {}, "4");
  await settled();
  const { say } = FakeSource.all[1]!;
  say.call(FakeSource.all[1], "reply.posted", { channel: "feed", also: "thread:1", id: 9 }, "5");
  expect(posted).toHaveBeenCalledTimes(2);
  say.call(FakeSource.all[1], "reply.posted", { channel: "feed", also: "thread:2", id: 9 }, "6");
  expect(posted).toHaveBeenCalledTimes(3);
  say.call(FakeSource.all[1], "notification.added", { channel: "bell:7" }, "7");
  expect(added).toHaveBeenCalledTimes(1);
});

test("a page that goes is watched no more; the next stream goes on after the last number, a ping's too", async () => {
  const { pages, source } = await open("feed");
  const { app } = { app: await import("../src/index") };
  source.say("ready", {}, "4");
  const thread = page(() => app.useLive({ reset, "thread:1/reply.posted": posted }));
  await settled();
  expect(FakeSource.all).toHaveLength(2);
  FakeSource.all[1]!.say("ping", {}, "90");
  thread.scope.stop();
  await settled();
  expect(FakeSource.all[2]!.url).toBe(`${url("feed/reply.posted")}&last_event_id=90`);
  page(() => app.useLive({ reset, "feed/reply.posted": posted }));
  await settled();
  expect(FakeSource.all).toHaveLength(3);
  pages[0]!.scope.stop();
  await settled();
  expect(FakeSource.all[2]!.readyState).toBe(1);
});

test("before the first number is known the stream is not opened again: what came meanwhile would be lost", async () => {
  const { source } = await open("thread:1", "thread:2");
  await settled();
  expect(FakeSource.all).toHaveLength(1);
  source.say("ready", {}, "4");
  await settled();
  expect(FakeSource.all).toHaveLength(2);
});

test("many events of a channel are one refresh of what shows it", async () => {
  const { app, source } = await open("thread:1");
  const other = vi.fn();
  page(() => app.useLive({ reset: other, "thread:12/reply.posted": posted }));
  source.say("refresh", { channel: "thread:1" }, "5");
  expect(reset).toHaveBeenCalledTimes(1);
  expect(other).not.toHaveBeenCalled();
  expect(posted).not.toHaveBeenCalled();
});

test("the stream is closed while hidden and goes on where it stopped; it ends with the last page", async () => {
  const { source, pages } = await open("feed");
  source.say("ready", {}, "41");
  hide(true);
  expect(source.readyState).toBe(2);
  hide(false);
  const next = FakeSource.all[1]!;
  expect(next.url).toBe(`${url("feed/reply.posted")}&last_event_id=41`);
  pages[0]!.scope.stop();
  expect(next.readyState).toBe(2);
});

test("a stream that the server ended is opened again after the session was renewed, later each time", async () => {
  fakeServer({ "GET /api/v1/auth/me": () => json({ account_id: 7 }) });
  const { source } = await open("feed");
  source.fail(2);
  await vi.advanceTimersByTimeAsync(2_100);
  expect(FakeSource.all).toHaveLength(2);
  FakeSource.all[1]!.fail(2);
  await vi.advanceTimersByTimeAsync(2_100);
  expect(FakeSource.all).toHaveLength(2);
  await vi.advanceTimersByTimeAsync(2_000);
  expect(FakeSource.all).toHaveLength(3);
});

test("no stream is opened for a session that is over", async () => {
  const over = () => problem(401);
  fakeServer({ "GET /api/v1/auth/me": over, "POST /api/v1/auth/refresh": over });
  const { source } = await open("feed");
  source.fail(2);
  await vi.advanceTimersByTimeAsync(300_000);
  expect(FakeSource.all).toHaveLength(1);
  expect(reset).not.toHaveBeenCalled();
});

test("while there is no stream, everything is asked anew from time to time", async () => {
  const { source } = await open("feed");
  source.fail(0);
  await vi.advanceTimersByTimeAsync(61_000);
  expect(reset).toHaveBeenCalledTimes(2);
  source.say("ready", {}, "7");
  await vi.advanceTimersByTimeAsync(61_000);
  expect(reset).toHaveBeenCalledTimes(2);
});

test("a browser without streams polls", async () => {
  vi.stubGlobal("EventSource", undefined);
  Reflect.deleteProperty(globalThis, "EventSource");
  await open("feed");
  await vi.advanceTimersByTimeAsync(31_000);
  expect(reset).toHaveBeenCalledTimes(1);
});
