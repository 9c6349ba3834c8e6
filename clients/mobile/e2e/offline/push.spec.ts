import { expect, test, type Page } from "@playwright/test";
import { expectAccessible, keeps, login } from "../phone";

const SUBSCRIPTION = "/api/v1/push/subscription";

/** Stands in for the browser's push service, which is out in the internet. */
function fakePushService() {
  const told = {
    endpoint: "https://push.example.org/v2/a1b2",
    keys: {
      p256dh: "BCbvzr0O6eNKZpGH4Ys6kSKy9zOUW2Scyfn5Ien52tgSkCOL3pzHuzMNFQxncE3SWucFUgV0S28xv0BwdFhy0OY",
      auth: "8eDyX_uCN0XRhSbY5hs7Hg",
    },
  };
  const subscription = {
    toJSON: () => told,
    unsubscribe: async () => (localStorage.removeItem("subscribed"), true),
  };
  Object.assign(PushManager.prototype, {
    getSubscription: async () => (localStorage.getItem("subscribed") ? subscription : null),
    subscribe: async () => (localStorage.setItem("subscribed", "yes"), subscription),
  });
}

const answered = (page: Page, method: string) =>
  page.waitForResponse((response) => response.url().endsWith(SUBSCRIPTION) && response.request().method() === method);

test("this phone rings from when it is switched on until logout", async ({ page, context }) => {
  await context.grantPermissions(["notifications"]);
  await page.addInitScript(fakePushService);
  await login(page, "委员", "/settings");
  const ringing = page.getByRole("switch", { name: "手机通知" });
  await expect(ringing).not.toBeChecked();
  const put = answered(page, "PUT");
  await ringing.tap();
  expect((await put).status()).toBe(204);
  await expect(ringing).toBeChecked();
  await expectAccessible(page);

  const renewed = answered(page, "PUT");
  await page.reload();
  expect((await renewed).status()).toBe(204);
  await expect(ringing).toBeChecked();

  const ended = answered(page, "DELETE");
  await page.getByRole("button", { name: "退出登录" }).tap();
  await page.getByRole("dialog").getByRole("button", { name: "退出登录" }).tap();
  expect((await ended).status()).toBe(204);
  await expect(page).toHaveURL("/login");
  expect(await page.evaluate(() => localStorage.getItem("subscribed"))).toBeNull();
});

test("a browser that does not allow notifications is told how to", async ({ page }) => {
  await page.addInitScript(() => Object.defineProperty(Notification, "permission", { value: "denied" }));
  await login(page, "委员", "/settings");
  await expect(page.getByText("没有允许通知。请在浏览器的网站设置里允许")).toBeVisible();
  await expect(page.getByRole("switch", { name: "手机通知" })).toHaveCount(0);
  await expectAccessible(page);
});

test("what is pushed is shown, and a touch opens its page", async ({ page, context, baseURL }) => {
  await context.grantPermissions(["notifications"]);
  await login(page);
  const { items } = await (await page.request.get("/api/v1/topics")).json();
  const path = `/api/v1/topics/${items[0].id}`;
  await keeps(page);

  const devtools = await context.newCDPSession(page);
  const registered = new Promise<string>((found) => {
    devtools.on("ServiceWorker.workerRegistrationUpdated", ({ registrations }) => found(registrations[0]!.registrationId));
  });
  await devtools.send("ServiceWorker.enable");
  const data = JSON.stringify({ title: "周岚回复了您的意见", path });
  const message = { origin: baseURL!, registrationId: await registered, data };
  const shown = () =>
    page.evaluate(async () => {
      const notifications = await (await navigator.serviceWorker.ready).getNotifications();
      return notifications.map(({ title, data }) => [title, data]);
    });
  // a busy browser loses one now and then: what is not there after a while is delivered once more
  const delivered = async () => {
    const there = await shown();
    if (!there.length) await devtools.send("ServiceWorker.deliverPushMessage", message);
    return there;
  };
  await expect.poll(delivered, { intervals: [3_000] }).toEqual([["周岚回复了您的意见", path]]);

  const [worker] = context.serviceWorkers();
  await worker!.evaluate(async () => {
    // in the worker, whose types the tests do not have; only a real touch may move the focus
    const scope = globalThis as unknown as {
      registration: ServiceWorkerRegistration;
      WindowClient: { prototype: { focus: () => Promise<void> } };
      NotificationEvent: new (type: string, init: { notification: Notification }) => Event;
    };
    scope.WindowClient.prototype.focus = async () => {};
    const [notification] = await scope.registration.getNotifications();
    dispatchEvent(new scope.NotificationEvent("notificationclick", { notification: notification! }));
  });
  await expect(page).toHaveURL(`/topics/${items[0].id}`);
  expect(await shown()).toEqual([]);
});
