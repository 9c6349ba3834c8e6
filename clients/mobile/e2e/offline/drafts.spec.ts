/** What is being written is on every phone of its author, and what was refused says so where it stands. */
import { expect, test, type Browser, type Page } from "@playwright/test";
import { desk, expectAccessible, login } from "../phone";

const HUAWEI =
  "Mozilla/5.0 (Linux; Android 12; HUAWEI ELE-AL00; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/107.0 " +
  "Mobile Safari/537.36 MicroMessenger/8.0.33";
const IPHONE =
  "Mozilla/5.0 (iPhone; CPU iPhone OS 17_4 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 MicroMessenger/8.0.47";

/** Another phone of the same member. */
async function phone(browser: Browser, userAgent: string, path: string): Promise<Page> {
  const options = { userAgent, viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true, locale: "zh-CN" };
  const context = await browser.newContext({ ...options, timezoneId: "Asia/Shanghai", baseURL: process.env.LVYI_E2E_URL });
  const page = await context.newPage();
  await login(page, "委员", path);
  return page;
}

const saved = (page: Page) => expect(page.getByRole("status").filter({ hasText: "草稿已保存" })).toBeVisible();

test("a second phone shows every draft with the phone that wrote it, and goes on", async ({ browser }) => {
  const one = await phone(browser, HUAWEI, "/updates/new");
  await one.locator("form textarea").fill("在路上写的动态");
  await saved(one);
  await one.goto("/reading/notes/new");
  await one.getByLabel("标题").fill("一篇没写完的札记");
  await saved(one);
  await one.goto("/proposals/new");
  await one.getByRole("textbox", { name: "案由" }).fill("关于只写了案由的提案");
  await saved(one);

  const two = await phone(browser, IPHONE, "/drafts");
  const row = (title: string) => two.getByRole("listitem").filter({ hasText: title });
  await expect(row("在路上写的动态")).toContainText("华为手机 · 微信");
  await expect(row("一篇没写完的札记")).toBeVisible();
  await expect(row("关于只写了案由的提案").first()).toBeVisible();
  await expectAccessible(two);
  await two.screenshot({ path: "mobile/test-results/drafts-list.png" });

  await row("在路上写的动态").getByRole("link").click();
  await expect(two.locator("form textarea")).toHaveValue("在路上写的动态");
  await two.locator("form textarea").fill("在路上写的动态，到家接着写");
  await saved(two);
  await two.goto("/drafts");
  await expect(row("到家接着写")).toContainText("iPhone · 微信");

  // both go on without knowing of each other
  await one.goto("/updates/new");
  await expect(one.locator("form textarea")).toHaveValue("在路上写的动态，到家接着写");
  await one.context().setOffline(true);
  await one.locator("form textarea").fill("在路上又改了一遍");
  await expect(one.getByText("已存在本机，联网后同步")).toBeVisible();
  await two.goto("/updates/new");
  await two.locator("form textarea").fill("在家里又改了一遍");
  await saved(two);
  await one.context().setOffline(false);
  const sheet = one.getByRole("dialog");
  await expect(sheet).toContainText("在路上又改了一遍");
  await expect(sheet).toContainText("在家里又改了一遍");
  await expectAccessible(one);
  await one.screenshot({ path: "mobile/test-results/drafts-conflict.png" });
  await sheet.getByRole("button", { name: "两份都留下，我来改" }).click();
  await sheet.getByRole("button", { name: "保存选择，继续写" }).click();
  await expect(one.locator("form textarea")).toHaveValue("在路上又改了一遍\n在家里又改了一遍");
  await saved(one);

  // sent on one, gone from the other
  const deleted = one.waitForResponse((response) => response.request().method() === "DELETE");
  await one.getByRole("button", { name: "发布" }).click();
  await expect(one).toHaveURL("/");
  await deleted;
  await two.goto("/drafts");
  await expect(row("一篇没写完的札记")).toBeVisible();
  await expect(row("又改了一遍")).toHaveCount(0);
  await one.context().close();
  await two.context().close();
});

test("a refused reply stays in red in its place, and can be changed and sent again", async ({ page, context }) => {
  await login(page);
  const staff = await desk(page, "机关工作人员");
  const now = Date.now();
  const topic = await staff("POST", "topics", {
    title: "关于没有发出的发言",
    summary: "说说您的看法。",
    opens_at: new Date(now).toISOString(),
    closes_at: new Date(now + 86_400_000).toISOString(),
  });
  await staff("POST", `topics/${topic.id}/publication`);
  await page.goto(`/topics/${topic.id}`);
  const field = page.getByRole("textbox", { name: "说说您的看法" });
  await field.waitFor();
  await page.route("**/replies", (route) =>
    route.request().method() === "POST"
      ? route.fulfill({ status: 422, contentType: "application/problem+json", body: JSON.stringify({ status: 422, code: "invalid", detail: "填写的内容有误，请检查后再提交。" }) })
      : route.continue(),
  );
  await context.setOffline(true);
  await field.fill("没有网络时写的一家👨‍👩‍👧");
  await page.getByRole("button", { name: "发送" }).click();
  const unsent = page.locator("article.unsent");
  await expect(unsent).toContainText("待发送");
  await context.setOffline(false);
  await expect(unsent).toContainText("没有发出");
  await expect(unsent).toContainText("填写的内容有误");
  await expect(field).toHaveValue("");
  await expectAccessible(page);
  await page.screenshot({ path: "mobile/test-results/refused-reply.png" });
  await page.goto("/");
  await expect(page.getByRole("link", { name: "没有发出 1 条" })).toBeVisible();
  await page.goto("/drafts");
  await expect(page.getByRole("listitem").filter({ hasText: "没有网络时写的" })).toContainText("没有发出");
  await expectAccessible(page);
  await page.screenshot({ path: "mobile/test-results/refused-list.png" });

  await page.unroute("**/replies");
  await page.getByRole("button", { name: "修改后重发" }).click();
  await expect(page).toHaveURL(`/topics/${topic.id}`);
  await expect(field).toHaveValue("没有网络时写的一家👨‍👩‍👧");
  await field.fill("改好的发言");
  await page.getByRole("button", { name: "发送" }).click();
  await expect(page.getByText("已发送。")).toBeVisible();
  await expect(unsent).toHaveCount(0);
});

test("a refused update stands in red in the circle with its pictures counted", async ({ page, context }) => {
  await login(page, "委员", "/updates/new");
  await page.route("**/api/v1/updates", (route) =>
    route.request().method() === "POST"
      ? route.fulfill({ status: 422, contentType: "application/problem+json", body: JSON.stringify({ status: 422, code: "invalid", detail: "填写的内容有误，请检查后再提交。" }) })
      : route.continue(),
  );
  await page.locator("form textarea").fill("没有发出的动态");
  await context.setOffline(true);
  await page.getByRole("button", { name: "发布" }).click();
  await expect(page).toHaveURL("/");
  await context.setOffline(false);
  const card = page.locator("article.failed");
  await expect(card).toContainText("没有发出的动态");
  await expect(card).toContainText("填写的内容有误");
  await page.screenshot({ path: "mobile/test-results/refused-update.png" });
  await card.getByRole("button", { name: "删除" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "删除" }).click();
  await expect(card).toHaveCount(0);
});

test("a full phone says so and keeps the words on the screen", async ({ page }) => {
  await login(page, "委员", "/updates/new");
  await page.evaluate(() => {
    const full = () => {
      throw new DOMException("full", "QuotaExceededError");
    };
    IDBObjectStore.prototype.put = full;
    Storage.prototype.setItem = full;
  });
  await page.route("**/api/v1/drafts/**", (route) => route.abort());
  await page.locator("form textarea").fill("手机满了也在");
  await expect(page.getByText("手机存储已满")).toBeVisible();
  await expect(page.locator("form textarea")).toHaveValue("手机满了也在");
  await page.screenshot({ path: "mobile/test-results/full-phone.png" });
});
