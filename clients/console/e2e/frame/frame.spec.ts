import { test } from "@playwright/test";
import { login } from "../../../mobile/e2e/phone";
import { enter, enterByForm, expect, expectDeskAccessible } from "../desk";

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
  await enterByForm(page, "机关工作人员");
  const line = page.getByRole("link", { name: /待初审/ });
  const count = Number(await line.locator("b").textContent());
  await expectDeskAccessible(page);
  await page.keyboard.press("?");
  await expect(page.getByRole("dialog", { name: "快捷键" })).toContainText("Ctrl+K");
  await page.keyboard.press("Escape");
  await line.click();
  await expect(page).toHaveTitle("提案 · 履易");
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

test("the menu has few headings, and a paper that waits in two queues is counted once", async ({ page }) => {
  await enter(page, "机关工作人员");
  const nav = page.getByRole("navigation", { name: "工作台" });
  await expect(nav.getByRole("region")).toHaveCount(7);
  await expect(nav.getByRole("region", { name: "委员", exact: true }).getByRole("link", { name: "申报申诉" })).toBeVisible();
  const { items, desks } = (await (await page.request.get("/api/v1/desks")).json()) as {
    items: { desk: string; count: number }[];
    desks: { desk: string; count: number }[];
  };
  const { count } = desks.find(({ desk }) => desk === "proposals")!;
  expect(count).toBeLessThan(items.filter(({ desk }) => desk === "proposals").reduce((sum, one) => sum + one.count, 0));
  await expect(nav.getByRole("link", { name: /^提案/ }).locator(".count")).toContainText(new RegExp(`^\\s*${count}项待办`));
  await page.setViewportSize({ width: 1024, height: 768 });
  await expect(nav.getByRole("link", { name: "年度通报" })).toBeVisible();
  await expectDeskAccessible(page);
  // in large type: each label on one line, targets as large as promised, and where one is stays in sight
  await page.evaluate(() => localStorage.setItem("lvyi.elder", "true"));
  await page.goto("/console/setup");
  await expect(nav.getByRole("link", { name: "建届引导" })).toBeInViewport();
  const heights = await nav.getByRole("link").evaluateAll((all) => all.map((one) => one.getBoundingClientRect().height));
  expect(new Set(heights)).toEqual(new Set([42]));
  await expect(nav.getByRole("button", { name: "收起菜单" })).toBeInViewport();
});

test("an administrator's menu leaves out headings with nothing below", async ({ page }) => {
  await enter(page, "系统管理员");
  const nav = page.getByRole("navigation", { name: "工作台" });
  await expect(nav.getByRole("region", { name: "系统" })).toBeVisible();
  await expect(nav.getByRole("region", { name: "社情民意" })).toHaveCount(0);
});
