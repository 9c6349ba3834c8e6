/** Personal data: what the roster says, a request and its end, consent taken back and given again. */
import { expect, test } from "@playwright/test";
import { desk, expectAccessible, loaded, login } from "../phone";

test("a member asks for a correction and follows it", async ({ page }) => {
  await login(page, "新任委员", "/privacy");
  await loaded(page);
  await expectAccessible(page);
  const secretariat = await desk(page, "机关工作人员");

  await page.getByRole("link", { name: /工作单位及职务/ }).click();
  const employer = `云川大学 教授${Date.now()}`;
  await page.getByLabel("正确的工作单位及职务").fill(employer);
  await expectAccessible(page);
  await page.getByRole("button", { name: "提交申请" }).click();
  await expect(page.getByText(`改为：${employer}`)).toBeVisible();
  await expect(page.getByRole("button", { name: "撤回" })).toBeVisible();

  const { items } = await secretariat("GET", "privacy/requests?scope=all&state=submitted");
  for (const action of ["accept", "finish"]) {
    await secretariat("POST", `privacy/requests/${items[0].id}/transitions`, { action });
  }
  await page.reload();
  await expect(page.getByText("已办结").first()).toBeVisible();
  await expect(page.getByRole("link", { name: new RegExp(employer) })).toBeVisible();
});

test("consent is taken back, everything else closes, and it is given again", async ({ page }) => {
  await login(page, "新任委员", "/privacy/notice");
  await loaded(page);
  await expectAccessible(page);
  await page.getByRole("button", { name: "撤回同意" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "撤回同意" }).click();
  await page.waitForURL("**/consent");

  await page.goto("/me");
  await page.waitForURL("**/consent");
  await expectAccessible(page);
  const data = await page.request.get("/api/v1/me/data.zip");
  expect(data.headers()["content-type"]).toBe("application/zip");

  await page.getByRole("button", { name: "我已阅读并同意" }).click();
  await page.waitForURL((url) => url.pathname === "/");
});
