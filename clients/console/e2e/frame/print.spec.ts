import { test, type Page } from "@playwright/test";
import { loaded } from "../../../mobile/e2e/phone";
import { enter, expect } from "../desk";

/** Lays the page out for paper, as Ctrl+P does, and looks at it. */
async function onPaper(page: Page, look: () => Promise<void>) {
  await page.evaluate(() => window.dispatchEvent(new Event("beforeprint")));
  await page.emulateMedia({ media: "print" });
  await look();
  await page.evaluate(() => window.dispatchEvent(new Event("afterprint")));
  await page.emulateMedia({ media: null });
}

test("a list is printed with all that was loaded, its filters and its title, in dark on white too", async ({ page }) => {
  await enter(page, "机关工作人员", "/console/members");
  await page.evaluate(() => (document.documentElement.dataset.theme = "dark"));
  const rows = page.getByRole("table", { name: "委员名册" }).locator("tbody tr:not([aria-hidden])");
  await expect(rows.first()).toBeVisible();
  const inSight = await rows.count();
  expect(inSight).toBeLessThan(50);
  await page.evaluate(() => window.dispatchEvent(new Event("beforeprint")));
  await expect(rows).toHaveCount(50);
  await expect(page.locator("p.on-paper")).toContainText("这里是前 50 条");
  await page.evaluate(() => window.dispatchEvent(new Event("afterprint")));
  await expect(rows).toHaveCount(inSight);
  await onPaper(page, async () => {
    await expect(page.getByRole("heading", { name: "委员名册" })).toHaveCSS("color", "rgb(0, 0, 0)");
    await expect(rows.first().locator("td").nth(1)).toHaveCSS("color", "rgb(0, 0, 0)");
    await expect(page.getByRole("navigation", { name: "工作台" })).toBeHidden();
    await expect(page.getByRole("button", { name: "增补委员" })).toBeHidden();
  });
  await page.goto("/console/members?q=文");
  await loaded(page);
  await onPaper(page, () => expect(page.getByText("筛选：含“文”")).toBeVisible());
});

test("a document is printed whole, without the list and what can be pressed", async ({ page }) => {
  await enter(page, "机关工作人员", "/console/proposals?scope=visible");
  await page.keyboard.press("Enter");
  const document = page.getByRole("article");
  await document.getByRole("heading", { level: 1 }).waitFor();
  await loaded(page);
  await onPaper(page, async () => {
    await expect(page.getByRole("region", { name: "列表" })).toBeHidden();
    await expect(document.getByRole("button", { name: "关闭文件" })).toBeHidden();
    const body = document.getByRole("region", { name: "正文" });
    expect(await body.evaluate((one) => one.scrollHeight - one.clientHeight)).toBeLessThanOrEqual(1);
    // nothing of the screen is taller than what it shows: the paper ends where the document does, or with the window
    const { paper, end } = await page.evaluate(() => ({ paper: window.document.documentElement.scrollHeight, end: Math.max(window.innerHeight, window.document.querySelector("article")!.getBoundingClientRect().bottom + window.scrollY) }));
    expect(paper - end).toBeLessThan(40);
  });
});
