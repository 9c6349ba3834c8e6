import { beforeEach, expect, test, vi } from "vitest";

import { fakeServer, json, noNetwork, problem } from "@lvyi/shared/test/server";
import { api, now, Offline, onSignedOut, post, Problem } from "../src/index";

const signedOut = vi.fn();
onSignedOut(signedOut);
beforeEach(() => void signedOut.mockClear());

test("a refusal is thrown with everything that the server said", async () => {
  const errors = [{ field: "body.title", code: "missing", detail: "缺少这一项" }];
  fakeServer({ "GET /api/v1/auth/me": () => problem(429, { code: "too_many", errors }, { "Retry-After": "7" }) });
  const error = await api.GET("/api/v1/auth/me").catch((e: unknown) => e);
  expect(error).toBeInstanceOf(Problem);
  expect(error).toMatchObject({ status: 429, code: "too_many", detail: "没有成功。", errors, retryAfter: 7 });
});

test("an answer that is no problem document is a problem all the same", async () => {
  fakeServer({ "GET /api/v1/auth/me": () => new Response("<h1>Bad Gateway</h1>", { status: 502 }) });
  await expect(api.GET("/api/v1/auth/me")).rejects.toMatchObject({ status: 502, code: "http_502", detail: "" });
});

test("no answer is Offline", async () => {
  fakeServer({ "GET /api/v1/auth/me": noNetwork });
  await expect(api.GET("/api/v1/auth/me")).rejects.toBeInstanceOf(Offline);
});

test("an answer that takes too long is Offline", async () => {
  vi.useFakeTimers();
  vi.stubGlobal("fetch", (_: Request, init: RequestInit) => {
    return new Promise((_done, fail) => init.signal!.addEventListener("abort", () => fail(new Error("aborted"))));
  });
  const refusal = expect(api.GET("/api/v1/auth/me")).rejects.toBeInstanceOf(Offline);
  await vi.advanceTimersByTimeAsync(20_000);
  await refusal;
  vi.useRealTimers();
});

test("requests of an expired session share one refresh and are sent once more, bodies and keys too", async () => {
  let fresh = false;
  const requests = fakeServer({
    "GET /api/v1/auth/me": () => (fresh ? json({ name: "沈文" }) : problem(401)),
    "POST /api/v1/updates": () => (fresh ? json({ id: 1 }, 201) : problem(401)),
    "POST /api/v1/auth/refresh": async () => {
      await new Promise((done) => setTimeout(done, 20));
      fresh = true;
      return json({});
    },
  });
  const [me, posted] = await Promise.all([
    api.GET("/api/v1/auth/me"),
    post("/api/v1/updates", { body: "走访" }, "key-12345"),
  ]);
  expect(me.data.name).toBe("沈文");
  expect(posted).toEqual({ id: 1 });
  expect(requests.filter(({ path }) => path.endsWith("/refresh"))).toHaveLength(1);
  const posts = requests.filter(({ path }) => path === "/api/v1/updates");
  expect(posts.map(({ key, body }) => [key, body])).toEqual(Array(2).fill(["key-12345", { body: "走访" }]));
  expect(signedOut).not.toHaveBeenCalled();
});

test("a session that cannot be refreshed is told once and throws 401", async () => {
  const over = () => problem(401, { code: "session_over" });
  fakeServer({ "GET /api/v1/auth/me": over, "POST /api/v1/auth/refresh": over });
  await expect(api.GET("/api/v1/auth/me")).rejects.toMatchObject({ status: 401 });
  expect(signedOut).toHaveBeenCalledTimes(1);
});

test("a wrong password does not touch the session", async () => {
  const requests = fakeServer({ "POST /api/v1/auth/login": () => problem(401, { code: "wrong_login" }) });
  const body = { phone: "139", password: "x" };
  await expect(api.POST("/api/v1/auth/login", { body })).rejects.toMatchObject({ code: "wrong_login" });
  expect(requests).toHaveLength(1);
  expect(signedOut).not.toHaveBeenCalled();
});

test("a server that is away while the session is refreshed does not sign out", async () => {
  fakeServer({ "GET /api/v1/auth/me": () => problem(401), "POST /api/v1/auth/refresh": noNetwork });
  await expect(api.GET("/api/v1/auth/me")).rejects.toBeInstanceOf(Offline);
  expect(signedOut).not.toHaveBeenCalled();
});

test("time is the server's when the phone's clock is wrong", async () => {
  const hour = 3_600_000;
  const date = new Date(Date.now() + hour).toUTCString();
  fakeServer({ "POST /api/v1/updates": () => new Response("{}", { headers: { Date: date } }) });
  await post("/api/v1/updates", {}, "key-12345");
  expect(Math.abs(now() - Date.now() - hour)).toBeLessThan(2000);
});
