/** What an office keeps at its desk: its phrases for reasons, who supervises, which reports wait for a comment. */
import { test } from "@playwright/test";
import { desk } from "../../mobile/e2e/phone";
import { enter, expect, expectDeskAccessible } from "./desk";

const STAFF = "机关工作人员";
test.describe.configure({ timeout: 90_000 });

test("a reason is made of the office's phrases, which a clerk puts in order while a colleague does too", async ({ page }) => {
  await enter(page, STAFF);
  const [member, colleague] = [await desk(page, "委员"), await desk(page, STAFF)];
  const { id } = await member("POST", "proposals", { title: `关于路口遮阳的建议${Date.now()}`, situation: "夏天很晒。", suggestions: "一、设遮阳棚。" });
  await member("POST", `proposals/${id}/transitions`, { action: "submit" });
  await page.goto(`/console/proposals/${id}?scope=visible`);
  await page.getByRole("button", { name: /^退回修改/ }).click();
  const sheet = page.getByRole("form", { name: "退回修改" });
  const phrases = sheet.getByRole("group", { name: "常用语" });
  await phrases.getByRole("button", { name: "一件提案请只提一个方面的问题。" }).click();
  await expect(sheet.getByLabel(/^说明/)).toHaveValue("一件提案请只提一个方面的问题。");

  await phrases.getByRole("button", { name: "整理常用语" }).click();
  await expectDeskAccessible(page);
  const { items } = await colleague("GET", "phrases");
  const [theirs, mine] = [`同事添的${Date.now()}。`, `请写明涉及的路口${Date.now()}。`];
  const { version, texts } = items.find(({ kind }: { kind: string }) => kind === "proposal.return_for_revision");
  await colleague("PUT", "phrases/proposal.return_for_revision", { texts: [...texts, theirs] }, { "If-Match": `"${version}"` });
  await sheet.getByRole("button", { name: "添一条" }).click();
  await sheet.getByRole("textbox", { name: `第 ${texts.length + 1} 条` }).fill(mine);
  await sheet.getByRole("button", { name: `第 ${texts.length + 1} 条上移` }).click();
  await sheet.getByRole("button", { name: "保存常用语" }).click();
  await expect(sheet.getByRole("alert")).toContainText("同事刚整理过");
  await sheet.getByRole("button", { name: "保存常用语" }).click();
  await expect(page.getByText("常用语已保存，全机关共用。")).toBeVisible();
  await expect(phrases.getByRole("button").nth(texts.length - 1)).toHaveText(mine);
  await expect(sheet.getByLabel(/^说明/)).toHaveValue("一件提案请只提一个方面的问题。");
  await phrases.getByRole("button", { name: mine }).click();
  await page.keyboard.press("Control+Enter");
  await expect(page.getByText(/已告知提案人/)).toBeVisible();
  expect((await member("GET", `proposals/${id}`)).state_reason).toBe(`一件提案请只提一个方面的问题。${mine}`);
});

test("a key proposal gets its supervisor from the leaders in office", async ({ page }) => {
  await enter(page, STAFF);
  const [member, staff, leader] = [await desk(page, "委员"), await desk(page, STAFF), await desk(page, "主席会议成员")];
  const { id } = await member("POST", "proposals", { title: `关于夜间照明的建议${Date.now()}`, situation: "路灯暗。", suggestions: "一、换灯。" });
  await member("POST", `proposals/${id}/transitions`, { action: "submit" });
  await staff("POST", `proposals/${id}/transitions`, { action: "file" });
  await staff("PUT", `proposals/${id}/key`, { marked: true, reason: "主席会议确定" });
  const { name, account_id } = await leader("GET", "auth/me");
  await page.goto(`/console/proposals/${id}?scope=visible`);
  await page.getByRole("button", { name: "其他" }).click();
  await page.getByRole("button", { name: "定督办领导" }).click();
  const sheet = page.getByRole("form", { name: "定督办领导" });
  await expect(sheet.getByRole("button", { name: /^定督办领导/ })).toBeDisabled();
  await sheet.getByRole("radio", { name: new RegExp(name) }).check();
  await expectDeskAccessible(page);
  await page.keyboard.press("Control+Enter");
  await expect(page.getByText("督办安排已记下。")).toBeVisible();
  await expect(page.getByText(`督办：${name}`)).toBeVisible();
  expect((await leader("GET", `proposals/${id}`)).supervisor_id).toBe(account_id);
});

test("issued reports without a comment are one chip away, in the sheet and in a saved view", async ({ page }) => {
  await enter(page, STAFF, "/console/opinions?scope=issued&commented=false");
  await expect(page.getByText("批示：还没有批示", { exact: true })).toBeVisible();
  await expect(page.getByRole("link", { name: "导出 Excel" })).toHaveAttribute("href", /commented=false/);
  const name = `等批示的${Date.now()}`;
  await page.getByRole("button", { name: "常用" }).click();
  await page.getByLabel("把现在的筛选存为").fill(name);
  await page.keyboard.press("Enter");
  await page.goto("/console/opinions?scope=desk");
  await page.getByRole("button", { name: "常用" }).click();
  await page.getByRole("button", { name, exact: true }).click();
  await expect(page).toHaveURL(/commented=false/);
  await expectDeskAccessible(page);
});
