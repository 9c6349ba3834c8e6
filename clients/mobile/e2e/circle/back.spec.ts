/** "Back" closes what lies over a page, then leaves the page; nothing that was closed is met again. */
import { expect, test } from "@playwright/test";
import { desk, expectAccessible, login, unfold } from "../phone";

test("back closes a sheet before it leaves the page", async ({ page }) => {
  await login(page, "委员", "/me");
  await unfold(page);
  await page.getByRole("link", { name: "积分榜" }).tap();
  const sheet = page.getByRole("dialog");
  await page.getByRole("button", { name: "计分说明" }).tap();
  await expect(sheet).toBeVisible();
  await page.goBack();
  await expect(sheet).toBeHidden();
  await expect(page).toHaveURL("/points");

  await page.getByRole("button", { name: "计分说明" }).tap();
  await page.getByRole("button", { name: "关闭" }).tap();
  await expect(sheet).toBeHidden();
  await page.goBack();
  await expect(page).toHaveURL("/me");
});

test("a link on a sheet leads on, and back from there meets no sheet", async ({ page }) => {
  await login(page);
  await page.getByRole("button", { name: "写", exact: true }).tap();
  await page.getByRole("link", { name: "写动态" }).tap();
  await expect(page).toHaveURL("/updates/new");
  await expect(page.getByLabel("内容")).toBeFocused();
  await page.goBack();
  await expect(page).toHaveURL("/");
  await expect(page.getByRole("dialog")).toBeHidden();
  await page.goForward();
  await expect(page).toHaveURL("/updates/new");
  await page.getByRole("button", { name: "返回" }).tap();
  await expect(page).toHaveURL("/");
});

test("back closes a picture and keeps the place", async ({ page }) => {
  await login(page);
  const picture = page.getByRole("button", { name: /查看第 1 张图片/ }).first();
  await picture.scrollIntoViewIfNeeded();
  const place = await page.evaluate(() => scrollY);
  await picture.tap();
  await expect(page.locator(".van-image-preview")).toBeVisible();
  await page.goBack();
  await expect(page.locator(".van-image-preview")).toBeHidden();
  await expect(page).toHaveURL("/");
  expect(await page.evaluate(() => scrollY)).toBe(place);
});

for (const [width, height] of [[390, 844], [360, 640]] as const) {
  test(`at ${width} × ${height} the first opinion, publishing and large letters are seen without scrolling`, async ({ page }) => {
    await page.setViewportSize({ width, height });
    await login(page);
    const large = page.getByRole("button", { name: "长辈模式" });
    await expect(large).toBeInViewport({ ratio: 1 });
    await large.tap();
    await expect(page.locator("html")).toHaveAttribute("data-elder", "true");
    await expectAccessible(page, 48);
    await large.tap();
    const { items } = await (await desk(page, "委员"))("GET", "topics?limit=50");
    const { id } = items.find(({ reply_count }: { reply_count: number }) => reply_count);
    await page.goto(`/topics/${id}`);
    await expect(page.locator("[data-reply]").first()).toBeInViewport();
    await page.goto("/updates/new");
    await expect(page.getByRole("button", { name: "发布" })).toBeInViewport({ ratio: 1 });
  });
}
