import { expect, test } from "@playwright/test";
import { credentials, expectAccessible, login, loginByForm } from "../phone";

test("log in, walk through the tabs, read larger, log out", async ({ page }) => {
  await page.goto("/");
  await expect(page).toHaveURL(/\/login\?to=/);
  await expectAccessible(page);

  await loginByForm(page);
  await expect(page.getByRole("article").first()).toBeVisible();
  await expectAccessible(page);

  const tabs = page.getByRole("navigation", { name: "主要栏目" });
  for (const [tab, path] of [["议政", "/topics"], ["读书", "/reading"], ["我的", "/me"]] as const) {
    await tabs.getByRole("link", { name: tab }).click();
    await expect(page).toHaveURL(path);
    await expect(page).toHaveTitle(/^(议政|读书|我的).* · 履易$/);
    await expect(page.getByRole("status", { name: "正在加载" })).toHaveCount(0);
    await expectAccessible(page);
  }
  await expect(page.getByText(credentials("委员").name).first()).toBeVisible();

  await tabs.getByRole("button", { name: "写" }).click();
  await expect(page.getByRole("dialog", { name: "写点什么" })).toBeVisible();
  await expectAccessible(page);
  await page.keyboard.press("Escape");

  for (const path of ["/settings", "/sessions", "/password", "/notifications", "/drafts"]) {
    await page.goto(path);
    await expect(page.getByRole("status", { name: "正在加载" })).toHaveCount(0);
    await expectAccessible(page);
  }

  await page.goto("/settings");
  const before = await page.getByText("退出登录").evaluate((it) => parseFloat(getComputedStyle(it).fontSize));
  await page.getByRole("switch", { name: "长辈模式" }).click();
  const after = await page.getByText("退出登录").evaluate((it) => parseFloat(getComputedStyle(it).fontSize));
  expect(after).toBeGreaterThan(before);
  expect(after).toBeGreaterThanOrEqual(18);
  await expectAccessible(page);
  await page.getByRole("button", { name: "深色" }).click();
  await expectAccessible(page);

  await page.getByRole("button", { name: "退出登录" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "退出登录" }).click();
  await expect(page).toHaveURL("/login");
  await page.goto("/me");
  await expect(page).toHaveURL(/\/login\?to=\/me/);
});

test("a wrong password is told in one sentence and what was typed stays", async ({ page }) => {
  await page.goto("/login");
  await page.getByLabel("手机号").fill(credentials("委员").phone);
  await page.getByLabel("密码", { exact: true }).fill("不是这个");
  await page.getByRole("button", { name: "登录", exact: true }).click();
  await expect(page.getByRole("alert")).toContainText("密码");
  await expect(page.getByLabel("手机号")).toHaveValue(credentials("委员").phone);
});

test("a link opens its page after logging in", async ({ page }) => {
  await loginByForm(page, "委员", "/notifications?from=link");
  await expect(page.getByRole("heading", { name: "通知" })).toBeVisible();
});

test("who may not hand in what an editor asks for is told before writing", async ({ page }) => {
  await login(page, "承办单位人员", "/proposals/new");
  await expect(page.getByText("这一页由委员填写，您的账号没有这项权限。")).toBeVisible();
  await expect(page.getByRole("textbox")).toHaveCount(0);
  await expectAccessible(page);
  for (const path of ["/updates/new", "/opinions/new", "/claims/new", "/reading/log"]) {
    await page.goto(path);
    await expect(page.getByRole("link", { name: "回到首页" })).toBeVisible();
    await expect(page.getByRole("textbox")).toHaveCount(0);
  }
});
