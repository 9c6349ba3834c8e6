/** A unit handles a proposal from its desk, and a leader looks after it; on phones too. */
import { test, type Page } from "@playwright/test";
import { credentials, desk, expectAccessible, type Ask } from "../../mobile/e2e/phone";
import { enter, expect, expectDeskAccessible } from "./desk";

interface People {
  author: Ask;
  staff: Ask;
  unit: Ask;
}

async function people(page: Page): Promise<People> {
  return { author: await desk(page, "委员"), staff: await desk(page, "机关工作人员"), unit: await desk(page, "承办单位人员") };
}

/** A proposal of a member's that was handed to the unit; gives its id and the unit's part. */
async function assigned({ author, staff, unit }: People, title: string): Promise<{ id: number; part: string }> {
  const { id } = await author("POST", "proposals", { title, situation: "三个社区只有两处托育点。", suggestions: "一、利用闲置用房。" });
  await author("POST", `proposals/${id}/transitions`, { action: "submit" });
  await staff("POST", `proposals/${id}/transitions`, { action: "file" });
  const units = [{ unit_id: (await unit("GET", "auth/me")).unit.id, role: "lead" }];
  await staff("POST", `proposals/${id}/transitions`, { action: "assign", units });
  const { assignments } = await staff("GET", `proposals/${id}/handling`);
  return { id, part: `proposals/${id}/assignments/${assignments[0].id}` };
}

const DAY = 86_400_000;
test.setTimeout(90_000);

test("a unit signs, talks and replies by keys; a session ends while it writes, the reply comes back, its promise is kept", async ({ page }) => {
  await enter(page, "承办单位人员");
  const all = await people(page);
  const title = `关于增设托育点的建议${Date.now()}`;
  const { id, part } = await assigned(all, title);
  await page.goto("/console/");
  await page.getByRole("link", { name: /待签收/ }).first().click();
  await page.getByRole("row", { name: title }).click();
  await expect(page.getByRole("region", { name: "与提案人联系" })).toContainText("提案人");
  await page.keyboard.press("e");
  await page.keyboard.press("Control+Enter");
  await expect(page.getByText("已签收，已告知提案人。")).toBeVisible();

  await page.goto(`/console/work/${id}?scope=assigned`);
  await page.getByRole("button", { name: "开始办理" }).waitFor();
  await page.keyboard.press("e");
  await page.keyboard.press("Control+Enter");
  await expect(page.getByText("已开始办理，提案人可以看到。")).toBeVisible();
  await expect(page.getByRole("button", { name: "开始办理" })).toHaveCount(0);
  await page.keyboard.press("2");
  await page.getByLabel("方式").selectOption("meeting");
  await page.getByLabel("谈了什么").fill("在街道座谈，听取提案人意见。");
  await page.keyboard.press("Control+Enter");
  await expect(page.getByText("单位记录", { exact: true })).toBeVisible();

  await expect(page.getByLabel("谈了什么")).toHaveCount(0); // keys are letters until its form has gone
  await page.getByRole("button", { name: "写答复" }).waitFor();
  await page.keyboard.press("e");
  const editor = page.getByRole("form", { name: "写答复" });
  await editor.getByLabel("答复正文").fill("您的建议收悉。年内新增托育点二十处。");
  await page.keyboard.press("Control+Enter");
  await expect(editor.getByText("请选择办理结果。")).toBeVisible();
  await editor.getByLabel(/正在解决$/).check();
  await editor.getByLabel("建议条数").fill("2");
  await editor.getByLabel("采纳条数").fill("1");
  await editor.getByLabel(/承诺事项/).fill("年内新增托育点二十处");
  await expectDeskAccessible(page);

  await page.context().clearCookies(); // the session ends while somebody writes
  await editor.getByLabel("完成日期").fill(new Date(Date.now() + 60 * DAY).toISOString().slice(0, 10));
  const dialog = page.getByRole("dialog", { name: "请重新登录" });
  const { phone, password } = credentials("承办单位人员");
  await dialog.getByLabel("手机号").fill(phone);
  await dialog.getByLabel("密码").fill(password);
  await dialog.getByRole("button", { name: "登录" }).click();
  await expect(dialog).toBeHidden();
  await expect(editor.getByLabel(/承诺事项/)).toHaveValue("年内新增托育点二十处");
  await expect(editor.getByRole("status")).toHaveText("草稿已保存");
  await page.keyboard.press("Control+Enter");
  await expect(page.getByText(/^答复已提交/)).toBeVisible();

  await all.staff("POST", `${part}/transitions`, { action: "send_back", reason: "请写明点位。" });
  await page.goto(`/console/work/${id}?scope=assigned`);
  await expect(page.getByRole("note")).toContainText("请写明点位。");
  await page.getByRole("button", { name: "写答复" }).waitFor();
  await page.keyboard.press("e");
  await expect(editor.getByLabel("答复正文")).toHaveValue(/二十处/);
  await editor.getByLabel("答复正文").fill("您的建议收悉。年内新增托育点二十处，点位已公布。");
  await page.keyboard.press("Control+Enter");
  await expect(page.getByText(/^答复已提交/)).toBeVisible();

  await all.staff("POST", `${part}/transitions`, { action: "approve_reply" });
  await page.goto(`/console/work/${id}?scope=assigned`);
  await page.getByRole("button", { name: "记进展" }).click();
  await page.getByLabel("已兑现").check();
  await page.getByLabel(/做了什么/).fill("二十处托育点全部开放。");
  await page.keyboard.press("Control+Enter");
  await expect(page.getByText(/^承诺已兑现/)).toBeVisible();
  const { commitments } = await all.unit("GET", `proposals/${id}/handling`);
  expect(commitments[0].state).toBe("kept");
});

test("two officers who write one reply see both texts, and lists, figures and leads open on a phone too", async ({ page }) => {
  await enter(page, "承办单位人员");
  const all = await people(page);
  const { id, part } = await assigned(all, `关于路灯的建议${Date.now()}`);
  for (const action of ["sign", "start_handling"]) await all.unit("POST", `${part}/transitions`, { action });
  await page.setViewportSize({ width: 390, height: 844 });
  await page.goto(`/console/work/${id}?scope=assigned`);
  await page.getByRole("button", { name: "写答复" }).click();
  const editor = page.getByRole("form", { name: "写答复" });
  await editor.getByLabel("答复正文").waitFor();
  await all.unit("PUT", `${part}/reply`, { body: "同事写的。" }, { "If-Match": '"0"' });
  await editor.getByLabel("答复正文").fill("我写的。");
  await expect(page.getByRole("region", { name: "同事保存的" })).toContainText("同事写的。");
  await expectAccessible(page, 24);
  await page.getByRole("button", { name: "留我写的" }).click();
  await expect(editor.getByRole("status")).toHaveText("草稿已保存");
  const { replies } = await all.unit("GET", `proposals/${id}/handling`);
  expect(replies[0].body).toBe("我写的。");

  for (const path of ["commitments?state=open", "deadlines?state=open", "figures", "leads"]) {
    await page.goto(`/console/work/${path}`);
    await expect(page.getByRole("status", { name: "正在加载" })).toHaveCount(0);
    await expectAccessible(page, 24);
  }
  await page.goto("/console/work/figures");
  await page.setViewportSize({ width: 1440, height: 900 });
  await expect(page.locator(".figures b").filter({ hasText: /^0$/ })).toHaveCount(0); // what there is none of stands in one line
  const figure = page.getByRole("link", { name: /承办提案/ });
  const count = Number((await figure.locator("b").textContent())!);
  await figure.click();
  await expect(page.locator("tbody tr:not([aria-hidden])")).toHaveCount(count);
});

test("a leader writes what was seen and comments on a report; others have no such desk", async ({ page, browser }) => {
  await enter(page, "主席会议成员");
  const all = await people(page);
  const leader = await desk(page, "主席会议成员");
  const title = `关于夜间照明的建议${Date.now()}`;
  const { id, part } = await assigned(all, title);
  await all.unit("POST", `${part}/transitions`, { action: "sign" });
  const { account_id } = await leader("GET", "auth/me");
  await all.staff("PUT", `proposals/${id}/key`, { marked: true, reason: "主席会议确定" });
  await all.staff("PUT", `proposals/${id}/supervision`, { supervisor_id: account_id, month: new Date().toISOString().slice(0, 7) });
  await page.goto("/console/supervision");
  await page.getByRole("row", { name: title }).click();
  await page.getByRole("button", { name: "写督办记录" }).waitFor();
  await page.keyboard.press("e");
  await page.getByLabel(/看到的情况/).fill("到幸福路察看，进度符合计划。");
  await expectDeskAccessible(page);
  await page.keyboard.press("Control+Enter");
  await expect(page.getByText(/^督办记录已保存/)).toBeVisible();
  const { inspections } = await leader("GET", `proposals/${id}/handling`);
  expect(inspections[0].body).toBe("到幸福路察看，进度符合计划。");

  await page.getByRole("navigation", { name: "工作台" }).getByRole("link", { name: "批示" }).click();
  await page.waitForURL("**/console/comments**"); // the list before it has buttons of the same name
  await page.getByRole("button", { name: /^打开 / }).first().click();
  await page.getByRole("button", { name: "领导批示" }).waitFor();
  const report = page.url().match(/comments\/(\d+)/)![1];
  const before = (await leader("GET", `opinions/${report}`)).comment_count;
  await page.keyboard.press("e");
  await page.getByLabel(/批示内容/).fill("请有关部门研究。");
  await page.keyboard.press("Control+Enter");
  await expect(page.getByText(/^批示已存/)).toBeVisible();
  expect((await leader("GET", `opinions/${report}`)).comment_count).toBe(before + 1);
  await page.getByRole("button", { name: "撤销 Z" }).click();
  await expect.poll(async () => (await leader("GET", `opinions/${report}`)).comment_count).toBe(before);

  const other = await browser.newPage();
  await enter(other, "系统管理员", "/console/work");
  await expect(other.getByRole("alert")).toBeVisible();
  await expect(other.getByRole("link", { name: /^承办|^督办|^批示/ })).toHaveCount(0);
  await other.close();
});
