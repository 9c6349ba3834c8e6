/** Matters of consultation: a citizen without a login, the office at its desk, a member on the phone, what the public reads. */
import { expect, test } from "@playwright/test";
import { enter } from "../../../console/e2e/desk";
import { desk, expectAccessible, keeps, loaded, login } from "../phone";

test("a citizen hands in a matter at a venue, the desk leads it, and only what was released is public", async ({ page, browser }) => {
  await login(page);
  const office = await desk(page, "机关工作人员");
  const { items } = await office("GET", "venues?limit=100");
  const { public_url } = await office("GET", `venues/${items.find((one: { is_public: boolean }) => one.is_public).id}`);
  const venue = public_url.split("/v/")[1];
  const title = `小区门口的路灯不亮${Date.now()}`;

  const citizen = await (await browser.newContext({ viewport: { width: 390, height: 844 }, hasTouch: true })).newPage();
  await citizen.goto(`/v/${venue}`);
  await citizen.getByRole("link", { name: "提议题、查进展" }).tap();
  await citizen.getByLabel("一句话说明").fill(title);
  await citizen.getByLabel("具体情况").fill("晚上看不见路，老人容易摔倒。");
  await citizen.waitForTimeout(600); // longer than the phone waits to keep it
  await citizen.reload();
  await expect(citizen.getByLabel("一句话说明")).toHaveValue(title);
  await citizen.getByLabel("电话或邮箱（可以不填）").fill("13912345678");
  await expectAccessible(citizen);
  await citizen.getByRole("button", { name: "提交", exact: true }).tap();
  const receipt = (await citizen.locator("b.figure").textContent())!;
  expect(receipt).toMatch(/^\w{4}-\w{4}-\w{4}$/);

  const clerk = await (await browser.newContext({ viewport: { width: 1440, height: 900 } })).newPage();
  await enter(clerk, "机关工作人员", "/console/matters");
  await clerk.getByRole("button", { name: `打开 ${title}` }).click();
  await expect(clerk.getByText("13912345678")).toHaveCount(0);
  await clerk.getByRole("button", { name: "看联系方式" }).click();
  await expect(clerk.getByText("13912345678")).toBeVisible();
  for (const [step, state] of [["受理", "已受理"], ["确定协商", "确定协商"]] as const) {
    await clerk.getByRole("button", { name: step, exact: false }).first().click();
    await clerk.keyboard.press("Control+Enter");
    await expect(clerk.getByText(`已办理，现为“${state}”。`)).toBeVisible();
    await clerk.getByRole("button", { name: `打开 ${title}` }).click(); // the next one was opened
    await expect(clerk.getByRole("heading", { name: title })).toBeVisible();
  }
  await clerk.getByRole("button", { name: "公开结果" }).click();
  await clerk.getByLabel(/^公开的题目/).fill(`${title}（公开）`);
  await clerk.getByLabel(/^什么问题/).fill("路灯损坏。");
  await clerk.keyboard.press("Control+Enter");
  await expect(clerk.getByRole("button", { name: "修改公开的内容" })).toBeVisible();

  await citizen.getByRole("button", { name: "查进展" }).last().tap();
  await citizen.getByRole("button", { name: receipt }).tap();
  await expect(citizen.getByRole("heading", { name: "确定协商" })).toBeVisible();
  await expectAccessible(citizen);
  const results = await (await page.request.get(`/api/v1/public/matters?venue_code=${venue}`)).text();
  expect(results).toContain(`${title}（公开）`);
  expect(results).not.toContain("老人容易摔倒");
});

test("a member brings a matter without a network, and reads what becomes of it", async ({ page, context }) => {
  const title = `老旧小区加装电梯${Date.now()}`;
  await login(page, "委员", "/matters");
  await loaded(page);
  await expectAccessible(page);
  await keeps(page);
  await page.getByRole("link", { name: "提议题" }).tap();
  await page.getByLabel("一句话说明").fill(title);
  await page.getByLabel("具体情况").fill("三十年楼龄，老人下楼难。");
  await expectAccessible(page);
  await context.setOffline(true);
  await page.getByRole("button", { name: "提交", exact: true }).tap();
  await expect(page.getByText("联网后自动发出")).toBeVisible();
  await context.setOffline(false);
  await expect(page.getByRole("link", { name: new RegExp(title) })).toBeVisible();
  await page.getByRole("link", { name: new RegExp(title) }).tap();
  await expect(page.getByText("待受理").first()).toBeVisible();
  await expectAccessible(page);
});

test("who convenes nothing is not offered to bring a matter", async ({ page }) => {
  await login(page, "承办单位人员", "/matters");
  await loaded(page);
  await expect(page.getByText("这里还没有和您有关的议题。")).toBeVisible();
  await expect(page.getByRole("link", { name: "提议题" })).toHaveCount(0);
});

test("who convenes a venue is told that its opening times changed meanwhile, and keeps what was typed", async ({ page }) => {
  const hours = `每周三上午${Date.now()}`;
  await login(page);
  const elsewhere = await desk(page, "委员");
  const { items } = await elsewhere("GET", "venues?mine=true");
  const { id, version } = items.find(({ actions }: { actions: string[] }) => actions.includes("set_hours"));
  await page.goto(`/venues/${id}`);
  await page.getByRole("button", { name: "改开放时间" }).tap();
  await page.getByRole("textbox", { name: "开放时间" }).fill(hours);
  await elsewhere("PUT", `venues/${id}/opening-hours`, { opening_hours: "每周五下午" }, { "If-Match": `"${version}"` });
  await page.getByRole("button", { name: "保存" }).tap();
  await expect(page.getByRole("alert")).toBeVisible();
  await expect(page.getByRole("textbox", { name: "开放时间" })).toHaveValue(hours);
  await page.getByRole("button", { name: "保存" }).tap();
  await expect(page.getByText("已保存。")).toBeVisible();
  await expect(page.getByText(hours)).toBeVisible();
});
