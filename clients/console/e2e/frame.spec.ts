import { test } from "@playwright/test";
import { login } from "../../mobile/e2e/phone";
import { enter, expect, expectDeskAccessible } from "./desk";

test("staff are led to the desk, and everybody is shown the desks of their own work", async ({ browser }) => {
  for (const [role, desks] of [
    ["机关工作人员", ["工作台", "提案"]],
    ["主席会议成员", ["工作台", "提案"]],
    ["系统管理员", ["工作台"]],
  ] as const) {
    const page = await browser.newPage();
    await enter(page, role);
    for (const desk of desks) await expect(page.getByRole("navigation").getByRole("link", { name: desk })).toBeVisible();
    await page.goto("/");
    if (role !== "主席会议成员") await page.waitForURL("**/console/");
    await page.close();
  }
});

test("a member who asks for the desk is led to the phone client", async ({ page }) => {
  await login(page, "委员");
  await page.goto("/console/proposals");
  await page.waitForURL((url) => url.pathname === "/");
  await expect(page.getByRole("navigation").getByText("议政", { exact: true })).toBeVisible();
});

test("the first page counts what waits, the palette finds it, and an ended session keeps the screen", async ({ page }) => {
  await enter(page, "机关工作人员");
  const line = page.getByRole("link", { name: /待初审/ });
  const count = Number(await line.locator("b").textContent());
  await expectDeskAccessible(page);
  await page.keyboard.press("?");
  await expect(page.getByRole("dialog", { name: "快捷键" })).toContainText("Ctrl+K");
  await page.keyboard.press("Escape");
  await line.click();
  await expect(page.locator("tbody tr:not([aria-hidden])")).toHaveCount(count);

  await page.keyboard.press("Control+k");
  await page.getByRole("combobox").fill("建议");
  await page.getByRole("option").filter({ hasText: "提案" }).first().waitFor();
  await page.keyboard.press("Enter");
  await page.waitForURL(/\/console\/proposals\/\d+/);
  const title = (await page.getByRole("article").getByRole("heading", { level: 1 }).textContent())!;

  await page.context().clearCookies();
  await page.keyboard.press("Control+k");
  await page.getByRole("combobox").fill("关于");
  const dialog = page.getByRole("dialog", { name: "请重新登录" });
  await expect(dialog).toBeVisible();
  await expect(page.getByRole("heading", { name: title })).toBeVisible();
});
