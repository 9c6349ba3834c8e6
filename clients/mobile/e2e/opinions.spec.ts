import { expect, test } from "@playwright/test";
import { expectAccessible, login } from "./phone";

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
