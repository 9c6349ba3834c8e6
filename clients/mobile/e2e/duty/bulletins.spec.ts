/** The annual bulletin: its figures, what they open, and what only the secretariat sees. */
import { expect, test, type Page } from "@playwright/test";
import { expectAccessible, loaded, login } from "../phone";

/** Opens a figure and counts the rows of its list down to the end. */
async function openAndCount(page: Page, link: string, kind: string): Promise<[said: number, rows: number]> {
  const figure = page.locator("section.card").filter({ hasText: kind }).getByRole("link").filter({ hasText: link }).first();
  const said = Number(await figure.locator("b").textContent());
  await figure.tap();
  await loaded(page);
  await expectAccessible(page);
  while (!(await page.getByText("已经到底了").isVisible())) await page.mouse.wheel(0, 4_000);
  return [said, await page.locator(".rows li").count()];
}

test("a member reads last year's bulletin, and each figure opens what it counts", async ({ page }) => {
  await login(page, "委员", "/bulletins");
  await loaded(page);
  await expectAccessible(page);
  await page.getByRole("link", { name: /年度通报/ }).tap();
  await loaded(page);
  await expect(page.getByRole("heading", { name: /年度委员履职情况通报/ })).toBeVisible();
  await expectAccessible(page);
  await expect(page.getByText("未达最低要求")).toHaveCount(0);
  const bulletin = page.url();
  for (const what of ["件（场）", "人次", "人数"]) {
    const [said, rows] = await openAndCount(page, what, "优秀提案");
    expect(rows).toBe(said);
    await page.goto(bulletin);
    await loaded(page);
  }

  await page.getByRole("link", { name: "各界别" }).tap();
  await loaded(page);
  await expectAccessible(page);
  await page.getByRole("button", { name: "提案立案" }).tap();
  await loaded(page);
  await expect(page.getByRole("button", { name: "提案立案" })).toHaveAttribute("aria-pressed", "true");
  const first = page.locator(".card .row").first();
  const name = (await first.locator(".words span").first().textContent())!;
  await first.tap();
  await loaded(page);
  await expect(page.getByRole("heading", { name })).toBeVisible();
  await expectAccessible(page);
});

test("the secretariat sees who is behind, and by how much", async ({ page }) => {
  await login(page, "机关工作人员", "/bulletins");
  await loaded(page);
  await page.getByRole("link", { name: /年度通报/ }).tap();
  await loaded(page);
  await page.getByRole("link", { name: "未达最低要求" }).tap();
  await loaded(page);
  await expect(page.getByText("只有机关工作人员看得到。")).toBeVisible();
  await expect(page.locator(".rows li").first()).toContainText(/\d+ \/ \d+/);
  await expectAccessible(page);
});
