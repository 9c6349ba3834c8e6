/** The three administrators each do their work and cannot do the others'; a roster is imported and mended in place. */
import { test } from "@playwright/test";
import { enter, expect, expectDeskAccessible } from "./desk";

test("three administrators, each with work that the others cannot do", async ({ browser }) => {
  const [system, security, audit] = await Promise.all(
    [0, 1, 2].map(async () => (await browser.newContext({ viewport: { width: 1440, height: 900 } })).newPage()),
  );
  await enter(system!, "系统管理员", "/console/accounts");
  await system!.keyboard.press("n");
  await system!.getByLabel("姓名（必填）").fill("赵新雨");
  await system!.keyboard.press("Escape"); // by mistake
  await system!.keyboard.press("n");
  await expect(system!.getByLabel("姓名（必填）")).toHaveValue("赵新雨");
  await expect(system!.getByText("上次没有填完的内容还在。")).toBeVisible();
  await system!.getByLabel("手机号（必填）").fill("1371111");
  await system!.keyboard.press("Control+Enter");
  await expect(system!.getByRole("alert")).toBeVisible(); // what was typed is still there
  const phone = `137${String(Date.now()).slice(-8)}`;
  await system!.getByLabel("手机号（必填）").fill(phone);
  await system!.keyboard.press("Control+Enter");
  await expect(system!.getByRole("region", { name: "一次性密码" })).toContainText(phone);
  await expectDeskAccessible(system!);
  const path = new URL(system!.url()).pathname;
  await expect(system!.getByRole("button", { name: "授予角色" })).toHaveCount(0);

  await enter(security!, "安全管理员", path);
  await expect(security!.getByRole("button", { name: "重置密码" })).toHaveCount(0);
  await security!.getByRole("button", { name: "授予角色" }).waitFor();
  await security!.keyboard.press("e");
  await security!.getByRole("combobox", { name: "角色" }).selectOption("information_officer");
  await security!.keyboard.press("Control+Enter");
  const roles = security!.getByRole("table", { name: "角色" });
  await expect(roles).toContainText("信息员");
  await security!.getByRole("button", { name: "收回信息员" }).click();
  await security!.keyboard.press("z"); // taken back
  await expect(roles).toContainText("信息员");
  await expectDeskAccessible(security!);

  await enter(audit!, "审计员", "/console/audit");
  await audit!.getByRole("button", { name: "校验" }).click();
  await expect(audit!.getByRole("status").filter({ hasText: "全部完好" })).toBeVisible();
  await expect(audit!.getByRole("table", { name: "审计记录" })).toContainText("角色 授予");
  await expectDeskAccessible(audit!);
  await audit!.goto("/console/accounts");
  await expect(audit!.getByRole("alert")).toContainText("没有进行此操作的权限");
});

test("settings are changed with their reason and taken back, holidays belong to the staff", async ({ page, browser }) => {
  await enter(page, "系统管理员", "/console/settings/passwords");
  const length = page.getByRole("spinbutton", { name: "密码最短长度" });
  await length.fill("99");
  await page.keyboard.press("Control+Enter");
  await expect(page.getByRole("alert").first()).toBeVisible();
  await length.fill("12");
  await page.getByLabel("理由").fill("主席会议决定");
  await expectDeskAccessible(page);
  await page.keyboard.press("Control+Enter");
  await page.getByRole("button", { name: "撤销" }).click();
  await expect(length).toHaveValue("8");
  await page.getByRole("link", { name: "变更记录" }).click();
  await expect(page.getByRole("table", { name: "设置的变更" })).toContainText("主席会议决定");
  await page.goto("/console/operation");
  await expect(page.getByText("数据库", { exact: true })).toBeVisible();
  await expectDeskAccessible(page);

  const staff = await (await browser.newContext()).newPage();
  await enter(staff, "机关工作人员", "/console/holidays");
  await expect(staff.getByRole("region", { name: "12月" })).toBeVisible();
  await expectDeskAccessible(staff);
  await staff.goto("/console/audit");
  await expect(staff.getByRole("alert")).toContainText("没有进行此操作的权限");
});

test("a roster is imported, its faults are mended in place", async ({ page }) => {
  const rows = ["姓名,性别,手机号,界别", "钱立本,男,13711110011,教育", "孙静之,女,1371111,教育", "李安石,男,13711110013,教遇", "周知远,男,13711110014,教遇"];
  await enter(page, "机关工作人员", "/console/imports");
  await page.keyboard.press("n");
  await page.getByLabel("表格文件").setInputFiles({ name: "名册.csv", mimeType: "text/csv", buffer: Buffer.from(rows.join("\n")) });
  await page.getByLabel("还没有的界别和专委会").uncheck();
  await page.keyboard.press("Control+Enter");
  await expect(page.getByRole("heading", { name: "有 3 处要改" })).toBeVisible({ timeout: 15_000 });
  await expectDeskAccessible(page);
  await page.getByLabel("第 4 行界别改为").fill("教育");
  await page.getByLabel("第 4 行界别改为").press("Enter");
  await page.getByRole("button", { name: "都改为“教育”" }).click();
  await expect(page.getByLabel("第 5 行界别改为")).toHaveValue("教育");
  await page.reload(); // what was mended is not lost
  await expect(page.getByLabel("第 5 行界别改为")).toHaveValue("教育");
  await page.getByRole("button", { name: "第 3 行不导入" }).click();
  await page.keyboard.press("Control+Enter");
  await expect(page.getByText("全部核对无误")).toBeVisible({ timeout: 15_000 });
  await page.keyboard.press("Control+Enter");
  await expect(page.getByText("已经写入。")).toBeVisible({ timeout: 15_000 });
  await page.goto("/console/members?q=李安石");
  await page.getByRole("button", { name: "打开 李安石" }).click();
  await expect(page.getByRole("heading", { name: "李安石" })).toBeVisible();
  await expectDeskAccessible(page);
});
