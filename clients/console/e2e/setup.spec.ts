/** A new conference is set up by the guide alone: from an empty database and its first accounts to members who may log in. */
import { test, type Browser, type Page } from "@playwright/test";
import { loaded } from "../../mobile/e2e/phone";
import { launch } from "../../mobile/e2e/server";
import { expect, expectDeskAccessible } from "./desk";

const PASSWORD = "云川的早晨 early bird";
const ACCOUNTS = {
  system_admin: { phone: "13800000001", name: "张某" },
  security_admin: { phone: "13800000002", name: "李某" },
  auditor: { phone: "13800000003", name: "王某" },
  secretariat: { phone: "13800000004", name: "赵某" },
};
type Role = keyof typeof ACCOUNTS;

/** Somebody who logs in for the first time: sets a password, and goes to the desk. */
async function first(browser: Browser, url: string, phone: string, given: string): Promise<Page> {
  const page = await (await browser.newContext({ baseURL: url, viewport: { width: 1440, height: 900 }, locale: "zh-CN" })).newPage();
  await page.goto("/console/");
  await page.getByLabel("手机号").fill(phone);
  await page.getByLabel("密码", { exact: true }).fill(given);
  await page.getByRole("button", { name: "登录", exact: true }).click();
  await page.getByLabel("现在的密码").fill(given);
  await page.getByLabel("新密码", { exact: true }).fill(PASSWORD);
  await page.getByLabel("再输入一次新密码").fill(PASSWORD);
  await page.getByRole("button", { name: "修改密码" }).click();
  await page.getByRole("navigation", { name: "工作台" }).waitFor();
  return page;
}

/** Opens the guide by the menu and presses a way of it. */
async function choose(page: Page, way: string) {
  await page.getByRole("navigation", { name: "工作台" }).getByRole("link", { name: "建届引导" }).click();
  await page.getByRole("link", { name: way, exact: true }).click();
  await loaded(page);
}

/** Gives a workbook to the import that the guide opened, and writes it. */
async function bringIn(page: Page, way: string, kind: string, rows: string[]) {
  await choose(page, way);
  await expect(page.getByLabel("表格里是什么")).toHaveValue(kind);
  await page.getByLabel("表格文件").setInputFiles({ name: `${kind}.csv`, mimeType: "text/csv", buffer: Buffer.from(rows.join("\n")) });
  await page.keyboard.press("Control+Enter");
  await expect(page.getByText("全部核对无误")).toBeVisible();
  await page.keyboard.press("Control+Enter");
  await expect(page.getByText("已经写入。")).toBeVisible();
}

test("a conference is set up in eight steps from an empty database", async ({ browser }) => {
  test.setTimeout(600_000); // a server of its own, and three people
  const given = {} as Record<Role, string>;
  const year = new Date().getFullYear();
  const server = await launch((run) => {
    run("create-organization", "政协云川市委员会", "--level", "city", "--term", "16", "--starts-on", `${year}-01-01`, "--ends-on", `${year + 4}-12-31`);
    for (const [role, { phone, name }] of Object.entries(ACCOUNTS)) given[role as Role] = run("create-account", role, phone, name).match(/[a-z0-9]{12}/)![0];
  });
  const enter = (role: Role) => first(browser, server.url, ACCOUNTS[role].phone, given[role]);
  try {
    const clerk = await enter("secretariat");
    await clerk.waitForURL("**/console/setup"); // the first clerk lands on it
    await expect(clerk.getByRole("status").filter({ hasText: "2 / 8" })).toBeVisible();
    await expect(clerk.getByText("这一步由李某（安全管理员）办理。")).toBeVisible();
    await expectDeskAccessible(clerk);

    for (const [way, name] of [
      ["界别：逐个增加", "教育界"],
      ["专委会：逐个增加", "提案委员会"],
    ] as const) {
      await choose(clerk, way);
      await clerk.getByLabel("名称").fill(name);
      await clerk.keyboard.press("Control+Enter");
      await expect(clerk.getByRole("cell", { name, exact: true })).toBeVisible();
    }
    await bringIn(clerk, "承办单位：导入", "units", ["单位名称,类别", "市教育局,政府部门"]);
    await bringIn(clerk, "参加单位：导入", "bodies", ["单位名称,类别", "民盟云川市委员会,党派"]);
    await bringIn(clerk, "委员：导入", "members", ["姓名,性别,手机号,界别", "钱立本,男,13711110011,教育界", "孙静之,女,13711110012,经济界"]);

    await choose(clerk, "施行的办法：起草办法");
    await clerk.getByLabel("为什么改").fill("主席会议通过");
    await expect(clerk.getByRole("button", { name: /存为草稿/ })).toBeEnabled();
    await clerk.keyboard.press("Control+Enter");
    await clerk.waitForURL(/\/console\/rulesets\/\d+$/);
    await clerk.getByRole("button", { name: /^发布施行/ }).click();
    await clerk.keyboard.press("Control+Enter");
    await expect(clerk.getByRole("article").getByText("已发布", { exact: true })).toBeVisible();

    await choose(clerk, "征集期：开征集期");
    await expect(clerk.getByLabel("名称")).toHaveValue("十六届全体会议提案征集");
    await clerk.getByRole("button", { name: "开征集期" }).click();
    await expect(clerk.getByRole("cell", { name: "十六届全体会议提案征集 征集中" })).toBeVisible();

    const security = await enter("security_admin");
    await security.waitForURL("**/console/setup");
    await choose(security, "科室：设立科室");
    await security.getByLabel("名称").fill("提案科");
    await security.getByLabel("全面工作").check();
    await security.keyboard.press("Control+Enter");
    await expect(security.getByRole("heading", { name: "提案科", level: 1 })).toBeVisible();
    await choose(security, "分到科室的同志：授予角色");
    await security.getByRole("button", { name: /赵某/ }).click();
    await security.getByRole("button", { name: "授予角色" }).waitFor();
    await security.keyboard.press("e");
    await security.getByRole("combobox", { name: "角色" }).selectOption("secretariat");
    await security.getByLabel("所在科室").selectOption({ label: "提案科" });
    await security.keyboard.press("Control+Enter");
    await expect(security.getByRole("table", { name: "角色" })).toContainText("提案科");

    const admin = await enter("system_admin");
    await admin.waitForURL("**/console/setup");
    await expect(admin.getByRole("status").filter({ hasText: "7 / 8" })).toBeVisible();
    await choose(admin, "发了首次密码的委员：打印密码条");
    await admin.getByRole("button", { name: "生成", exact: true }).click();
    await expect(admin.getByText("13711110011")).toBeVisible();
    admin.on("dialog", (dialog) => void dialog.accept());
    await admin.getByRole("navigation", { name: "工作台" }).getByRole("link", { name: "建届引导" }).click();
    await expect(admin.getByText("八步都办好了")).toBeVisible();
    await expectDeskAccessible(admin);
    await admin.getByRole("link", { name: "工作台", exact: true }).click();
    await expect(admin.getByRole("heading", { level: 1 })).toContainText("张某");
    await expect(admin.getByText("建立一届政协，还差")).toHaveCount(0); // it goes when all stand
  } finally {
    await server.stop();
  }
});
