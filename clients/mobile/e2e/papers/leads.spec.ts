/** Leads: of citizens without login, and of those who have an account. */
import { expect, test } from "@playwright/test";
import { desk, expectAccessible, login } from "../phone";

const BODY = "石桥路口的红绿灯坏了一个多月，放学时很危险。";

test("a citizen hands in a lead, keeps the receipt, and sees later what became of it", async ({ page }) => {
  await page.goto("/login");
  await page.getByRole("link", { name: /反映线索不用登录/ }).tap();
  await page.waitForURL("/lead");
  await expectAccessible(page);
  await expect(page.getByRole("button", { name: "提交", exact: true })).toBeDisabled();
  await page.getByLabel("您看到、听到了什么").fill(BODY);
  await page.waitForTimeout(600); // longer than the phone waits to keep it
  await page.reload();
  await expect(page.getByLabel("您看到、听到了什么")).toHaveValue(BODY);
  await page.getByLabel("电话或邮箱（可以不填）").fill("13912345678");

  await page.context().setOffline(true);
  await page.getByRole("button", { name: "提交", exact: true }).tap();
  await expect(page.getByRole("alert").filter({ hasText: "网络不通" })).toBeVisible();
  await expect(page.getByLabel("您看到、听到了什么")).toHaveValue(BODY);
  await page.context().setOffline(false);
  await page.getByRole("button", { name: "提交", exact: true }).tap();
  await expect(page.getByRole("heading", { name: "已收到，谢谢您" })).toBeVisible();
  const code = (await page.locator("b.figure").textContent())!;
  expect(code).toMatch(/^\w{4}-\w{4}-\w{4}$/);
  await expectAccessible(page);

  await page.getByRole("button", { name: "查进展" }).last().tap();
  await page.getByRole("button", { name: code }).tap();
  await expect(page.getByRole("heading", { name: "已收到" })).toBeVisible();
  await expectAccessible(page);
  await page.getByLabel("受理编号").fill("0000-0000-0000");
  await page.getByRole("button", { name: "查进展" }).last().tap();
  await expect(page.getByRole("alert")).toContainText("没有这个受理编号");

  const staff = await desk(page, "机关工作人员");
  const { items } = await staff("GET", "leads?scope=desk&source=citizen");
  await staff("POST", `leads/${items[0].id}/transitions`, { action: "decline", reason: "交警部门已在更换。" });
  await page.getByLabel("受理编号").fill(code.toLowerCase());
  await page.getByRole("button", { name: "查进展" }).last().tap();
  await expect(page.getByRole("heading", { name: "未采用" })).toBeVisible();
  await expect(page.getByText("交警部门已在更换。")).toBeVisible();

  await page.getByRole("switch", { name: "长辈模式" }).tap();
  await expectAccessible(page);
  await page.evaluate(() => void (document.documentElement.dataset.theme = "dark"));
  await expectAccessible(page);
});

test("an information officer comes straight to their leads, and follows one", async ({ page }) => {
  await login(page, "信息员", "/leads");
  await expect(page.getByRole("heading", { name: "线索", exact: true })).toBeVisible();
  await expect(page.getByRole("navigation", { name: "主要栏目" })).toHaveCount(0);
  await page.goto("/");
  await page.waitForURL("/leads");
  await expectAccessible(page);
  await page.getByRole("banner").getByRole("button", { name: "提供线索" }).tap();
  await page.getByLabel("看到、听到了什么").fill(`${BODY}家长都在问。`);
  await expectAccessible(page);
  await page.getByRole("dialog").getByRole("button", { name: "提交" }).tap();
  await expect(page.getByRole("article").first()).toContainText("家长都在问");
  await expect(page.getByRole("article").first()).toContainText("已收到");
  await page.getByRole("link", { name: "我的" }).tap();
  await page.waitForURL("/me");
  await expectAccessible(page);
  await page.getByRole("link", { name: "线索" }).tap();
  await page.waitForURL("/leads");
});

test("without the server the public form says so and asks again", async ({ page }) => {
  await page.route("**/api/v1/leads/organizations*", (route) => route.fulfill({ status: 503, json: {} }));
  await page.goto("/lead");
  await expect(page.getByRole("alert")).toContainText("服务暂时不可用");
  await page.unroute("**/api/v1/leads/organizations*");
  await page.getByRole("button", { name: "重新加载" }).tap();
  await expect(page.getByLabel("您看到、听到了什么")).toBeVisible();

  await page.route("**/api/v1/leads", (route) =>
    route.fulfill({ status: 429, contentType: "application/problem+json", json: { detail: "提交的线索较多，请稍后再试。" } }),
  );
  await page.getByLabel("您看到、听到了什么").fill(BODY);
  await page.getByRole("button", { name: "提交", exact: true }).tap();
  await expect(page.getByRole("alert")).toContainText("请稍后再试");
  await expectAccessible(page);
});
