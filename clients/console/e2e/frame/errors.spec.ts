import { test, type Page } from "@playwright/test";
import { enter, expect, expectDeskAccessible } from "../desk";

/** Desks and what their lists ask; the last two have no filters. */
const LISTS = { proposals: "proposals", members: "seats", topics: "topics", imports: "imports", rulesets: "rulesets" };

/** Answers with a problem, as the API does. */
const refused = (status: number, detail: string) => ({
  status,
  contentType: "application/problem+json",
  body: JSON.stringify({ type: "about:blank", title: "", status, detail, code: "x" }),
});

/** A list whose filters in the address are not understood opens without them. */
async function misread(page: Page, screen: string, list: RegExp) {
  await page.route(list, (route) => (/wrong=1/.test(page.url()) ? route.fulfill(refused(422, "筛选有误。")) : route.continue()));
  await page.goto(`/console/${screen}?wrong=1`);
  await page.getByRole("alert").getByRole("link", { name: "去掉筛选" }).click();
  await expect(page.getByRole("region", { name: "列表" }).locator("tbody tr, .state").first()).toBeVisible();
  await expect(page.getByRole("alert")).toHaveCount(0);
  await page.unroute(list);
}

test("five desks say what happened, and offer what helps", async ({ page }) => {
  await enter(page, "机关工作人员");
  for (const [screen, api] of Object.entries(LISTS)) {
    const list = new RegExp(`/api/v1/${api}(\\?|$)`);
    const alert = page.getByRole("alert");
    for (const [status, detail] of [
      [403, "您没有进行此操作的权限。"],
      [404, "没有找到。"],
    ] as const) {
      await page.route(list, (route) => route.fulfill(refused(status, detail)));
      await page.goto(`/console/${screen}`);
      await expect(alert).toContainText(detail);
      await expect(alert.getByRole("link", { name: "回到工作台" })).toBeVisible();
      await expect(alert.getByRole("button")).toHaveCount(0); // asked again, the answer would be the same
      await page.unroute(list);
    }
    if (!["imports", "rulesets"].includes(screen)) await misread(page, screen, list);

    await page.route(list, (route) => route.abort());
    await page.goto(`/console/${screen}`);
    await expect(alert).toContainText("网络不通", { timeout: 30_000 });
    if (screen === "proposals") await expectDeskAccessible(page);
    await page.unroute(list);
    await alert.getByRole("button", { name: "重新加载" }).click();
    await expect(alert).toHaveCount(0);
  }
});

test("after an upgrade a desk of the old build opens anew", async ({ page }) => {
  await enter(page, "机关工作人员");
  let isOld = true; // until the page is fetched anew, its parts are those of the old build, which are gone
  await page.route(/\/console\/assets\/.*\.js/, (route) => (isOld ? route.fulfill({ status: 404, body: "" }) : route.continue()));
  page.on("request", (request) => (isOld &&= !request.isNavigationRequest()));
  const reloaded = page.waitForEvent("load");
  await page.getByRole("navigation", { name: "工作台" }).getByRole("link", { name: "委员", exact: true }).click();
  await reloaded;
  await page.waitForURL("**/console/members"); // where it was to go
  await expect(page.getByRole("table", { name: "委员名册" })).toBeVisible();
});
