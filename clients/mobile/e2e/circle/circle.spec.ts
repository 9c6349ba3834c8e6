/** The circle and the topics: reading, supporting, publishing, replying, and what happens without a connection. */
import { expect, test, type Locator, type Page } from "@playwright/test";
import { fileURLToPath } from "node:url";
import { expectAccessible, login } from "../phone";

const PICTURE = fileURLToPath(new URL("../../public/icons/512.png", import.meta.url));

/** Taps, counted; typing is not. */
function finger() {
  let taps = 0;
  return {
    tap: async (target: Locator) => {
      taps += 1;
      await target.tap();
    },
    taps: () => taps,
  };
}

const tab = (page: Page, name: string) => page.getByRole("navigation", { name: "主要栏目" }).getByRole("link", { name });
const words = (what: string) => `${what}，${Date.now()}`;

async function settled(page: Page) {
  await expect(page.getByRole("status", { name: "正在加载" })).toHaveCount(0);
}

/** Opens the first open topic as a member does. */
async function openTopic(page: Page, hand = finger()) {
  await hand.tap(tab(page, "议政"));
  await hand.tap(page.locator("a.topic").filter({ hasText: "截止" }).first());
  await expect(page.getByRole("heading", { name: "发言" })).toBeVisible();
  await settled(page);
}

/** How many replies of a thread carry these words. */
async function countOf(page: Page, text: string): Promise<number> {
  const topic = await (await page.request.get(`/api/v1${new URL(page.url()).pathname}`)).json();
  const thread = await page.request.get(`/api/v1/threads/${topic.thread_id}/replies?order=newest&limit=20`);
  const { items } = (await thread.json()) as { items: { body: string }[] };
  return items.filter(({ body }) => body === text).length;
}

test("the feed is there at once; one tap supports; a reply is written on the spot", async ({ page }) => {
  await login(page);
  await expect(page.getByRole("article").first()).toBeVisible();
  await expectAccessible(page);

  const card = page.getByRole("article").filter({ has: page.getByRole("button", { name: /赞同/, pressed: false }) }).first();
  const link = await card.locator("a.words").getAttribute("href");
  const hand = finger();
  await hand.tap(card.getByRole("button", { name: /赞同/ }));
  expect(hand.taps()).toBe(1);
  const same = page.getByRole("article").filter({ has: page.locator(`a[href="${link}"]`) });
  await expect(same.getByRole("button", { name: /赞同/ })).toHaveAttribute("aria-pressed", "true");

  const text = words("说得好");
  await same.getByRole("button", { name: /^回复/ }).tap();
  await same.getByRole("textbox", { name: "回复" }).fill(text);
  await expectAccessible(page);
  await same.getByRole("button", { name: "发送" }).tap();
  await expect(same.getByText(text)).toBeVisible();
  await same.locator("a.words").tap();
  await expect(page.getByText(text)).toBeVisible();
  await expect(page.getByRole("button", { name: /赞同/, pressed: true }).first()).toBeVisible();
  await expectAccessible(page);
});

test("parts of the circle, a member's page, and back to the same place", async ({ page }) => {
  await login(page);
  for (const scope of ["我的界别", "我的专委会", "全部"]) {
    await page.getByRole("button", { name: scope }).tap();
    await settled(page);
    await expect(page.getByRole("button", { name: scope })).toHaveAttribute("aria-pressed", "true");
  }
  const fifth = page.getByRole("article").nth(4);
  await fifth.scrollIntoViewIfNeeded();
  await page.waitForTimeout(300);
  const before = await page.evaluate(() => scrollY);
  expect(before).toBeGreaterThan(200);
  await fifth.locator("a.who").tap();
  await expect(page).toHaveURL(/\/members\/\d+/);
  await settled(page);
  await expectAccessible(page);
  await page.getByRole("button", { name: "返回" }).tap();
  await expect(page).toHaveURL("/");
  await expect.poll(() => page.evaluate(() => Math.round(scrollY))).toBe(Math.round(before));
});

test("three taps publish an update with a picture; its author changes and deletes it", async ({ page }) => {
  await login(page);
  const hand = finger();
  const text = words("上午走访了社区养老服务站");
  await hand.tap(page.getByRole("button", { name: "写" }));
  await hand.tap(page.getByRole("link", { name: /写动态/ }));
  await page.getByLabel("内容").fill(text);
  await page.locator("input[type=file]").setInputFiles(PICTURE);
  await expect(page.getByRole("button", { name: "移除第 1 张" })).toBeVisible();
  await expectAccessible(page);
  await hand.tap(page.getByRole("button", { name: "发布" }));
  expect(hand.taps()).toBe(3);
  await expect(page).toHaveURL("/");
  await page.getByText(text).tap();
  await expect(page).toHaveURL(/\/updates\/\d+/);
  await expect(page.getByRole("button", { name: /查看第 1 张图片/ })).toBeVisible();

  await page.getByRole("button", { name: "修改" }).tap();
  const sheet = page.getByRole("dialog", { name: "修改动态" });
  await sheet.getByLabel("内容").fill(`${text}，收获很多`);
  await expectAccessible(page);
  await sheet.getByRole("button", { name: "保存" }).tap();
  await expect(page.getByText("发布后改过")).toBeVisible();
  await page.getByRole("button", { name: "删除" }).first().tap();
  await page.getByRole("dialog").getByRole("button", { name: "删除" }).tap();
  await expect(page).toHaveURL("/");
  await expect(page.getByText(text)).toHaveCount(0);
});

test("four taps reply in a topic; the words answered, a member named, my own deleted", async ({ page }) => {
  await login(page);
  const hand = finger();
  await openTopic(page, hand);
  const bar = page.getByRole("textbox", { name: "说说您的看法" });
  await hand.tap(bar);
  const text = words("建议先试点再推开");
  await bar.fill(text);
  await hand.tap(page.getByRole("button", { name: "发送" }));
  expect(hand.taps()).toBe(4);
  await expect(page.locator("[data-reply]").filter({ hasText: text })).toBeVisible();
  expect(await countOf(page, text)).toBe(1);
  await expectAccessible(page);

  const other = page.locator("[data-reply]").filter({ hasNotText: text }).first();
  const author = await other.locator(".words b").innerText();
  await other.getByRole("button", { name: "回复", exact: true }).tap();
  await expect(page.getByText(`回复 ${author}`)).toBeVisible();
  await page.getByRole("button", { name: "提到委员" }).tap();
  const named = page.getByRole("dialog", { name: "提到谁" }).getByRole("listitem").first();
  const name = await named.locator("b").last().innerText();
  await expectAccessible(page);
  await named.getByRole("button").tap();
  const answer = words("同意");
  await bar.fill(`@${name} ${answer}`);
  await page.getByRole("button", { name: "发送" }).tap();
  const sent = page.locator("[data-reply]").filter({ hasText: answer }).last();
  await expect(sent.getByRole("link", { name: `@${name}` })).toBeVisible();

  await page.getByRole("button", { name: "最新" }).tap();
  await settled(page);
  const newest = page.locator("[data-reply]").first();
  await expect(newest).toContainText(answer);
  await expect(newest.getByRole("link", { name: new RegExp(`回复 ${author}`) })).toBeVisible();
  await newest.getByRole("button", { name: "更多" }).tap();
  await page.getByRole("dialog").getByText("删除这条发言").tap();
  await page.getByRole("dialog").getByRole("button", { name: "删除", exact: true }).tap();
  await expect(newest.getByText("这条发言已被作者删除。")).toBeVisible();
});

test("what waits leads to a topic that closes today in three taps", async ({ page }) => {
  await page.route("**/api/v1/topics?limit=10", async (route) => {
    const answer = await route.fetch();
    const topics = await answer.json();
    const [first] = topics.items;
    Object.assign(first, { joined: false, may: ["reply"], closes_at: new Date(Date.now() + 60_000).toISOString() });
    await route.fulfill({ json: topics });
  });
  await login(page);
  const hand = finger();
  await hand.tap(page.getByRole("region", { name: "等您办" }).getByRole("link").filter({ hasText: "等您发言" }));
  const bar = page.getByRole("textbox", { name: "说说您的看法" });
  await hand.tap(bar);
  const text = words("补充一点");
  await bar.fill(text);
  await hand.tap(page.getByRole("button", { name: "发送" }));
  expect(hand.taps()).toBe(3);
  await expect(page.locator("[data-reply]").filter({ hasText: text })).toBeVisible();
});

test("papers, ended topics and a link to one reply", async ({ page }) => {
  await login(page, "委员", "/topics");
  await settled(page);
  await expectAccessible(page);
  await page.getByRole("button", { name: "已经结束" }).tap();
  await page.locator("a.topic").first().tap();
  await expect(page.getByRole("textbox", { name: "说说您的看法" })).toHaveCount(0);
  await settled(page);
  await expectAccessible(page);
  await page.getByText(/^背景材料 \d+ 份$/).tap();
  await page.locator("details").getByRole("link").first().tap();
  await expect(page).toHaveURL(/\/papers\/\d+/);
  await settled(page);
  await expectAccessible(page);
  await page.getByRole("button", { name: "返回" }).tap();
  await page.getByRole("button", { name: "最早" }).tap();
  await settled(page);
  const reply = await page.locator("[data-reply]").first().getAttribute("data-reply");
  await page.goto(`/replies/${reply}`);
  await expect(page.locator(`[data-reply="${reply}"]`)).toBeVisible();
  await settled(page);
  await expectAccessible(page);
});

test("two phones in one topic see each other, without anything moving", async ({ page, browser }) => {
  await login(page);
  await openTopic(page);
  const other = await (await browser.newContext({ hasTouch: true })).newPage();
  await login(other, "新任委员", new URL(page.url()).pathname);
  await settled(other);
  const first = other.locator("[data-reply]").first();
  await expect(first).toBeVisible();
  const place = await first.boundingBox();

  const text = words("两部手机");
  await page.getByRole("textbox", { name: "说说您的看法" }).fill(text);
  await page.getByRole("button", { name: "发送" }).tap();
  const pill = other.getByRole("button", { name: "1 条新发言" });
  await expect(pill).toBeVisible();
  expect(await first.boundingBox()).toEqual(place);
  await pill.tap();
  await expect(other.locator("[data-reply]").filter({ hasText: text })).toBeVisible();
  await other.context().close();
});

test("without a connection a reply waits, survives a reload of the page, and is sent once", async ({ page, context }) => {
  await login(page);
  await openTopic(page);
  const bar = page.getByRole("textbox", { name: "说说您的看法" });
  const text = words("地铁里写的");
  await bar.fill(text);
  await expect(page.getByText("草稿已保存")).toBeVisible();
  await page.reload();
  await expect(bar).toHaveValue(text);
  await context.setOffline(true);
  await page.getByRole("button", { name: "发送" }).tap();
  await expect(page.getByText("待发送", { exact: true })).toBeVisible();
  await expect(bar).toHaveValue("");
  await context.setOffline(false);
  await expect(page.locator("[data-reply]").filter({ hasText: text })).toBeVisible({ timeout: 30_000 });
  expect(await countOf(page, text)).toBe(1);
});
