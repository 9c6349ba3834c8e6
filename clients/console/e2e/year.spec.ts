/** A year at the desk: rules are tried and put in force, cards are issued to all, the bulletin is written and published. */
import { test } from "@playwright/test";
import { loaded } from "../../mobile/e2e/phone";
import { enter, expect, expectDeskAccessible } from "./desk";

test("rules are mended line by line, tried on the real year and put in force", async ({ page }) => {
  await enter(page, "机关工作人员", "/console/rulesets");
  await page.keyboard.press("Enter");
  await page.getByRole("button", { name: /以此为底稿修改/ }).click();
  const text = page.getByLabel("办法的原文");
  const good = await text.inputValue();
  const [before, after] = good.includes("points: 5") ? ["points: 5", "points: 6"] : ["points: 6", "points: 5"]; // a second try finds the first one's
  await page.getByLabel("为什么改").fill("会议活动的分值调整");
  await text.fill(good.replace(before, "points: many"));
  await expect(page.getByRole("status").filter({ hasText: "1 处要改" })).toBeVisible();
  const line = good.slice(0, good.indexOf(before)).split("\n").length;
  await expect(page.getByRole("button", { name: `第 ${line} 行` })).toBeVisible();
  await expect(page.getByRole("button", { name: /存为草稿/ })).toBeDisabled();
  await expectDeskAccessible(page);
  await page.waitForTimeout(500); // what was typed is kept within 0.3 s
  await page.reload();
  await expect(text).toHaveValue(good.replace(before, "points: many"));

  await text.fill(good.replaceAll(before, after));
  await expect(page.getByRole("button", { name: /存为草稿/ })).toBeEnabled();
  await page.keyboard.press("Control+Enter");
  await page.waitForURL(/\/console\/rulesets\/\d+$/);
  await page.getByRole("button", { name: /^试算/ }).click();
  await expect(page.getByRole("table", { name: "谁的积分变了" }).locator("tbody tr").first()).toContainText("→");
  await expectDeskAccessible(page);
  await page.keyboard.press("e");
  await page.keyboard.press("Control+Enter");
  await expect(page.getByRole("article").getByText("已发布", { exact: true })).toBeVisible();

  await page.getByRole("link", { name: "看按它计算的积分榜" }).click();
  await loaded(page);
  await expectDeskAccessible(page);
  const sum = page.getByRole("table", { name: "积分榜" }).getByRole("link").first();
  const points = (await sum.textContent())!;
  await sum.click();
  await expect(page.getByRole("heading", { level: 1 })).toContainText(points);
  await page.getByRole("table").getByRole("link").first().click();
  await expect(page.getByRole("table").locator("tbody tr").first()).toContainText("分");
});

test("rules are written in a form and as text at once, and faults stand at line and field", async ({ page }) => {
  await enter(page, "机关工作人员", "/console/rulesets/new?template=minhang");
  const text = page.getByLabel("办法的原文");
  const form = page.getByRole("group", { name: "办法的表单" });
  await form.getByRole("button", { name: /参加全体会议/ }).first().click();
  const points = form.getByLabel("每次多少分", { exact: true });
  await expect(points).toHaveValue("5");
  await expectDeskAccessible(page);
  const before = await text.inputValue();

  await points.fill("6.25");
  const after = before.replace("    points: 5\n", "    points: 6.25\n");
  await expect(text).toHaveValue(after); // comments, order and style as they were
  await page.getByLabel("为什么改").fill("试一试");
  await expect(page.getByRole("button", { name: /存为草稿/ })).toBeEnabled();
  await points.press("Enter"); // no wish to save
  await expect(page).toHaveURL(/\/rulesets\/new/);
  await points.fill("6.255");
  await expect(form.getByRole("alert").filter({ hasText: "最多两位小数" })).toBeVisible();
  const line = after.slice(0, after.indexOf("points: 6.25")).split("\n").length;
  await page.getByRole("button", { name: `第 ${line} 行` }).click();
  await text.fill(after.replace("points: 6.25", "points: 8"));
  await expect(points).toHaveValue("8");

  await text.fill(`${after}  坏了: [`);
  await expect(page.getByText("原文现在读不出来")).toBeVisible();
  await expect(points).toBeDisabled();
  await expect(text).toHaveValue(`${after}  坏了: [`);
  await text.fill(after);
  await expect(points).toBeEnabled();

  await form.getByRole("button", { name: "增加基本要求" }).click();
  await form.getByRole("region", { name: "基本要求" }).getByLabel("名称（必填）").fill("提交社情民意");
  await expect(text).toHaveValue(/label: 提交社情民意\n/);
  await form.getByRole("button", { name: "去掉 提交社情民意", exact: true }).click();
  await expect(text).toHaveValue(after);
  await page.getByRole("button", { name: "办法说了什么" }).click();
  await expect(form).toBeHidden();
  await expect(page.getByRole("region", { name: "办法说了什么" }).getByText(/6\.25/)).toBeVisible();
});

test("the cards of a year are issued in a batch, and one is taken back", async ({ page }) => {
  await enter(page, "机关工作人员", "/console/cards");
  await page.getByRole("button", { name: "批量颁发" }).click();
  const form = page.getByRole("form", { name: "批量颁发" });
  const year = String(new Date().getFullYear() - 2);
  await form.getByLabel("期间").selectOption(year);
  await form.getByRole("button", { name: "开始颁发" }).click();
  await expect(form).toHaveCount(0);
  await expect(page.getByRole("status").filter({ hasText: "正在颁发" })).toHaveCount(0, { timeout: 60_000 });
  await page.getByLabel("期间").selectOption(year);
  const issued = page.getByRole("row").filter({ hasText: "已颁发" });
  await issued.getByRole("button", { name: new RegExp(`^打开 .+${year}年度`) }).first().click();
  await expect(page.getByRole("img", { name: /履职卡海报/ })).toBeVisible();
  await expectDeskAccessible(page);
  const first = page.url();
  await page.keyboard.press("2");
  await page.getByLabel("说明").fill("名册有误，核对后再发");
  await page.keyboard.press("Control+Enter");
  await expect(page).not.toHaveURL(first);
  await page.goto(first);
  await expect(page.getByRole("article")).toContainText("名册有误，核对后再发");
  await page.getByRole("link", { name: "现在的数字" }).click();
  await page.getByRole("button", { name: "大字版" }).click();
  await expect(page.getByRole("img", { name: /履职卡海报/ })).toBeVisible();
});

test("a bulletin is drawn up, its preface is kept, and it is published; others have no such desk", async ({ page, browser }, { retry, repeatEachIndex }) => {
  await enter(page, "机关工作人员", "/console/bulletins");
  await page.getByRole("button", { name: "起草通报" }).click();
  const form = page.getByRole("form", { name: "起草通报" });
  await form.getByLabel("年度").selectOption(String(new Date().getFullYear()));
  if (retry + repeatEachIndex) await form.getByLabel(/^更正的原因/).fill("补充统计");
  await form.getByRole("button", { name: "起草" }).click();
  await expect(page.getByRole("article").getByText("草稿", { exact: true })).toBeVisible();
  const preface = page.getByLabel("前言");
  await preface.fill("现将本年度以来委员履职情况通报如下。");
  await page.waitForTimeout(500);
  await page.reload();
  await expect(preface).toHaveValue("现将本年度以来委员履职情况通报如下。");
  const figure = page.getByRole("link", { name: /出席会议活动 \d+ 人数/ });
  const count = (await figure.textContent())!;
  await expectDeskAccessible(page);
  await figure.click();
  await expect(page.getByText(`共 ${count} 条`)).toBeVisible();
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: /发布通报/ }).click();
  await page.keyboard.press("Control+Enter");
  await expect(page.getByRole("article").getByText("已发布", { exact: true })).toBeVisible();
  await expect(page.getByRole("article")).toContainText("现将本年度以来");

  for (const role of ["系统管理员", "主席会议成员"]) {
    const other = await browser.newPage();
    await enter(other, role);
    for (const desk of ["积分办法", "履职卡", "年度通报"]) await expect(other.getByRole("link", { name: desk })).toHaveCount(0);
    await other.close();
  }
});
