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

async function open(...channels: string[][]) {
  const app = await start();
  const pages = (channels.length ? channels : [undefined]).map((of) =>
    page(() => app.useLive({ reset, "reply.posted": posted }, of)),
  );
  return { app, pages, source: FakeSource.all[0]! };
}

test("pages share one stream and hear of their own channels", async () => {
  const { source } = await open(["thread:1"], ["thread:2"]);
  expect(FakeSource.all).toHaveLength(1);
  source.say("reply.posted", { channel: "thread:2", id: 9 }, "5");
  expect(posted.mock.calls).toEqual([[{ channel: "thread:2", id: 9 }]]);
  source.say("reset", {}, "6");
  expect(reset).toHaveBeenCalledTimes(2);
});

test("the stream is closed while hidden and goes on where it stopped; it ends with the last page", async () => {
  const { source, pages } = await open();
  source.say("ready", {}, "41");
  hide(true);
  expect(source.readyState).toBe(2);
  hide(false);
  const next = FakeSource.all[1]!;
  expect(next.url).toBe("/api/v1/events?last_event_id=41");
  pages[0]!.scope.stop();
  expect(next.readyState).toBe(2);
});

test("a stream that the server ended is opened again after the session was renewed, later each time", async () => {
  fakeServer({ "GET /api/v1/auth/me": () => json({ account_id: 7 }) });
  const { source } = await open();
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
  const { source } = await open();
  source.fail(2);
  await vi.advanceTimersByTimeAsync(300_000);
  expect(FakeSource.all).toHaveLength(1);
  expect(reset).not.toHaveBeenCalled();
});

test("while there is no stream, everything is asked anew from time to time", async () => {
  const { source } = await open();
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
  await open();
  await vi.advanceTimersByTimeAsync(31_000);
  expect(reset).toHaveBeenCalledTimes(1);
});
