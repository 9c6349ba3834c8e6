/** How a proposal is handled, as its author and a leader see it; the secretariat and a unit work through the API. */
import { expect, test, type Page } from "@playwright/test";
import { desk, expectAccessible, keeps, loaded, login, unfold } from "../phone";

const TEXT = { situation: "三个社区只有两处托育点。", suggestions: "一、利用闲置用房。二、给予运营补贴。" };
const REPLY = {
  body: "您的建议收悉。年内新增托育点二十处，并公布点位。",
  result_class: "under_way",
  asked: 2,
  adopted: 1,
  commitment: "年内新增托育点二十处",
  contact: "基教科 0551-1234567",
};

/** A proposal of the member's that a unit handles; gives its id and the unit's part. */
async function assigned(page: Page, title: string): Promise<{ id: number; part: string }> {
  const [author, staff] = [await desk(page, "委员"), await desk(page, "机关工作人员")];
  const unit = await desk(page, "承办单位人员");
  const { id } = await author("POST", "proposals", { ...TEXT, title });
  await author("POST", `proposals/${id}/transitions`, { action: "submit" });
  await staff("POST", `proposals/${id}/transitions`, { action: "file" });
  const units = [{ unit_id: (await unit("GET", "auth/me")).unit.id, role: "lead" }];
  await staff("POST", `proposals/${id}/transitions`, { action: "assign", units });
  const { assignments } = await staff("GET", `proposals/${id}/handling`);
  const part = `proposals/${id}/assignments/${assignments[0].id}`;
  for (const action of ["sign", "start_handling"]) await unit("POST", `${part}/transitions`, { action });
  return { id, part };
}

/** Talks with the author and replies, with a promise. */
async function answer(page: Page, part: string): Promise<void> {
  const [staff, unit] = [await desk(page, "机关工作人员"), await desk(page, "承办单位人员")];
  const day = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
  const talk = { phase: "during", form: "meeting", held_on: day(-1), minutes: "在街道座谈，听取提案人意见。" };
  await unit("POST", `${part}/consultations`, talk);
  await unit("PUT", `${part}/reply`, { ...REPLY, commitment_due_on: day(60) }, { "If-Match": '"0"' });
  await unit("POST", `${part}/transitions`, { action: "submit_reply" });
  await staff("POST", `${part}/transitions`, { action: "approve_reply" });
}

const grade = (page: Page, of: string, words: string) =>
  page.getByRole("group", { name: of }).getByText(words, { exact: true });

test("a reply is read and rated without a network; the rating is sent once and reaches whom it should", async ({ page, context }) => {
  await login(page, "委员", "/proposals?scope=to_rate");
  await keeps(page);
  const title = `关于增设托育点的建议${Date.now()}`;
  const { id, part } = await assigned(page, title);
  await answer(page, part);
  await page.reload();
  await page.getByRole("link", { name: title }).tap();
  await page.waitForURL(`/proposals/${id}`);
  await expect(page.getByRole("heading", { name: "请您评价办理" })).toBeVisible();
  await expect(page.getByText("B 类 · 正在解决")).toBeVisible();
  await expect(page.getByText("在街道座谈，听取提案人意见。")).toBeVisible();
  await expect(page.getByText("兑现中")).toBeVisible();
  await page.getByText("看已完成的").tap();
  await page.getByText("答复提案人").tap();
  await expect(page.getByText(/到期：自.*3个月/)).toBeVisible();
  await expectAccessible(page);

  await page.getByRole("link", { name: /^评价/ }).tap();
  await grade(page, "办理态度", "满意").tap();
  await grade(page, "办理结果", "不满意").tap();
  await page.getByRole("button", { name: "提交评价" }).tap();
  await expect(page.getByRole("alert")).toContainText("请写明哪里不满意");
  await expectAccessible(page);
  await grade(page, "办理结果", "基本满意").tap();
  await page.getByLabel(/承办单位可见/).fill("盼早日建成。");
  await page.getByLabel(/只对政协机关说/).fill("进度偏慢。");
  await expectAccessible(page);
  await expect(page.getByText("草稿已保存")).toBeVisible();
  await page.reload();
  await expect(page.getByLabel(/承办单位可见/)).toHaveValue("盼早日建成。");
  await expect(page.getByRole("radio", { name: "基本满意", checked: true })).toHaveCount(1);

  await context.setOffline(true);
  await page.getByRole("button", { name: "提交评价" }).tap();
  await expect(page.getByText("已保存，联网后自动发出。")).toBeVisible();
  await expect(page.getByText(/待发送，联网后自动发出/)).toBeVisible();
  await context.setOffline(false);
  await expect(page.getByRole("heading", { name: "请您评价办理" })).toHaveCount(0);
  await expect(page.getByText("仅政协机关可见")).toBeVisible();
  await expect(page.getByText("评价办理", { exact: true })).toHaveCount(1); // one step of the track
  const unit = await (await desk(page, "承办单位人员"))("GET", `proposals/${id}/handling`);
  expect(unit.ratings).toEqual([]); // until the proposal is closed
  const { ratings } = await (await desk(page, "机关工作人员"))("GET", `proposals/${id}/handling`);
  const { attitude, result, remark, private_remark } = ratings[0];
  expect([attitude, result, remark, private_remark]).toEqual(["satisfied", "basically", "盼早日建成。", "进度偏慢。"]);

  for (const path of ["/proposals?scope=filed&key=1&result=under_way", "/proposals/commitments"]) {
    await page.goto(path);
    await loaded(page);
    await expectAccessible(page);
  }
});

test("a dispute about a talk that waits for a network stands at the talk", async ({ page, context }) => {
  await login(page);
  await keeps(page);
  const { id, part } = await assigned(page, `关于错峰停车的建议${Date.now()}`);
  const unit = await desk(page, "承办单位人员");
  const held_on = new Date(Date.now() - 86_400_000).toISOString().slice(0, 10);
  await unit("POST", `${part}/consultations`, { phase: "during", form: "meeting", held_on, minutes: "当面听取意见。" });
  await page.goto(`/proposals/${id}`);
  await page.getByRole("link", { name: "有异议" }).tap();
  await page.getByLabel(/哪里不符/).fill("当天没有见面。");
  await context.setOffline(true);
  await page.getByRole("button", { name: "提出异议" }).tap();
  await expect(page.getByText("我的异议：当天没有见面。")).toBeVisible();
  await expect(page.getByText("待发送")).toBeVisible();
  await expect(page.getByRole("link", { name: "有异议" })).toHaveCount(0);
  await expectAccessible(page);
  await context.setOffline(false);
  await expect(page.getByText("提案人：当天没有见面。")).toBeVisible();
  await expect(page.getByText("待发送")).toHaveCount(0);
});

test("a leader finds the proposals under their supervision and writes what they saw", async ({ page, context }) => {
  await login(page, "主席会议成员", "/me");
  await keeps(page);
  const title = `关于整治夜间照明的建议${Date.now()}`;
  const { id } = await assigned(page, title);
  const [staff, leader] = [await desk(page, "机关工作人员"), await desk(page, "主席会议成员")];
  const { account_id } = await leader("GET", "auth/me");
  const month = new Date().toISOString().slice(0, 7);
  await staff("PUT", `proposals/${id}/key`, { marked: true, reason: "主席会议确定" });
  await staff("PUT", `proposals/${id}/supervision`, { supervisor_id: account_id, month });

  await page.getByRole("link", { name: "我督办的提案" }).tap();
  await page.getByLabel("督办月").selectOption(`${month}-01`);
  await expectAccessible(page);
  await page.getByRole("link", { name: title }).tap();
  await expect(page.getByRole("heading", { name: "领导督办" })).toBeVisible();
  await page.getByText("答复提案人").tap();
  await expect(page.getByText(/还有\d+个工作日/).first()).toBeVisible();
  await expectAccessible(page);
  await page.getByRole("link", { name: "写督办记录" }).tap();
  await page.getByLabel("看到的情况和意见").fill("到幸福路察看，进度符合计划。");
  await expect(page.getByText("草稿已保存")).toBeVisible();
  await page.reload();
  await expect(page.getByLabel("看到的情况和意见")).toHaveValue("到幸福路察看，进度符合计划。");
  await expectAccessible(page);
  await context.setOffline(true);
  await page.getByRole("button", { name: "保存" }).tap();
  await page.waitForURL(`/proposals/${id}`);
  await expect(page.getByText("到幸福路察看，进度符合计划。")).toBeVisible();
  await expect(page.getByText("待发送")).toBeVisible();
  await context.setOffline(false);
  await expect(page.getByText("待发送")).toHaveCount(0);
  await expect(page.getByText("到幸福路察看，进度符合计划。")).toHaveCount(1);

  await page.goto("/proposals/deadlines");
  await page.getByRole("button", { name: "未到期" }).tap();
  await expect(page.getByText(/还有\d+个工作日/).first()).toBeVisible();
  await expectAccessible(page);
});

test("units stand side by side, and every figure opens exactly its proposals", async ({ page }) => {
  await login(page, "主席会议成员", "/me");
  await unfold(page);
  await page.getByRole("link", { name: "承办单位" }).tap();
  await expect(page.getByText(/全部单位 [\d.]+%/)).toBeVisible();
  await page.getByRole("button", { name: "结果" }).tap();
  await expect(page.getByText(/其中结果基本满意 [\d.]+%/).first()).toBeVisible();
  await expectAccessible(page);
  await page.getByRole("listitem").first().getByRole("link").tap();
  await page.waitForURL(/\/units\/\d+$/);
  await expect(page.getByText(/÷/).first()).toBeVisible();
  await expectAccessible(page);
  const figure = page.getByRole("link", { name: /^主办、分办/ });
  const count = Number((await figure.textContent())!.match(/\d+/)![0]);
  await figure.tap();
  await page.waitForURL(/\/proposals\?figure=answering/);
  await expect(page.getByText("已经到底了")).toBeVisible();
  await expect(page.getByRole("listitem")).toHaveCount(count);
  await expectAccessible(page);
});
