/** Reading, meetings, the leaderboard and the archive: what a member does and where it is counted. */
import { expect, test, type Page } from "@playwright/test";
import { desk, expectAccessible, loaded, login, unfold } from "../phone";

const HOUR = 3_600_000;

/** A meeting to which only this member is invited, made by the secretariat; gives its id and what is on the wall. */
async function invite(page: Page, title: string, startsIn: number): Promise<{ id: number; shown: () => Promise<string> }> {
  const { seat } = await (await page.request.get("/api/v1/auth/me")).json();
  const office = await desk(page, "机关工作人员");
  const at = (ms: number) => new Date(Date.now() + startsIn + ms).toISOString();
  const data = { kind: "research", title, place: "城东街道", starts_at: at(0), ends_at: at(3 * HOUR), seat_ids: [seat.id] };
  const { id } = await office("POST", "activities", data);
  return { id, shown: async () => (await office("GET", `activities/${id}/sign-in-codes`)).codes[0].code };
}

test("reading is logged with five taps, opens from the archive, and can be taken back", async ({ page }) => {
  await login(page);
  let taps = 0;
  const tap = async (name: string | RegExp, role: "link" | "button" = "button") => {
    await page.getByRole(role, { name, exact: typeof name === "string" }).first().tap();
    taps++;
  };
  await tap("读书", "link");
  await loaded(page);
  await expectAccessible(page);
  await tap("读书打卡", "link");
  const books = page.getByRole("group", { name: "最近在读" }).getByRole("button");
  const book = (await books.first().textContent())!.trim();
  await expectAccessible(page);
  await books.first().tap();
  taps++;
  await tap("30分钟");
  await tap("记下来");
  await expect(page.getByText("已记下")).toBeVisible();
  expect(taps).toBe(5);

  await page.goto("/reading/logs");
  await loaded(page);
  await expectAccessible(page);
  await page.getByRole("link", { name: book }).first().tap();
  await expect(page.getByText(/日，30 分钟/)).toBeVisible();
  await expectAccessible(page);
  await page.getByRole("button", { name: "删除这条记录" }).tap();
  await page.getByRole("dialog").getByRole("button", { name: "删除", exact: true }).tap();
  await expect(page).toHaveURL("/reading/logs");
});

test("reading logged without a connection is sent once, later", async ({ page, context }) => {
  await login(page, "委员", "/reading/log");
  const book = `离线的书${Date.now()}`;
  await page.getByLabel("哪本书").fill(book);
  await page.getByLabel("分钟数").fill("20");
  await expect(page.getByText("草稿已保存")).toBeVisible();
  await page.reload();
  await expect(page.getByLabel("哪本书")).toHaveValue(book);
  await context.setOffline(true);
  await page.getByRole("button", { name: "记下来" }).tap();
  await expect(page.getByText("联网后自动发出")).toBeVisible();
  await context.setOffline(false);
  const titles = async () => {
    const { items } = await (await page.request.get("/api/v1/reading/logs")).json();
    return items.filter((entry: { book: string }) => entry.book === book).length;
  };
  await expect.poll(titles, { timeout: 20_000 }).toBe(1);
  await page.waitForTimeout(1000);
  expect(await titles()).toBe(1);
});

test("a note is written, read with its exchange, and deleted", async ({ page }) => {
  await login(page, "委员", "/reading");
  await page.locator("a.topic").first().tap();
  await loaded(page);
  await expectAccessible(page);
  await page.getByRole("link", { name: "写读书笔记" }).tap();
  await page.getByLabel("哪本书").fill("《诗经》");
  await page.getByLabel("标题").fill("读诗偶得");
  await page.getByLabel(/心得体会/).fill("民亦劳止，汔可小康。");
  await expect(page.getByText("草稿已保存")).toBeVisible();
  await page.reload();
  await expect(page.getByLabel(/心得体会/)).toHaveValue("民亦劳止，汔可小康。");
  await expectAccessible(page);
  await page.getByRole("button", { name: "发布" }).tap();
  await expect(page).toHaveURL(/\/reading\/notes\/\d+$/);
  await expect(page.getByRole("heading", { name: "读诗偶得" })).toBeVisible();
  await expect(page.getByText("《诗经》", { exact: true })).toBeVisible();
  await expect(page.getByRole("link", { name: "共读主题" })).toBeVisible();
  await expectAccessible(page);
  await page.goto("/reading/notes");
  await expect(page.getByText("读诗偶得")).toBeVisible();
  await expectAccessible(page);
  await page.getByText("读诗偶得").tap();
  await page.getByRole("button", { name: "删除", exact: true }).tap();
  await page.getByRole("dialog").getByRole("button", { name: "删除", exact: true }).tap();
  await expect(page).toHaveURL("/reading/notes");
});

test("a member signs in to a meeting by its code, by its link, and asks for leave", async ({ page }) => {
  await login(page, "委员", "/me");
  const now = await invite(page, "马上开始的调研", HOUR / 2);
  const linked = await invite(page, "扫码签到的调研", HOUR / 3);
  const later = await invite(page, "后天的调研", 48 * HOUR);
  await page.getByRole("link", { name: "会议活动", exact: true }).tap();
  await expect(page.getByText("马上开始的调研")).toBeVisible();
  await expectAccessible(page);
  await page.getByText("马上开始的调研").tap();
  await expect(page.getByRole("heading", { name: "我的状态" })).toContainText("待参加");
  await expectAccessible(page);
  await page.getByRole("link", { name: "签到" }).tap();
  await page.getByLabel("会场屏幕上的六位签到码").fill("AAAAAA");
  await page.getByRole("button", { name: "签到" }).tap();
  await expect(page.getByRole("alert")).toBeVisible();
  await expectAccessible(page);
  await page.getByLabel("会场屏幕上的六位签到码").fill((await now.shown()).toLowerCase());
  await page.getByRole("button", { name: "签到" }).tap();
  await expect(page.getByText("签到成功")).toBeVisible();
  await expectAccessible(page);

  await page.goto(`/activities/${linked.id}/sign-in?code=${await linked.shown()}`);
  await expect(page.getByText("签到成功")).toBeVisible();

  await page.goto(`/activities/${later.id}`);
  await page.getByRole("button", { name: "请假" }).tap();
  await page.getByLabel("请假事由").fill("外地开会");
  await expectAccessible(page);
  await page.getByRole("button", { name: "提交请假" }).tap();
  await expect(page.getByText("已请假", { exact: true })).toBeVisible();
  await expect(page.getByText("请假事由：外地开会")).toBeVisible();
});

test("a member in a hall without a connection signs in when it comes back", async ({ page, context }) => {
  await login(page, "委员", "/me");
  const { id, shown } = await invite(page, "地下会议室的调研", HOUR / 2);
  await page.goto(`/activities/${id}/sign-in`);
  await page.getByLabel("会场屏幕上的六位签到码").fill(await shown());
  await context.setOffline(true);
  await page.getByRole("button", { name: "签到" }).tap();
  await expect(page.getByText("30 分钟内联网会自动签到")).toBeVisible();
  await expectAccessible(page);
  await context.setOffline(false);
  await expect(page.getByText("签到成功")).toBeVisible({ timeout: 20_000 });
});

test("the leaderboard explains itself down to the act", async ({ page }) => {
  await login(page, "委员", "/leaderboard?window=term");
  const rows = page.getByRole("listitem").getByRole("link");
  await expect(rows.first()).toBeVisible();
  await expectAccessible(page);
  await page.getByRole("button", { name: "计分说明" }).tap();
  await expect(page.getByText("热力看有多少位委员回应您", { exact: false })).toBeVisible();
  await page.getByText("一天连发十二条“好”").tap();
  await expectAccessible(page);
  await page.goBack();
  for (const board of ["常委", "专委会", "界别"]) {
    await page.getByRole("button", { name: board, exact: true }).tap();
    await loaded(page);
  }
  await expectAccessible(page);
  await rows.first().tap();
  await expect(page.getByRole("heading", { name: "每一分的由来" })).toBeVisible();
  await expectAccessible(page);
  await page.goBack();
  await expect(page.getByRole("button", { name: "界别", exact: true })).toHaveAttribute("aria-pressed", "true");
  await rows.first().tap();
  await page.locator(".rows a").first().tap();
  await expect(page).toHaveURL(/\/(replies|updates|topics|reading\/notes)\/\d+/);
});

test("points explain themselves down to the record", async ({ page }) => {
  await login(page, "委员", "/me");
  await page.getByRole("link", { name: "履职积分" }).tap();
  await expect(page.getByRole("heading", { name: "每一分的由来" })).toBeVisible();
  await expectAccessible(page);
  const lines = page.locator("section", { has: page.getByRole("heading", { name: "每一分的由来" }) }).getByRole("link");
  for (const index of [...Array(await lines.count()).keys()]) {
    const count = Number((await lines.nth(index).textContent())!.match(/(\d+) 条/)![1]);
    await lines.nth(index).tap();
    await expect(page.getByText(`${count} 条记录，`)).toBeVisible();
    if (count <= 20) await expect(page.locator(".rows li")).toHaveCount(count);
    await page.goBack();
    await expect(lines.first()).toBeVisible();
  }
  await page.getByRole("link", { name: /榜第 \d+ 名/ }).tap();
  await expect(page.getByRole("region", { name: "我的名次" })).toBeVisible();
  await page.getByRole("button", { name: "计分说明" }).tap();
  await expect(page.getByRole("dialog").getByText("得分相同名次并列", { exact: false })).toBeVisible();
  await expectAccessible(page);
  await page.getByRole("button", { name: "关闭" }).tap();
  await page.getByRole("button", { name: "常委", exact: true }).tap();
  await loaded(page);
  await page.getByRole("listitem").getByRole("link").first().tap();
  await expect(page.getByRole("heading", { name: "每一分的由来" })).toBeVisible();
  await expectAccessible(page);
});

test("the boards of past months are kept", async ({ page }) => {
  await login(page, "委员", "/me");
  await unfold(page);
  await page.getByRole("link", { name: "历月榜单" }).tap();
  await page.waitForURL("/months");
  const kept = page.getByRole("listitem").getByRole("link");
  await expect(async () => {
    await page.reload(); // the worker takes them within seconds of the first start
    await expect(kept.first()).toBeVisible({ timeout: 2000 });
  }).toPass();
  for (const index of [...Array(await kept.count()).keys()]) {
    await kept.nth(index).tap();
    await expect(page.getByText("名次和分数保持当时的样子", { exact: false })).toBeVisible();
    await expect(page.getByRole("listitem").getByRole("link").first()).toBeVisible();
    await expectAccessible(page);
    await page.goBack();
    await loaded(page);
  }
  await expectAccessible(page);
});

test("every figure of the archive opens exactly its records", async ({ page }) => {
  await login(page, "委员", "/me");
  await expect(page.getByRole("heading", { name: /年度履职/ })).toBeVisible();
  await page.getByRole("link", { name: "履职档案" }).tap();
  const kinds = page.locator("section .card.flush a");
  await expect(kinds.first()).toBeVisible();
  await expectAccessible(page);
  for (const index of [...Array(await kinds.count()).keys()]) {
    const said = (await kinds.nth(index).textContent())!;
    const count = Number(said.match(/(\d+) 条/)?.[1] ?? NaN); // none: what came of acts, as 40 人次
    await kinds.nth(index).tap();
    await loaded(page);
    if (count <= 20) await expect(page.locator(".rows li")).toHaveCount(count);
    else await expect(page.locator(".rows li").first()).toBeVisible();
    if (index === 0) await expectAccessible(page);
    await page.goBack();
    await expect(kinds.first()).toBeVisible();
  }
  await page.getByRole("group", { name: "履职年度" }).getByRole("button").nth(1).tap();
  await expect(page).toHaveURL(/year=\d{4}/);
});
