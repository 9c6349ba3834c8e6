/** A venue is registered at the desk, a member is posted there, and the public reads its page. */
import { test } from "@playwright/test";
import { credentials } from "../../mobile/e2e/phone";
import { enter, expect, expectDeskAccessible } from "./desk";

test("a venue is registered, a member is posted there, and its page is public", async ({ page }) => {
  const name = `望江社区协商议事室 ${Date.now()}`;
  await enter(page, "机关工作人员", "/console/venues");
  await page.getByText("云川市委员之家").first().waitFor();
  await page.keyboard.press("n");
  const form = page.getByRole("form", { name: "登记议事场所" });
  await form.getByLabel(/^名称/).fill(name);
  await form.getByLabel(/^上级场所/).fill("滨江街道");
  await form.getByRole("listbox").getByRole("option").first().click();
  await form.getByLabel("开放时间").fill("每周三上午");
  await form.getByLabel(/^对外公开/).check();
  await expectDeskAccessible(page);
  await page.keyboard.press("Control+Enter");
  await expect(page.getByRole("heading", { name })).toBeVisible();
  await page.getByRole("button", { name: "派驻委员" }).click();
  await page.getByLabel(/^派驻哪些委员/).fill(credentials("委员").name);
  await page.getByRole("listbox").getByRole("option").first().click();
  await page.keyboard.press("Control+Enter");
  await expect(page.getByRole("table", { name: "派驻委员" }).getByText(credentials("委员").name)).toBeVisible();
  await expectDeskAccessible(page);
  const address = new URL((await page.getByRole("link", { name: /\/v\// }).textContent())!).pathname;
  await page.goto("/console/venues/figures");
  await page.getByRole("link", { name: /^\d+$/ }).first().waitFor();
  await expectDeskAccessible(page);
  await page.context().clearCookies();
  await page.goto(address);
  await expect(page.getByRole("heading", { name })).toBeVisible();
  await expect(page.getByText(credentials("委员").name)).toBeVisible();
  await expectDeskAccessible(page);
});
