/** What a page needs first is asked for while the app is still on its way, and not again. */
import { expect, test, type Page } from "@playwright/test";
import { keeps, loaded, login } from "../phone";

/** The API paths that the open page asked for, files aside, each with what began it: `link` is the early script. */
function asked(page: Page): Promise<[path: string, by: string][]> {
  return page.evaluate(() =>
    (performance.getEntriesByType("resource") as PerformanceResourceTiming[])
      .map(({ name, initiatorType }): [string, string] => [name.slice(location.origin.length), initiatorType])
      .filter(([asked]) => asked.startsWith("/api/v1/") && !asked.startsWith("/api/v1/files/")),
  );
}

test("first answers are asked for early, and once", async ({ page }) => {
  await login(page);
  const { items } = await (await page.request.get("/api/v1/topics")).json();
  const { seat } = await (await page.request.get("/api/v1/auth/me")).json();
  const firsts = { "/": "updates?scope=all&limit=8", [`/topics/${items[0].id}`]: `topics/${items[0].id}`, [`/cards/${seat.id}/term`]: `cards/${seat.id}/term` };
  for (const isKept of [false, true]) {
    if (isKept) await keeps(page);
    for (const [path, first] of Object.entries(firsts)) {
      await page.goto(path);
      await expect.poll(() => asked(page)).toContainEqual([`/api/v1/${first}`, "link"]);
      await loaded(page);
      const found = await asked(page);
      expect(found.map(([one]) => one)).toEqual([...new Set(found.map(([one]) => one))]);
    }
  }
});
