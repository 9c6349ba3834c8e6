import { beforeEach, expect, test, vi } from "vitest";
import { nextTick } from "vue";

import { newPhone, setNetwork, start, until } from "./phone";
import { fakeServer, json, noNetwork, problem } from "./server";

const ME = "GET /api/v1/auth/me";
const LOGIN = "POST /api/v1/auth/login";
const over = () => problem(401, { code: "session_over" });
let cached: string[];

beforeEach(() => {
  newPhone();
  cached = ["lvyi-api", "workbox-precache-v2"];
  const remove = async (name: string) => (cached = cached.filter((other) => other !== name));
  vi.stubGlobal("caches", { keys: async () => cached, delete: remove });
});

test("a first start knows nobody; a login is remembered for a start without a network", async () => {
  localStorage.clear();
  fakeServer({ [LOGIN]: () => json({ me: { account_id: 7, name: "沈文" } }) });
  const first = (await start()).useSession();
  expect([first.me.value, first.signedIn.value]).toEqual([null, false]);
  await first.login("13900000001", "x");
  expect(first.signedIn.value).toBe(true);

  fakeServer({ [ME]: noNetwork });
  const second = (await start()).useSession();
  await expect(second.refresh()).rejects.toThrow();
  expect([second.me.value?.name, second.signedIn.value]).toEqual(["沈文", true]);
});

test("the second factor is asked for by a code", async () => {
  fakeServer({ [LOGIN]: () => problem(401, { code: "second_factor_needed" }) });
  const { login } = (await start()).useSession();
  await expect(login("139", "x")).rejects.toMatchObject({ code: "second_factor_needed" });
});

test("a session that ran out keeps the page; logging in again asks anew what failed", async () => {
  fakeServer({ [ME]: over, "POST /api/v1/auth/refresh": over, [LOGIN]: () => json({ me: { account_id: 7 } }) });
  const app = await start();
  const { me, signedIn, refresh, login } = app.useSession();
  const invalidate = vi.spyOn(app.queryClient, "invalidateQueries");
  expect(await refresh()).toBe(false);
  expect([me.value?.account_id, signedIn.value]).toEqual([7, false]);
  await login("139", "x");
  expect(invalidate).toHaveBeenCalled();
});

test("logout forgets what the server said, and keeps the app's own files", async () => {
  fakeServer({ "POST /api/v1/auth/logout": () => new Response(null, { status: 204 }) });
  const app = await start();
  app.queryClient.setQueryData(["feed"], ["动态"]);
  const { me, logout } = app.useSession();
  await logout();
  expect(me.value).toBeNull();
  expect(app.queryClient.getQueryData(["feed"])).toBeUndefined();
  expect(cached).toEqual(["workbox-precache-v2"]);
  expect(localStorage.getItem("lvyi.me")).toBeNull();
});

test("logout without a network is an error: the session would live on", async () => {
  fakeServer({ "POST /api/v1/auth/logout": noNetwork });
  const { me, logout } = (await start()).useSession();
  await expect(logout()).rejects.toThrow();
  expect(me.value?.account_id).toBe(7);
});

test("another account that logs in sees nothing of the one before", async () => {
  fakeServer({ [LOGIN]: () => json({ me: { account_id: 8 } }) });
  const app = await start();
  app.queryClient.setQueryData(["feed"], ["动态"]);
  await app.useSession().login("139", "x");
  expect(app.queryClient.getQueryData(["feed"])).toBeUndefined();
  expect(cached).toEqual(["workbox-precache-v2"]);
});

test("online follows the phone's network and the server's answers", async () => {
  fakeServer({ [ME]: noNetwork, "GET /healthz": () => json({}) });
  const app = await start();
  const online = app.useOnline();
  setNetwork(false);
  expect(online.value).toBe(false);
  setNetwork(true);
  expect(online.value).toBe(true);
  await app.useSession().refresh().catch(() => undefined);
  expect(online.value).toBe(false);
  document.dispatchEvent(new Event("visibilitychange"));
  await until(() => online.value);
});

test("settings are kept and stand on the page", async () => {
  const { elder, theme } = (await start()).useSettings();
  const { dataset } = document.documentElement;
  expect([dataset.elder, dataset.theme]).toEqual([undefined, "light"]);
  [elder.value, theme.value] = [true, "dark"];
  await nextTick();
  expect([dataset.elder, dataset.theme]).toEqual(["true", "dark"]);
  const again = (await start()).useSettings();
  expect([again.elder.value, again.theme.value]).toEqual([true, "dark"]);
});
