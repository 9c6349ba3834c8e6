import { Blob as NodeBlob } from "node:buffer";

import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { fillUp, newPhone, setNetwork, start, until } from "./phone";
import { fakeServer, json, noNetwork, problem, type FakeRequest } from "./server";

const reply = {
  kind: "reply",
  path: "/api/v1/threads/1/replies",
  body: { body: "赞成" },
  label: "回复",
  invalidates: [["thread", 1]],
};
const POST = "POST /api/v1/threads/1/replies";

beforeEach(() => newPhone());
afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

test("an action is posted at once with a UUID key, its answer given, its queries invalidated", async () => {
  const requests = fakeServer({ [POST]: () => json({ id: 3 }, 201) });
  const { enqueue, queryClient, useOutbox } = await start();
  const invalidate = vi.spyOn(queryClient, "invalidateQueries");
  const { id, sent } = await enqueue(reply);
  expect(await sent).toEqual({ id: 3 });
  expect(requests).toMatchObject([{ key: id, body: { body: "赞成" } }]);
  expect(invalidate).toHaveBeenCalledWith({ queryKey: ["thread", 1] });
  expect(useOutbox().pendingCount.value).toBe(0);
});

test("without a network it waits, outlives a crash, and is sent once when there is one", async () => {
  const requests = fakeServer({ [POST]: () => json({}, 201) });
  setNetwork(false);
  const first = await start();
  const { id } = await first.enqueue(reply);
  expect(requests).toEqual([]);

  const { useOutbox } = await start();
  const { items } = useOutbox();
  await until(() => items.value.length === 1);
  expect(items.value[0]).toMatchObject({ id, state: "waiting", label: "回复" });
  setNetwork(true);
  await until(() => items.value.length === 0);
  await new Promise((done) => setTimeout(done, 50));
  expect(new Set(requests.map(({ key }) => key))).toEqual(new Set([id]));
});

test("a lost answer is retried with the same key, and with back-off", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  let tries = 0;
  const requests = fakeServer({ [POST]: () => (++tries === 1 ? noNetwork() : json({ id: 3 }, 201)) });
  const { enqueue } = await start();
  const { sent } = await enqueue(reply);
  await until(() => tries === 1);
  await vi.waitFor(async () => {
    await vi.advanceTimersByTimeAsync(1_000);
    expect(tries).toBe(2);
  });
  expect(await sent).toEqual({ id: 3 });
  expect(requests.filter(({ path }) => path === reply.path).map(({ key }) => key)).toEqual([requests[0]!.key, requests[0]!.key]);
});

test("429 is waited for as long as the server says", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "Date"] });
  let tries = 0;
  fakeServer({ [POST]: () => (++tries === 1 ? problem(429, { detail: "请约1分钟后再试。" }, { "Retry-After": "40" }) : json({}, 201)) });
  const { enqueue, useOutbox } = await start();
  const { sent } = await enqueue(reply);
  await until(() => useOutbox().items.value[0]?.sentence === "请约1分钟后再试。已存在手机上，到时自动发出。");
  expect(tries).toBe(1);
  document.dispatchEvent(new Event("visibilitychange"));
  await vi.advanceTimersByTimeAsync(39_000);
  expect(tries).toBe(1);
  await vi.advanceTimersByTimeAsync(2_000);
  await sent;
  expect(tries).toBe(2);
});

test("a session that is over stops the queue until somebody logs in", async () => {
  let isOver = true;
  const over = () => problem(401);
  fakeServer({
    [POST]: () => (isOver ? over() : json({}, 201)),
    "POST /api/v1/auth/refresh": over,
    "POST /api/v1/auth/login": () => {
      isOver = false;
      return json({ me: { account_id: 7 } });
    },
  });
  const { enqueue, useOutbox, useSession } = await start();
  const { sent } = await enqueue(reply);
  const { signedIn, login } = useSession();
  await until(() => !signedIn.value);
  expect(useOutbox().items.value[0]).toMatchObject({ state: "waiting" });
  await login("139", "x");
  await sent;
});

test("a refusal is kept with its sentence, holds nothing up, and may be retried or dropped", async () => {
  let isClosed = true;
  const requests = fakeServer({
    [POST]: () => (isClosed ? problem(409, { detail: "议题已经结束。" }) : json({}, 201)),
    "POST /api/v1/threads/2/replies": () => json({}, 201),
  });
  const { enqueue, useOutbox } = await start();
  const first = await enqueue(reply);
  const second = await enqueue({ ...reply, path: "/api/v1/threads/2/replies" });
  await expect(first.sent).rejects.toMatchObject({ status: 409 });
  await second.sent;
  const { items, retry, drop } = useOutbox();
  expect(items.value).toMatchObject([{ id: first.id, state: "failed", sentence: "议题已经结束。" }]);
  isClosed = false;
  await retry(first.id);
  await until(() => items.value.length === 0);
  expect(requests.at(-1)!.key).toBe(first.id);

  isClosed = true;
  const third = await enqueue(reply);
  await expect(third.sent).rejects.toThrow();
  await drop(third.id);
  expect(items.value).toEqual([]);
});

test("a server error of one item does not hold up the others, and ends", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  fakeServer({ [POST]: () => problem(500, { detail: "" }), "POST /api/v1/updates": () => json({}, 201) });
  const { enqueue, useOutbox } = await start();
  const { sent } = await enqueue(reply);
  const failed = expect(sent).rejects.toMatchObject({ status: 500 });
  const { id } = await enqueue({ ...reply, path: "/api/v1/updates" });
  const { items } = useOutbox();
  await until(() => items.value.every((item) => item.id !== id));
  while (items.value[0]!.state !== "failed") {
    await vi.advanceTimersByTimeAsync(400_000);
    await new Promise(setImmediate);
  }
  await failed;
  expect(items.value[0]).toMatchObject({ state: "failed", sentence: "服务暂时不可用，请稍后再试。" });
});

test("pictures are uploaded first, each once, also when the post is retried after a crash", async () => {
  let isAway = true;
  let key = 0;
  const requests = fakeServer({
    "POST /api/v1/files": () => json({ key: `picture-${++key}` }, 201),
    "POST /api/v1/updates": () => (isAway ? noNetwork() : json({}, 201)),
  });
  const app = await start();
  const pictures = ["1", "2"].map((text) => new NodeBlob([text]) as Blob); // happy-dom's cannot be stored
  vi.stubGlobal("FormData", class extends URLSearchParams {});
  await app.enqueue({ ...reply, path: "/api/v1/updates", pictures });
  const tried = (one: FakeRequest) => one.path === "/api/v1/updates";
  await until(() => requests.some(tried));
  isAway = false;
  const { useOutbox } = await start();
  const { items } = useOutbox();
  await until(() => requests.filter(tried).length === 2 && items.value.length === 0);
  expect(key).toBe(2);
  expect(requests.at(-1)!.body).toEqual({ body: "赞成", pictures: ["picture-1", "picture-2"] });
});

test("what may have been done a day ago is not done again by itself", async () => {
  vi.useFakeTimers({ toFake: ["Date"] });
  const requests = fakeServer({ [POST]: noNetwork });
  const first = await start();
  await first.enqueue(reply);
  await until(() => requests.length === 1 && first.useOutbox().items.value[0]?.triedAt);
  vi.setSystemTime(Date.now() + 24 * 3_600_000);
  fakeServer({ [POST]: () => json({}, 201) });
  const { useOutbox } = await start();
  const { items, retry } = useOutbox();
  await until(() => items.value[0]?.state === "failed");
  expect(items.value[0]!.sentence).toContain("可能已经发出");
  await retry(items.value[0]!.id);
  expect(items.value).toEqual([]);
});

test("a PUT waits like a post, and may be sent again at any time", async () => {
  vi.useFakeTimers({ toFake: ["Date"] });
  const rating = { ...reply, method: "PUT", path: "/api/v1/proposals/1/replies/2/rating" } as const;
  const requests = fakeServer({ [`PUT ${rating.path}`]: noNetwork });
  const first = await start();
  await first.enqueue(rating);
  await until(() => requests.length === 1 && first.useOutbox().items.value[0]?.triedAt);
  vi.setSystemTime(Date.now() + 24 * 3_600_000);
  const later = fakeServer({ [`PUT ${rating.path}`]: () => json({}) });
  const { items } = (await start()).useOutbox();
  await until(() => later.length === 1 && items.value.length === 0);
  expect(later).toMatchObject([{ method: "PUT", body: { body: "赞成" } }]);
});

test("another account's queue is neither shown nor sent", async () => {
  const requests = fakeServer({ [POST]: () => json({}, 201) });
  setNetwork(false);
  const { id } = await (await start()).enqueue(reply);
  localStorage.setItem("lvyi.me", JSON.stringify({ account_id: 8 }));
  const { useOutbox } = await start();
  const { items } = useOutbox();
  setNetwork(true);
  document.dispatchEvent(new Event("visibilitychange"));
  await new Promise((done) => setTimeout(done, 50));
  expect(items.value).toEqual([]);
  expect(requests.filter(({ key }) => key === id).length).toBeLessThanOrEqual(1); // by the first app itself
});

test("a full phone sends what it can, and says so when it cannot", async () => {
  fakeServer({ [POST]: () => json({ id: 3 }, 201) });
  const { enqueue, useOutbox } = await start();
  fillUp();
  expect(await (await enqueue(reply)).sent).toEqual({ id: 3 });
  setNetwork(false);
  await expect(enqueue(reply)).rejects.toThrow("没有存下");
  expect(useOutbox().items.value).toEqual([]);
});

test("what was read at the door is sent with how long ago that was, by the same clock however wrong", async () => {
  const path = "/api/v1/activities/5/sign-in";
  const requests = fakeServer({ [`PUT ${path}`]: () => json({}) });
  setNetwork(false);
  const { enqueue } = await start();
  const real = Date.now();
  const now = vi.spyOn(Date, "now").mockReturnValue(real + 60_000); // a minute fast
  await enqueue({ ...reply, kind: "sign-in", method: "PUT", path, body: { code: "K7M2QX" }, readAt: Date.now() });
  now.mockReturnValue(real + 60_000 + 90_000);
  setNetwork(true);
  await until(() => requests.some((one) => one.path === path));
  expect(requests.find((one) => one.path === path)?.body).toEqual({ code: "K7M2QX", seconds_ago: 90 });
});
