/** What every test of the desk does: log in at the desk, and hold a screen against the rules. */
import { expect, type Page } from "@playwright/test";
import { admit, credentials, expectAccessible, faults, loaded } from "../../mobile/e2e/phone";

/** Opens a screen of the desk as somebody of the demo city who has logged in before. */
export async function enter(page: Page, role: string, path = "/console/"): Promise<void> {
  await admit(page, role);
  await page.goto(path);
  await atDesk(page, path);
}

/** Opens a screen of the desk and logs in by the form on the way, which is the members' client's. */
export async function enterByForm(page: Page, role: string, path = "/console/"): Promise<void> {
  const { phone, password } = credentials(role);
  await page.goto(path);
  await page.getByLabel("手机号").fill(phone);
  await page.getByLabel("密码", { exact: true }).fill(password);
  await page.getByRole("button", { name: "登录", exact: true }).click();
  await atDesk(page, path);
}

async function atDesk(page: Page, path: string): Promise<void> {
  await page.waitForURL((url) => url.pathname === path.split("?")[0]);
  await page.getByRole("navigation", { name: "工作台" }).waitFor();
  await page.locator("#content > *").first().waitFor(); // from now on the page listens to keys
  await loaded(page);
}

/** axe finds nothing, and every target is 24 pixels at least; in dark only what depends on colours is asked again. */
export async function expectDeskAccessible(page: Page): Promise<void> {
  const show = (theme: string) => page.evaluate((name) => (document.documentElement.dataset.theme = name), theme);
  await show("light");
  await expectAccessible(page, 24);
  await show("dark");
  expect(await faults(page, "color-contrast")).toEqual([]);
  await show("light");
}

export { expect };
