/** An output goes from the draft to its comment at the desk; a venue is registered, and the public reads its page. */
import { test } from "@playwright/test";
import { credentials } from "../../mobile/e2e/phone";
import { enter, expect, expectDeskAccessible } from "./desk";

test("a report is drafted, issued with a number, and commented", async ({ page }) => {
  const title = `关于夜间照明的调研报告 ${Date.now()}`;
  await enter(page, "机关工作人员", "/console/outputs");
  await page.getByRole("button", { name: /^起草/ }).click();
  const form = page.getByRole("form", { name: "起草成果件" });
  await form.getByRole("combobox", { name: /^类别/ }).selectOption("research");
  await form.getByLabel(/^标题/).fill(title);
  await form.getByLabel("正文").fill("一、基本情况\n二、对策建议");
  await form.getByLabel("署名委员").fill(credentials("委员").name);
  await form.getByRole("listbox").getByRole("option").first().click();
  await form.getByLabel("主送", { exact: true }).fill("市委\n市政府");
  await expectDeskAccessible(page);
  await page.keyboard.press("Control+Enter");
  await expect(page.getByRole("heading", { name: title })).toBeVisible();
  const id = page.url().match(/outputs\/(\d+)/)![1];
  for (const action of ["送审", "印发"]) {
    await page.getByRole("button", { name: new RegExp(`^${action}`) }).click();
    await page.getByRole("form", { name: action }).waitFor();
    await page.keyboard.press("Control+Enter");
    await page.getByRole("form", { name: action }).waitFor({ state: "hidden" });
    await page.goto(`/console/outputs/${id}`); // the next of the list was opened
  }
  await page.getByText(/调研报告〔\d+〕\d+号/).first().waitFor();
  await page.getByRole("button", { name: /^登记批示/ }).click();
  await page.getByLabel("批示领导（必填）").fill("市政府主要领导");
  await page.getByLabel("日期（必填）").fill("2026-01-05");
  await page.getByLabel("批示内容（必填）").fill("请住建部门研办。");
  await expectDeskAccessible(page);
  await page.keyboard.press("Control+Enter");
  await page.goto(`/console/outputs/${id}`);
  await expect(page.getByRole("heading", { name: "领导批示" })).toBeVisible();
  await expect(page.getByText("请住建部门研办。").first()).toBeVisible();
});

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

test("what a citizen says is written down, and the code is handed over", async ({ page }) => {
  const title = `小区门口的路灯不亮 ${Date.now()}`;
  await enter(page, "机关工作人员", "/console/matters");
  await page.getByRole("button", { name: "登记企业议题" }).waitFor();
  await page.keyboard.press("n");
  const form = page.getByRole("form", { name: "登记群众议题" });
  await form.getByLabel(/^题目/).fill(title);
  await form.getByLabel(/^群众怎么说/).fill("滨江小区西门口，上个月开始。");
  await expectDeskAccessible(page);
  await page.keyboard.press("Control+Enter");
  await page.getByRole("heading", { name: "已登记，请把受理编号交给群众" }).waitFor();
  const code = (await page.getByText(/^[A-Z0-9]{4}(-[A-Z0-9]{4})+$/).textContent())!;
  await expectDeskAccessible(page);
  page.once("dialog", (asked) => asked.dismiss());
  await page.getByRole("button", { name: "关闭文件" }).click();
  await expect(page.getByText(code)).toBeVisible(); // it is shown once: closing asks first
  await page.getByRole("button", { name: "已经交给群众，打开议题" }).click();
  await page.getByRole("heading", { name: title }).waitFor();
  await page.goto("/matter");
  await page.getByRole("button", { name: "查进展" }).click();
  await page.getByLabel("受理编号").fill(code);
  await page.keyboard.press("Enter");
  await page.getByText("待受理").first().waitFor();
});
