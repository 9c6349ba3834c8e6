/** Visits on the phone: logged, edited, withdrawn. */
import { expect, test } from "@playwright/test";
import { fileURLToPath } from "node:url";
import { expectAccessible, login } from "../phone";

const PICTURE = fileURLToPath(new URL("../../public/icons/512.png", import.meta.url));

test("a visit is logged with a picture, edited, and withdrawn", async ({ page }) => {
  await login(page, "委员", "/visits/new");
  const whom = `滨江社区${Date.now()}`;
  await page.getByRole("textbox", { name: "走访了谁" }).fill(whom);
  await page.getByLabel("看到、听到、做了什么").fill("楼道的灯坏了。");
  await page.locator("input[type=file]").setInputFiles(PICTURE);
  await page.getByRole("button", { name: "记下来" }).tap();
  await expect(page.getByText("已记下，计入您的履职档案。")).toBeVisible();

  await page.goto("/visits");
  await page.getByRole("link", { name: whom }).tap();
  await expect(page.getByRole("button", { name: "查看第 1 张图片，共 1 张" })).toBeVisible();
  await page.getByRole("link", { name: "修改" }).tap();
  await page.getByLabel("看到、听到、做了什么").fill("楼道的灯坏了，当天已经修好。");
  await expectAccessible(page);
  await page.getByRole("button", { name: "移除原来的第 1 张" }).tap();
  await page.waitForTimeout(500); // what was typed is kept within 0.3 s
  await page.reload();
  await expect(page.getByLabel("看到、听到、做了什么")).toHaveValue("楼道的灯坏了，当天已经修好。");
  await page.getByRole("button", { name: "保存" }).tap();
  await expect(page.getByText("楼道的灯坏了，当天已经修好。")).toBeVisible();
  await expect(page.getByRole("button", { name: /查看第/ })).toHaveCount(0);
  await page.getByRole("button", { name: "撤回这条记录" }).tap();
  await page.getByRole("dialog").getByRole("button", { name: "撤回", exact: true }).tap();
  await expect(page.getByRole("button", { name: "恢复这条记录" })).toBeVisible();
});
