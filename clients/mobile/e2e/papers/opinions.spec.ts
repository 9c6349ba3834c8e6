import { expect, test, type Page } from "@playwright/test";
import { desk, expectAccessible, login } from "../phone";

const TITLE = "老旧小区充电设施不足应予重视";
const BODY = "近期走访发现，三个社区共有电动车一千二百辆，充电口只有八十个。";

test("an opinion report is written, checked and handed in; every part survives a reload", async ({ page }) => {
  await login(page);
  await page.getByRole("button", { name: "写", exact: true }).tap();
  await page.getByRole("link", { name: "反映社情民意" }).tap();
  await page.getByLabel("标题", { exact: true }).fill(TITLE);
  await page.getByLabel("正文", { exact: true }).fill(BODY);
  await page.waitForTimeout(600); // longer than the phone waits to keep it
  await page.reload();
  await expect(page.getByLabel("正文", { exact: true })).toHaveValue(BODY);
  await expectAccessible(page);
  await page.getByRole("button", { name: "检查并报送", exact: true }).tap();
  await page.waitForURL(/\/opinions\/\d+\/edit\?step=review/);
  await expect(page.getByRole("heading", { name: TITLE })).toBeVisible();
  await expectAccessible(page);
  await page.getByRole("button", { name: "报送", exact: true }).tap();
  await page.waitForURL(/\/opinions\/\d+$/);
  await expect(page.getByText("已报送", { exact: true })).toBeVisible();
  await expectAccessible(page);

  await page.getByRole("button", { name: "撤回" }).tap();
  await page.getByRole("dialog").getByRole("button", { name: "撤回" }).tap();
  await page.getByRole("link", { name: "接着写" }).tap();
  await expect(page.getByLabel("标题", { exact: true })).toHaveValue(TITLE);

  await page.goto("/opinions");
  await expect(page.getByRole("link", { name: new RegExp(TITLE) }).first()).toBeVisible();
  await expectAccessible(page);
});

/** A report of the logged-in member that waits on the desk. */
async function submitted(page: Page, title: string): Promise<number> {
  const origin = new URL(page.url()).origin;
  const headers = { Origin: origin };
  const { id } = await (await page.request.post("/api/v1/opinions", { data: { title, body: BODY }, headers })).json();
  await page.request.post(`/api/v1/opinions/${id}/transitions`, { data: { action: "submit" }, headers });
  return id;
}

test("the author follows a part of a combined report up to a leader's comment, and sees what was undone", async ({ page }) => {
  await login(page);
  const staff = await desk(page, "机关工作人员");
  const parts = [await submitted(page, "东城充电难"), await submitted(page, "西城充电难")];
  const whole = await staff("POST", "opinions/combined", { title: "多个小区反映充电难", body: BODY, source_ids: parts });
  await page.goto(`/opinions/${parts[0]}`);
  await expect(page.getByText("已编入综合信息", { exact: true })).toBeVisible();
  await expect(page.getByText("签发后可以读到全文")).toBeVisible();
  await expectAccessible(page);

  const step = (data: object) => staff("POST", `opinions/${whole.id}/transitions`, data);
  await step({ action: "issue", tier: "city" });
  await step({ action: "adopt", tier: "province" });
  await step({ action: "comment", tier: "city", leader: "市政府主要领导", words: "请住建局研办。" });
  await page.reload();
  const track = page.getByRole("list").filter({ hasText: "领导批示" });
  await expect(track.getByText("采用 · 省级")).toBeVisible();
  await expect(track.getByText("市政府主要领导：请住建局研办。")).toBeVisible();
  await page.getByRole("link", { name: /多个小区反映充电难/ }).tap();
  await page.waitForURL(`/opinions/${whole.id}`);
  await expect(page.getByText("来自 2 篇信息")).toBeVisible();
  await expect(page.getByRole("button", { name: "批示" })).toHaveCount(0);
  await expectAccessible(page);

  const { actions } = await step({ action: "adopt", tier: "city" });
  const { step_id } = actions.find(({ action }: { action: string }) => action === "undo");
  await step({ action: "undo", step_id, reason: "市级未采用。" });
  await page.goto(`/opinions/${parts[0]}`);
  await expect(page.getByText("已撤销", { exact: true })).toBeVisible();
  await expect(page.getByText("市级未采用。")).toBeVisible();
  await expectAccessible(page);
});

test("a leader finds an issued report and comments on it; the words survive a lost connection", async ({ page, browser }) => {
  const author = await browser.newPage();
  await login(author);
  const staff = await desk(author, "机关工作人员");
  const id = await submitted(author, "石桥路积水久未解决");
  await staff("POST", `opinions/${id}/transitions`, { action: "start_editing" });
  await staff("POST", `opinions/${id}/transitions`, { action: "issue", tier: "city" });

  await login(page, "主席会议成员", "/me");
  await page.getByRole("link", { name: /已签发的信息/ }).tap();
  await expectAccessible(page);
  await page.getByLabel("标题里的字").fill("石桥路积水");
  await page.getByRole("link", { name: /石桥路积水/ }).tap();
  await expect(page.getByRole("heading", { name: "石桥路积水久未解决" })).toBeVisible();
  await expectAccessible(page);
  await page.getByRole("button", { name: "批示" }).tap();
  await page.getByLabel("批示内容").fill("请城管局限期整改。");
  await expectAccessible(page);
  await page.context().setOffline(true);
  await page.getByRole("button", { name: "送出批示" }).tap();
  await expect(page.getByRole("dialog").getByRole("alert")).toContainText("网络");
  await expect(page.getByLabel("批示内容")).toHaveValue("请城管局限期整改。");
  await page.context().setOffline(false);
  await page.getByRole("button", { name: "送出批示" }).tap();
  await expect(page.getByText("请城管局限期整改。")).toBeVisible();
  await expect(page.getByRole("dialog", { name: "批示" })).toHaveCount(0);

  await author.goto(`/opinions/${id}`);
  await expect(author.getByText("请城管局限期整改。")).toBeVisible();
  await author.close();
});
