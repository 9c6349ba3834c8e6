import { expect, test } from "@playwright/test";
import { credentials, expectAccessible, loaded, login } from "../phone";

test("the head of a body reads what waits, and confirms it", async ({ page }) => {
  await login(page);
  const waiting = await page.request.get("/api/v1/proposals?scope=mine&state=confirming");
  const [{ id, body_id, body_name }] = (await waiting.json()).items;
  await page.goto(`/proposals/${id}`);
  await expect(page.getByRole("heading", { name: "请您确认" })).toBeVisible();
  await expectAccessible(page);
  await page.getByRole("button", { name: "退回", exact: true }).tap();
  await expect(page.getByRole("button", { name: "退回起草人" })).toBeDisabled();
  await expectAccessible(page);
  const words = page.getByLabel("请起草人怎样修改");
  await words.fill("第二条建议再具体些");
  await page.reload();
  await expect(words).toHaveValue("第二条建议再具体些");
  await page.getByRole("button", { name: "取消" }).tap();
  await expect(page.getByRole("button", { name: "撤回提案" })).toHaveCount(0); // sent back with words, not taken back
  await page.getByRole("button", { name: "确认并提交" }).tap();
  await expect(page.getByText("已提交", { exact: true })).toBeVisible();

  await page.getByRole("link", { name: body_name }).tap();
  await expect(page).toHaveURL(`/bodies/${body_id}`);
  await loaded(page);
  await expectAccessible(page);
  await page.getByRole("button", { name: "填写品牌" }).tap();
  await page.getByLabel("品牌名称").fill("盟员送医下乡");
  await page.reload(); // what was typed is still there
  await page.getByRole("button", { name: "填写品牌" }).tap();
  await expect(page.getByLabel("品牌名称")).toHaveValue("盟员送医下乡");
  await page.getByRole("button", { name: "保存", exact: true }).tap();
  await expect(page.getByRole("heading", { name: "盟员送医下乡" })).toBeVisible();
  await page.getByRole("link", { name: /^可以看到的记录/ }).tap();
  await expect(page).toHaveURL(/\/records\?year=/);
  await loaded(page);
  await expectAccessible(page);
  await page.goto("/bodies");
  await loaded(page);
  await expect(page.getByText("负责人").first()).toBeVisible();
  await expectAccessible(page);
});

test("staff are offered what they may do, and enter a paper and a call", async ({ page }) => {
  await login(page, "机关工作人员", "/me");
  await page.getByRole("button", { name: "写", exact: true }).tap();
  const sheet = page.getByRole("dialog", { name: "写点什么" });
  await expect(sheet.getByRole("link")).toHaveText([/代录提案/, /代录社情民意/, /代录线索/]);
  await sheet.getByRole("link", { name: "代录提案" }).tap();
  await expectAccessible(page);
  const author = credentials("委员").name;
  await page.getByLabel("作者").fill(author);
  await page.getByRole("button", { name: author }).first().tap();
  await page.getByLabel("案由").fill("关于增设夜间公交的建议");
  await page.getByLabel("情况分析").fill("末班车早。");
  await page.getByLabel("具体建议").fill("延长至二十三点。");
  await page.getByRole("button", { name: "录入", exact: true }).tap();
  await page.waitForURL(/\/proposals\/\d+$/);
  await expect(page.getByText("机关代录").first()).toBeVisible();
  await expectAccessible(page);

  await page.goto("/entry/proposal");
  await page.getByRole("button", { name: "集体提案" }).tap();
  await expect(page.getByLabel("提出单位").locator("option").first()).toHaveText("选择单位");
  await page.getByRole("button", { name: "不宜公开" }).tap();
  await expect(page.getByLabel("理由")).toBeVisible();
  await expectAccessible(page);

  await page.goto("/entry/lead");
  await page.getByLabel("说了什么").fill("城东路灯坏了半个月。");
  await expectAccessible(page);
  await page.getByRole("button", { name: "录入", exact: true }).tap();
  await expect(page.getByText(/[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}/)).toBeVisible();
});
