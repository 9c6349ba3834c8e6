/**
 * The main journeys on a browser that lacks all that is younger than Chromium 86 and Safari 14: those functions are
 * deleted, and what those browsers would ignore is cut out of the styles. Their syntax is checked by ../scripts/floor.mjs.
 */
import { expect, test, type Page } from "@playwright/test";
import { fileURLToPath } from "node:url";
import { credentials, login, loginByForm } from "../phone";

const PICTURE = fileURLToPath(new URL("../../public/icons/512.png", import.meta.url));
const NEWER_CSS = /(?:field-sizing|aspect-ratio|inset|overscroll-behavior|content-visibility|overflow-anchor|scrollbar-width):[^;{}]*;?|[\w-]+:[^;{}]*\d(?:dvh|svh|lvh)[^;{}]*;?/g;

/** Runs in the page before its own scripts. */
function forget(): void {
  const lose = (owner: object, ...names: string[]) => names.forEach((name) => Reflect.deleteProperty(owner, name));
  const typed = Object.getPrototypeOf(Int8Array) as typeof Int8Array;
  for (const { prototype } of [Array, String, typed]) lose(prototype, "at", "findLast", "findLastIndex", "toReversed", "toSorted", "toSpliced", "with");
  lose(Object, "hasOwn", "groupBy", "fromEntriesAsync");
  lose(Crypto.prototype, "randomUUID");
  lose(Navigator.prototype, "locks");
  lose(AbortSignal, "timeout", "any");
  lose(HTMLElement.prototype, "inert", "popover", "showPopover");
  lose(HTMLDialogElement.prototype, "showModal", "show", "close", "open", "returnValue", "requestClose");
  lose(window, "HTMLDialogElement", "structuredClone", "BroadcastChannel", "requestIdleCallback", "CloseWatcher", "WeakRef", "scheduler");
  const { supports } = CSS;
  CSS.supports = (...asked: string[]) => !/field-sizing|aspect-ratio|dvh/.test(asked.join()) && supports.apply(CSS, asked as [string]);
}

let errors: string[];
test.beforeEach(async ({ page }) => {
  errors = [];
  page.on("pageerror", (error) => errors.push(String(error)));
  await page.addInitScript(forget);
  await page.route("**/assets/*.css", async (route) => {
    const answer = await route.fetch({ maxRetries: 3 }); // a connection that the server has just closed
    await route.fulfill({ response: answer, body: (await answer.text()).replace(NEWER_CSS, "") });
  });
});
test.afterEach(() => expect(errors).toEqual([]));

const height = (page: Page, label: string) => page.getByLabel(label, { exact: true }).evaluate((field) => field.getBoundingClientRect().height);
const words = (what: string) => `${what}，${Date.now()}`;

test("the feed goes on past its first page, and a topic past its own", async ({ page }) => {
  await loginByForm(page);
  await expect(page.getByRole("article")).toHaveCount(8);
  await expect
    .poll(async () => {
      await page.evaluate(() => scrollTo(0, document.body.scrollHeight));
      return page.getByRole("article").count();
    })
    .toBeGreaterThanOrEqual(28);

  const { items } = await (await page.request.get("/api/v1/topics?limit=20")).json();
  const longest = (items as { id: number; reply_count: number }[]).sort((one, other) => other.reply_count - one.reply_count)[0]!;
  await page.goto(`/topics/${longest.id}`);
  const later = page.waitForResponse(/\/replies\?.*cursor=/);
  await expect(page.locator("[data-reply]").first()).toBeVisible();
  const first = await page.locator("[data-reply]").count();
  await expect
    .poll(async () => {
      await page.evaluate(() => scrollTo(0, document.body.scrollHeight));
      return page.locator("[data-reply]").count();
    })
    .toBeGreaterThan(first);
  await later;
});

test("an update with a picture is published from the sheet; its field grows; it is answered and deleted", async ({ page }) => {
  await login(page);
  const write = page.getByRole("button", { name: "写", exact: true });
  const sheet = page.getByRole("dialog", { name: "写点什么" });
  await write.tap();
  await expect(sheet).toBeInViewport();
  await page.keyboard.press("Escape");
  await expect(sheet).toBeHidden();
  await write.tap();
  await page.touchscreen.tap(195, 40); // beside it
  await expect(sheet).toBeHidden();
  await write.tap();
  await sheet.getByRole("link", { name: /写动态/ }).tap();

  const text = words("上午走访了社区养老服务站");
  const empty = await height(page, "内容");
  await page.getByLabel("内容").fill(`${text}\n`.padEnd(text.length + 15, "一二三\n"));
  await page.getByLabel("内容").fill(text + "\n老人们说好。".repeat(14));
  await expect.poll(() => height(page, "内容")).toBeGreaterThan(empty + 200);
  await page.getByLabel("内容").fill(text);
  await expect.poll(() => height(page, "内容")).toBe(empty);
  await page.locator("input[type=file]").setInputFiles(PICTURE);
  const picture = page.locator(".picker img");
  await expect.poll(async () => (await picture.boundingBox())?.height).toBe((await picture.boundingBox())?.width);
  await page.getByRole("button", { name: "发布" }).tap();
  await expect(page).toHaveURL("/");

  const card = page.getByRole("article").filter({ hasText: text });
  const shown = await card.locator(".pictures button").boundingBox();
  expect(Math.round(shown!.height)).toBe(Math.round(shown!.width));
  await card.getByRole("button", { name: /^回复/ }).tap();
  await card.getByRole("textbox", { name: "回复" }).fill("说得好");
  await card.getByRole("button", { name: "发送" }).tap();
  await expect(card.getByText("说得好")).toBeVisible();
  await card.locator("a.words").tap();
  await page.getByRole("button", { name: "删除" }).first().tap();
  await page.getByRole("dialog").getByRole("button", { name: "删除" }).tap();
  await expect(page).toHaveURL("/");
  await expect(page.getByText(text)).toHaveCount(0);
});

test("a proposal is drafted, and goes on after the session has run out", async ({ page, context }) => {
  await login(page, "委员", "/proposals/new");
  await page.getByLabel("案由", { exact: true }).fill("关于在老旧小区增设充电设施的建议");
  await page.getByRole("button", { name: "下一步：情况分析" }).tap();
  await page.waitForURL(/\/proposals\/\d+\/edit\?step=situation/);
  const id = page.url().match(/\d+(?=\/edit)/)![0];
  const situation = page.getByLabel("情况分析", { exact: true });
  const foot = page.getByRole("button", { name: "下一步：具体建议" });
  await expect(foot).toBeInViewport();
  const empty = await height(page, "情况分析");
  await situation.fill("走访了三个社区。\n".repeat(40));
  await expect.poll(() => height(page, "情况分析")).toBeGreaterThan(empty + 400);
  await expect(page.locator("header").getByRole("status")).toHaveText("草稿已保存");

  await context.clearCookies();
  await situation.fill("登录过期了还在写。");
  const sheet = page.getByRole("dialog", { name: "请重新登录" });
  const { phone, password } = credentials("委员");
  await expect(sheet.getByLabel("密码", { exact: true })).toBeInViewport();
  await page.keyboard.press("Escape");
  await expect(sheet).toBeVisible();
  await sheet.getByLabel("手机号").fill(phone);
  await sheet.getByLabel("密码", { exact: true }).fill(password);
  await sheet.getByRole("button", { name: "登录", exact: true }).tap();
  await expect(sheet).toBeHidden();
  await expect(situation).toHaveValue("登录过期了还在写。");
  await expect.poll(async () => (await (await page.request.get(`/api/v1/proposals/${id}`)).json()).situation).toBe("登录过期了还在写。");
});
