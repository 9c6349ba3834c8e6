/** The desks of opinion reports, leads, claims and requests. */
import { test } from "@playwright/test";
import { desk } from "../../mobile/e2e/phone";
import { enter, expect, expectDeskAccessible } from "./desk";

const STAFF = "机关工作人员";
test.describe.configure({ timeout: 90_000 });

test("two reports of members are combined, edited beside a colleague, issued, adopted and commented on", async ({ page }) => {
  await enter(page, STAFF, "/console/opinions");
  const [member, colleague] = [await desk(page, "委员"), await desk(page, STAFF)];
  for (const title of ["城东路口信号灯配时不合理", "城东路口行人过街时间太短"]) {
    const { id } = await member("POST", "opinions", { title, body: `${title}。早高峰排队三百米。` });
    await member("POST", `opinions/${id}/transitions`, { action: "submit" });
  }
  // the list is live: both are there without a reload, and selected by keys
  const table = page.getByRole("table", { name: "社情民意信息" });
  await expect(table.getByText("城东路口行人过街时间太短")).toBeVisible();
  await page.keyboard.press("x");
  await page.keyboard.press("j");
  await page.keyboard.press("x");
  await page.getByRole("button", { name: "编成综合信息" }).click();
  await expect(page.getByRole("heading", { level: 1, name: /^综合信息：/ })).toBeVisible();
  await expect(page.getByRole("heading", { name: "由 2 篇信息编成" })).toBeVisible();
  const id = Number(page.url().match(/opinions\/(\d+)/)![1]);

  await page.keyboard.press("w");
  const title = page.getByLabel("标题", { exact: true });
  await expect(title).toHaveValue(/^综合信息/);
  const { version } = await colleague("GET", `opinions/${id}`);
  await colleague("PUT", `opinions/${id}`, { title: "同事改的标题", body: "同事写的正文。" }, { "If-Match": `"${version}"` });
  await title.fill("城东路口应优化信号灯");
  await expect(page.getByRole("heading", { name: "同事保存的" })).toBeVisible();
  await expect(page.getByText("同事改的标题")).toBeVisible();
  await page.getByRole("button", { name: "用我写的" }).click();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("heading", { level: 1, name: "城东路口应优化信号灯" })).toBeVisible();
  await page.keyboard.press("v");
  await expect(page.getByRole("region", { name: "修改对照" }).locator("ins").first()).toContainText("城东路口应优化信号灯");

  await page.keyboard.press("e");
  await page.keyboard.press("Control+Enter");
  await expect(page.getByText(/已签发，\d{4}年第 \d+ 期，已告知反映人。/)).toBeVisible();
  await page.goto(`/console/opinions/${id}?scope=issued`);
  await page.getByRole("button", { name: /^采用/ }).click();
  await page.getByLabel("层级").selectOption("province");
  await page.keyboard.press("Control+Enter");
  await expect(page.getByText("已采用，已告知反映人。")).toBeVisible();
  await page.goto(`/console/opinions/${id}?scope=issued`);
  await page.getByRole("button", { name: /^领导批示/ }).click();
  await page.getByLabel("批示领导").fill("副市长 王某");
  await page.getByLabel("批示内容").fill("请交警支队研究。");
  await page.keyboard.press("Control+Enter");
  await page.goto(`/console/opinions/${id}?scope=issued`);
  await expect(page.getByText("“请交警支队研究。”")).toBeVisible();
  const file = page.waitForEvent("download");
  await page.getByRole("link", { name: "简报 Word" }).click();
  expect((await file).suggestedFilename()).toContain("城东路口应优化信号灯");
});

test("editors reach four desks without a fault, and each figure opens its records", async ({ page }) => {
  await enter(page, STAFF, "/console/leads");
  await page.getByRole("table", { name: "线索" }).waitFor();
  await page.keyboard.press("Enter");
  await page.getByRole("button", { name: /^不采用/ }).waitFor();
  await page.keyboard.press("2");
  await page.getByRole("button", { name: "内容不够具体，请补充时间、地点和情况。" }).click();
  await expectDeskAccessible(page);
  await page.keyboard.press("Control+Enter");
  await expect(page.getByText("已说明不采用的理由，提供人查询时能看到。")).toBeVisible();

  const member = await desk(page, "委员");
  const act = { kind: "service.rendered", title: `给村里修路灯${Date.now()}`, held_on: new Date(Date.now() - 86_400_000).toISOString().slice(0, 10) };
  await member("POST", "claims", { act });
  await page.goto("/console/claims?kind=claim&state=waiting");
  await page.getByRole("table", { name: "申报和申诉" }).waitFor();
  await page.keyboard.press("x");
  await page.getByRole("button", { name: "确认其中 1 项申报" }).click();
  await expect(page.getByRole("status").filter({ hasText: "：已确认" })).toBeVisible();

  await page.goto("/console/opinions/statistics");
  await page.getByRole("table", { name: "统计" }).getByRole("link").first().click();
  const [figure, rows] = [page.getByRole("table", { name: "统计" }).getByRole("link").first(), page.getByRole("table", { name: "记录" }).locator("tbody tr")];
  await expect(rows).toHaveCount(Math.min(50, Number(await figure.textContent())));
  await page.goto("/console/privacy?state=done");
  await page.getByRole("region", { name: "列表" }).getByRole("button", { name: "筛选" }).waitFor();
});

test("leaders comment in their own name; units have no such desk", async ({ page, browser }) => {
  await enter(page, "主席会议成员", "/console/opinions");
  await page.getByRole("table", { name: "社情民意信息" }).waitFor();
  await page.keyboard.press("Enter");
  await page.getByRole("button", { name: /^领导批示/ }).click();
  await expect(page.getByLabel("批示内容")).toBeVisible();
  await expect(page.getByLabel("批示领导")).toHaveCount(0);
  await expectDeskAccessible(page);

  const other = await (await browser.newContext()).newPage();
  await enter(other, "承办单位人员", "/console/");
  await expect(other.getByRole("navigation", { name: "工作台" }).getByText("社情民意")).toHaveCount(0);
});
