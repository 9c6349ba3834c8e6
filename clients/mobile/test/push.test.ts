import { beforeEach, expect, test, vi } from "vitest";

import { newPhone, page, start, until } from "@lvyi/shared/test/phone";
import { fakeServer, json, noNetwork, type FakeRequest } from "@lvyi/shared/test/server";

const SUBSCRIPTION = "/api/v1/push/subscription";
const done = () => new Response(null, { status: 204 });
const answers = {
  "GET /api/v1/push/key": () => json({ key: "BKey" }),
  [`PUT ${SUBSCRIPTION}`]: done,
  [`DELETE ${SUBSCRIPTION}`]: done,
};
/** Of the fake browser: its subscription's key, and what it answers when permission is asked for. */
let subscribed: string | null;
let permission: NotificationPermission;

beforeEach(() => {
  newPhone();
  [subscribed, permission] = [null, "granted"];
  const subscription = {
    toJSON: () => ({ endpoint: `https://push.test/${subscribed}`, expirationTime: null, keys: { p256dh: "p", auth: "a" } }),
    unsubscribe: async () => ((subscribed = null), true),
  };
  const pushManager = {
    getSubscription: async () => (subscribed ? subscription : null),
    subscribe: async ({ applicationServerKey }: { applicationServerKey: string }) => {
      subscribed = applicationServerKey;
      return subscription;
    },
  };
  const registration = { pushManager };
  const container = { ready: Promise.resolve(registration), getRegistration: async () => registration };
  Object.defineProperty(navigator, "serviceWorker", { value: container, configurable: true });
  vi.stubGlobal("isSecureContext", true);
  vi.stubGlobal("PushManager", {});
  vi.stubGlobal("Notification", { permission: "default", requestPermission: async () => permission });
});

/** The app started anew on the phone, with the switch of its settings. */
async function opened() {
  const app = await start();
  const { VueQueryPlugin } = await import("@tanstack/vue-query");
  const { createApp } = await import("vue");
  const push = await import("../src/features/notifications/push");
  const root = createApp({});
  root.use(VueQueryPlugin, { queryClient: app.queryClient });
  const { result } = page(() => root.runWithContext(() => push.usePush()));
  return { ...push, ...result };
}

const sent = (requests: FakeRequest[]) => requests.filter(({ path }) => path === SUBSCRIPTION).map(({ method }) => method);

test("on asks the browser and tells the server, off takes both back", async () => {
  const requests = fakeServer(answers);
  const { isOn, hindrance, turn } = await opened();
  await until(() => hindrance.value === null);
  await turn(true);
  expect([isOn.value, subscribed]).toEqual([true, "BKey"]);
  expect(requests.at(-1)!.body).toEqual({ endpoint: "https://push.test/BKey", keys: { p256dh: "p", auth: "a" } });
  await turn(false);
  expect([isOn.value, subscribed, sent(requests)]).toEqual([false, null, ["PUT", "DELETE"]]);
});

test("without a connection off still ends them on the phone", async () => {
  fakeServer(answers);
  const { isOn, hindrance, turn, endPush } = await opened();
  await until(() => hindrance.value === null);
  await turn(true);
  fakeServer({ [`DELETE ${SUBSCRIPTION}`]: noNetwork });
  await endPush();
  expect([isOn.value, subscribed]).toEqual([false, null]);
});

test("a session that begins takes over what its account had; another account ends it", async () => {
  fakeServer(answers);
  const first = await opened();
  await until(() => first.hindrance.value === null);
  await first.turn(true);

  const renewed = fakeServer(answers);
  const second = await opened();
  await second.renewPush();
  expect([second.isOn.value, sent(renewed)]).toEqual([true, ["PUT"]]);

  localStorage.setItem("lvyi.me", JSON.stringify({ account_id: 8 }));
  const other = await opened();
  expect(other.isOn.value).toBe(false);
  await other.renewPush();
  expect([subscribed, localStorage.getItem("lvyi.push")]).toEqual([null, null]);
});

test("a refused permission and a push service out of reach are told in a sentence", async () => {
  fakeServer(answers);
  const { isOn, hindrance, turn } = await opened();
  await until(() => hindrance.value === null);
  permission = "denied";
  await expect(turn(true)).rejects.toThrow(/允许履易发通知/);
  permission = "granted";
  const { pushManager } = await navigator.serviceWorker.ready;
  vi.spyOn(pushManager, "subscribe").mockRejectedValue(new DOMException("", "AbortError"));
  await expect(turn(true)).rejects.toThrow(/连不上推送服务/);
  expect(isOn.value).toBe(false);
});

test("where it cannot be, a sentence says why", async () => {
  fakeServer({ "GET /api/v1/push/key": () => json({ key: null }) });
  const off = await opened();
  await until(() => off.hindrance.value === "本系统没有开通手机通知。");
  vi.stubGlobal("Notification", { permission: "denied" });
  expect((await opened()).hindrance.value).toMatch(/允许履易发通知/);
  Reflect.deleteProperty(window, "PushManager");
  expect((await opened()).hindrance.value).toMatch(/这个浏览器收不到/);
  vi.stubGlobal("isSecureContext", false);
  expect((await opened()).hindrance.value).toMatch(/https/);
});
