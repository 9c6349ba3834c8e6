import { test, type Page } from "@playwright/test";
import { enter, expect } from "../desk";

const tell = (page: Page, event: "beforeprint" | "afterprint") => page.evaluate((name) => void dispatchEvent(new Event(name)), event);

test("a printed list has a letterhead, a title, what it was narrowed to and every row that was loaded; black on white", async ({ page }) => {
  await enter(page, "机关工作人员");
  await page.goto("/console/proposals?scope=filed");
  const rows = page.getByRole("table", { name: "提案" }).locator("tbody tr:not([aria-hidden])");
  await expect(rows.first()).toBeVisible();
  await page.evaluate(() => (document.documentElement.dataset.theme = "dark"));
  const drawn = await rows.count();
  expect(drawn).toBeLessThan(50);
  await tell(page, "beforeprint"); // a printing browser measures nothing anew, so all rows stand before
  await expect.poll(() => rows.count()).toBeGreaterThanOrEqual(50);
  await page.emulateMedia({ media: "print" });
  await expect(page.getByText(/^\d{4}年\d+月\d+日打印$/)).toBeVisible();
  await expect(page.getByRole("heading", { name: "提案", exact: true })).toBeVisible();
  await expect(page.getByText("筛选：范围：已立案")).toBeVisible();
  await expect(page.getByRole("navigation")).toHaveCount(0);
  const colour = await page.getByText("筛选：范围：已立案").evaluate((chip) => getComputedStyle(chip).getPropertyValue("--surface").trim());
  expect(colour).toMatch(/^#fff/);
  await tell(page, "afterprint");
  await page.emulateMedia({ media: null });
  await expect.poll(() => rows.count()).toBeLessThan(50);
});

test("of many tabs that of the open document is in sight", async ({ page }) => {
  await page.setViewportSize({ width: 1024, height: 768 });
  await enter(page, "机关工作人员");
  await page.goto("/console/proposals?scope=filed");
  const list = page.getByRole("table", { name: "提案" });
  await list.getByRole("button").nth(1).waitFor();
  for (let i = 0; i < 7; i++) {
    await page.keyboard.press(i ? "j" : "Enter");
    await expect(page.getByRole("group", { name: "打开的文件" }).getByRole("link")).toHaveCount(i + 1);
  }
  const here = page.locator(".tab.here");
  await expect(here).toBeInViewport({ ratio: 0.95 });
  expect(await here.getByRole("link").evaluate((link) => link.scrollWidth - link.clientWidth)).toBe(0); // its words are whole
});

test("a form keeps its fields on a narrow screen, also in large type", async ({ page }) => {
  await page.setViewportSize({ width: 1024, height: 768 });
  await enter(page, "机关工作人员");
  await page.goto("/console/activities");
  for (const elder of [false, true]) {
    await page.evaluate((on) => (on ? (document.documentElement.dataset.elder = "true") : undefined), elder);
    if (!elder) await page.getByRole("button", { name: /新活动/ }).click();
    const [body, wide] = await page.getByRole("region", { name: "正文" }).evaluate((one) => [one.clientWidth, one.scrollWidth]);
    expect(wide).toBe(body);
  }
});

test("who has nothing waiting is shown the desks, and who has no right is not asked to try again", async ({ page }) => {
  await enter(page, "系统管理员");
  const calm = page.getByRole("region", { name: "手头没有等待办理的事项" });
  await expect(calm.getByRole("link", { name: "账号" })).toBeVisible();
  await calm.getByRole("link", { name: "设置" }).click();
  await expect(page.getByRole("navigation", { name: "设置的分类" }).locator("[aria-current]")).toHaveText("密码");
  await page.goto("/console/library");
  await expect(page.getByRole("alert")).toContainText("没有");
  await expect(page.getByRole("button", { name: "重新加载" })).toHaveCount(0);
});
