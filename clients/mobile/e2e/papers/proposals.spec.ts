import { expect, test, type Locator, type Page } from "@playwright/test";
import { credentials, expectAccessible, loaded, login } from "../phone";

const TITLE = "关于在老旧小区增设电动自行车集中充电设施的建议";
const SITUATION = "近期走访三个社区，电动自行车有一千二百辆，充电口只有八十个。";
const SUGGESTIONS = "一、年内摸清底数。二、每十辆配一个充电口。";

/** Begins a proposal from the list and stands at its second step, when the server has it. */
async function begin(page: Page, title: string): Promise<number> {
  await login(page, "委员", "/proposals/new");
  await page.getByLabel("案由", { exact: true }).fill(title);
  await page.getByRole("button", { name: "下一步：情况分析" }).tap();
  await page.waitForURL(/\/proposals\/\d+\/edit\?step=situation/);
  await expect(situation(page)).toBeVisible();
  return Number(page.url().match(/\d+(?=\/edit)/)![0]);
}

const situation = (page: Page) => page.getByLabel("情况分析", { exact: true });
const state = (page: Page) => page.locator("header").getByRole("status");

/** Saves over the proposal as another device would: with the session of the page, past its drafts. */
async function saveElsewhere(page: Page, id: number, changes: object): Promise<void> {
  const path = `/api/v1/proposals/${id}`;
  const saved = await (await page.request.get(path)).json();
  const { kind, body_id, category, title, situation, suggestions } = saved;
  const data = { kind, body_id, category, title, situation, suggestions, ...changes };
  const headers = { "If-Match": `"${saved.version}"`, Origin: new URL(page.url()).origin };
  expect((await page.request.put(path, { data, headers })).ok()).toBe(true);
}

test("a proposal is submitted with six taps from home, and its way is seen", async ({ page }) => {
  await login(page);
  let taps = 0;
  const tap = async (target: Locator) => {
    await target.tap();
    taps += 1;
  };
  await tap(page.getByRole("button", { name: "写", exact: true }));
  await tap(page.getByRole("link", { name: "写提案" }));
  await expect(page.getByLabel("案由", { exact: true })).toBeFocused();
  await expectAccessible(page);
  await page.keyboard.insertText(TITLE);
  await tap(page.getByRole("button", { name: "下一步：情况分析" }));
  await expect(situation(page)).toBeFocused();
  await expectAccessible(page);
  await page.keyboard.insertText(SITUATION);
  await tap(page.getByRole("button", { name: "下一步：具体建议" }));
  await expect(page.getByLabel("具体建议", { exact: true })).toBeFocused();
  await page.keyboard.insertText(SUGGESTIONS);
  await tap(page.getByRole("button", { name: "检查并提交", exact: true }));
  await expect(page.getByText("正在征集")).toBeVisible();
  await expect(page.getByText(SUGGESTIONS)).toBeVisible();
  await expectAccessible(page);
  await tap(page.getByRole("button", { name: "提交提案" }));
  await page.waitForURL(/\/proposals\/\d+$/);
  expect(taps).toBe(6);

  await expect(page.getByText("已提交", { exact: true })).toBeVisible();
  await expect(page.getByRole("heading", { name: "办理进展" })).toBeVisible();
  await expectAccessible(page);
  for (const [name, type] of [["导出 PDF", "application/pdf"], ["导出 Word", "wordprocessingml"]]) {
    const href = await page.getByRole("link", { name }).getAttribute("href");
    const file = await page.request.get(href!);
    expect(file.headers()["content-type"]).toContain(type);
    expect(decodeURIComponent(file.headers()["content-disposition"]!)).toContain(TITLE);
  }
  await page.getByRole("button", { name: /历次保存/ }).tap();
  await page.getByRole("button", { name: "第 1 稿" }).tap();
  await expect(page.getByRole("dialog", { name: "第 1 稿" })).toContainText("画线的文字与现在不同");
  await expectAccessible(page);
  await page.keyboard.press("Escape");

  for (const scope of ["mine", "cosigned", "filed"]) {
    await page.goto(`/proposals?scope=${scope}`);
    await expect(page.getByRole("status", { name: "正在加载" })).toHaveCount(0);
    await expectAccessible(page);
  }
});

test("what was typed is there after a reload, a crash, and the end of the session", async ({ page, context }) => {
  const id = await begin(page, TITLE);
  await page.keyboard.insertText("写了一半。");
  await page.waitForTimeout(600); // longer than the phone waits to keep it
  await page.reload();
  await expect(situation(page)).toHaveValue("写了一半。");

  await situation(page).fill("写了一半，手机没电了。");
  await page.waitForTimeout(600);
  await page.close({ runBeforeUnload: false });
  const again = await context.newPage();
  await again.goto(`/proposals/${id}/edit?step=situation`);
  await expect(situation(again)).toHaveValue("写了一半，手机没电了。");
  const saved = async () => (await (await again.request.get(`/api/v1/proposals/${id}`)).json()).situation;
  await expect.poll(saved).toBe("写了一半，手机没电了。"); // else its own request opens the sheet, which takes the keys

  await expect(state(again)).toHaveText("草稿已保存");
  await context.clearCookies();
  await situation(again).fill("写到一半，登录过期了。");
  const sheet = again.getByRole("dialog");
  await expect(sheet.getByLabel("密码", { exact: true })).toBeVisible();
  await expectAccessible(again);
  const { phone, password } = credentials("委员");
  await sheet.getByLabel("手机号").fill(phone);
  await sheet.getByLabel("密码", { exact: true }).fill(password);
  await sheet.getByRole("button", { name: "登录", exact: true }).tap();
  await expect(sheet).toBeHidden();
  await expect(situation(again)).toHaveValue("写到一半，登录过期了。");
  await expect.poll(saved).toBe("写到一半，登录过期了。");
});

test("without a network writing goes on, and the server gets it later", async ({ page, context }) => {
  await login(page, "委员", "/proposals/new");
  await page.getByLabel("案由", { exact: true }).fill(TITLE);
  await context.setOffline(true);
  await page.getByRole("button", { name: "下一步：情况分析" }).tap();
  await situation(page).fill(SITUATION);
  await page.getByRole("button", { name: /第 4 步/ }).tap();
  await expect(page.getByText("现在没有网络。邀请联名")).toBeVisible();
  await context.setOffline(false);
  await page.getByRole("button", { name: "再试一次" }).tap();
  await page.waitForURL(/\/proposals\/\d+\/edit\?step=signers/);
  const id = page.url().match(/\d+(?=\/edit)/)![0];
  const saved = await (await page.request.get(`/api/v1/proposals/${id}`)).json();
  expect([saved.title, saved.situation]).toEqual([TITLE, SITUATION]);
});

test("a conflict shows both texts with what differs, and loses neither", async ({ page, context }) => {
  const id = await begin(page, TITLE);
  await situation(page).fill(SITUATION);
  await expect(state(page)).toHaveText("草稿已保存", { timeout: 15_000 });
  const saved = async () => (await page.request.get(`/api/v1/proposals/${id}`)).json();
  await expect.poll(async () => (await saved()).situation).toBe(SITUATION);
  await context.setOffline(true);
  await situation(page).fill(`${SITUATION}手机上补的话。`);
  await expect(state(page)).toHaveText("已存在本机，联网后同步");
  await saveElsewhere(page, id, { title: `${TITLE}（电脑上改的）`, situation: `${SITUATION}电脑上补的话。` });
  await context.setOffline(false);
  await expect(page.getByRole("heading", { name: "这份文稿有两个版本" })).toBeVisible();
  await expect(page.locator("mark", { hasText: "手机上补的话。" })).toBeVisible();
  await expect(page.locator("mark", { hasText: "电脑上补的话。" })).toBeVisible();
  await expectAccessible(page);

  await page.getByRole("button", { name: "用这一份" }).nth(1).tap();
  await page.getByRole("button", { name: "两份都留下，我来改" }).last().tap();
  await page.getByRole("button", { name: "保存选择，继续写" }).tap();
  await expect(situation(page)).toHaveValue(`${SITUATION}手机上补的话。\n${SITUATION}电脑上补的话。`);
  await situation(page).fill(`${SITUATION}两处的话都留下。`);
  await expect.poll(async () => (await saved()).situation, { timeout: 15_000 }).toBe(`${SITUATION}两处的话都留下。`);
  expect((await saved()).title).toBe(`${TITLE}（电脑上改的）`);
});

test("a co-signer is found by name, asked, and agrees; files that are refused say why", async ({ page, browser }) => {
  const other = await (await browser.newContext()).newPage();
  await login(other, "新任委员", "/me");
  const { name } = await (await other.request.get("/api/v1/auth/me")).json();

  const id = await begin(page, TITLE);
  await page.getByRole("button", { name: /第 4 步/ }).tap();
  await page.getByRole("radio", { name: /联名提案/ }).tap();
  await page.getByRole("button", { name: "邀请委员联名" }).tap();
  await page.getByLabel("按姓名查找").fill(name);
  await page.getByRole("checkbox", { name }).tap();
  await expectAccessible(page);
  await page.getByRole("button", { name: "邀请这 1 位委员" }).tap();
  await expect(page.getByText("待答复")).toBeVisible();

  await page.locator("input[type=file]").setInputFiles([
    { name: "调研.txt", mimeType: "text/plain", buffer: Buffer.from("走访记录") },
    { name: "程序.exe", mimeType: "application/octet-stream", buffer: Buffer.from("MZ") },
  ]);
  await expect(page.getByRole("link", { name: /调研\.txt/ })).toBeVisible();
  await expect(page.getByRole("alert")).toContainText(".exe");
  await expectAccessible(page);

  await other.goto("/");
  await other.getByRole("link", { name: TITLE }).tap();
  await other.waitForURL(`/proposals/${id}`);
  await expect(other.getByRole("heading", { name: /邀请您联名/ })).toBeVisible();
  await expectAccessible(other);
  await other.getByRole("button", { name: "同意联名" }).tap();
  await expect(other.getByRole("heading", { name: "您已同意联名" })).toBeVisible();
  await other.goto("/"); // it waits no longer
  await loaded(other);
  await expect(other.getByRole("link", { name: TITLE })).toHaveCount(0);
  await page.goto(`/proposals/${id}`);
  await expect(page.getByText("已同意联名")).toBeVisible();
  await other.context().close();
});
