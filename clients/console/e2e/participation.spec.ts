/** Deliberation, activities, the heat board and the overview, as the secretariat and leaders work with them. */
import { test } from "@playwright/test";
import { credentials, desk, loaded } from "../../mobile/e2e/phone";
import { enter, expect, expectDeskAccessible } from "./desk";

test("a topic goes from draft to published outcome while members speak", async ({ page }) => {
  const title = `老旧小区停车怎么办 ${Date.now()}`;
  await enter(page, "机关工作人员", "/console/topics");
  await loaded(page);
  await page.keyboard.press("n");
  await page.getByLabel("题目", { exact: true }).fill(title);
  await page.getByLabel("想听委员说什么").fill("停车难，难在哪里？请委员谈谈办法。");
  await page.getByLabel("开始", { exact: true }).fill("2026-01-05T09:00");
  await page.getByLabel("截止", { exact: true }).fill("2030-01-05T18:00");
  await page.getByRole("button", { name: "粘贴一份材料" }).click();
  await page.getByLabel("材料 1 的标题").fill("停车位普查");
  await page.getByLabel("正文，可以直接粘贴").fill("全市缺口三万个。");
  await expectDeskAccessible(page);
  await page.keyboard.press("Control+Enter");
  await expect(page.getByRole("heading", { name: title })).toBeVisible();
  await page.getByText("停车位普查").click();
  await expect(page.getByText("全市缺口三万个。")).toBeVisible();
  await page.getByRole("heading", { name: title }).click();
  await page.keyboard.press("e");
  await page.getByRole("form", { name: "发布议题" }).waitFor();
  await page.keyboard.press("Control+Enter");
  await expect(page.getByText("进行中").first()).toBeVisible();

  const member = await desk(page, "委员");
  const topic = await member("GET", `topics/${page.url().match(/topics\/(\d+)/)![1]}`);
  await member("POST", `threads/${topic.thread_id}/replies`, { body: "建议错时共享机关车位。" });
  await expect(page.getByText("建议错时共享机关车位。")).toBeVisible();
  await expect(page.getByText("1 位委员发言")).toBeVisible();

  await page.getByRole("button", { name: /^隐藏/ }).click();
  await page.getByLabel("说明（必填）").fill("请补充依据。");
  await page.keyboard.press("Control+Enter");
  await page.getByRole("button", { name: /^恢复显示 .*的意见$/ }).click();

  await page.getByRole("button", { name: /^提前结束/ }).click();
  await page.getByLabel("说明（必填）").fill("意见已经集中。");
  await page.keyboard.press("Control+Enter");
  await page.getByRole("button", { name: /^写成果/ }).click();
  await page.getByRole("textbox", { name: "成果" }).fill("采纳错时共享的建议。");
  await page.getByRole("checkbox", { name: /^引用/ }).check();
  await page.getByRole("button", { name: "引用选中的 1 条" }).click();
  await page.keyboard.press("Control+Enter");
  await expect(page.getByText("已公布成果").first()).toBeVisible();
  expect((await member("GET", `topics/${topic.id}`)).report).toContain("“建议错时共享机关车位。”");
});

test("a roll is called by keys alone, and a mistake is taken back", async ({ page }) => {
  await enter(page, "机关工作人员", "/console/activities?when=past");
  await page.getByRole("button", { name: /^打开 / }).first().waitFor();
  await page.keyboard.press("Enter");
  const list = page.getByRole("region", { name: "出席名单" });
  await expect(list.getByRole("listitem").first()).toBeVisible();
  await page.keyboard.press("e");
  const [first, second] = [list.getByRole("listitem").nth(0), list.getByRole("listitem").nth(1)];
  const before = await first.locator(".tag").textContent();
  const mark = before === "缺席" ? { key: "1", label: "出席" } : { key: "3", label: "缺席" };
  await page.keyboard.press(mark.key);
  await expect(first.locator(".tag")).toHaveText(new RegExp(`${mark.label}$`)); // 出席 or 已出席
  await expect(second).toHaveAttribute("aria-current", "true");
  await page.getByRole("button", { name: "撤销" }).waitFor();
  await page.keyboard.press("z");
  await expect(first.locator(".tag")).toHaveText(new RegExp(`${before!.replace(/^已/, "")}$`));
  await expectDeskAccessible(page);
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "照此再建" }).click();
  await expect(page.getByLabel("邀请上次受邀的委员")).toBeChecked();
});

test("the code on the wall changes by itself, also without a connection", async ({ page, context }) => {
  await enter(page, "机关工作人员", "/console/activities?when=upcoming");
  const { items } = await (await page.request.get("/api/v1/activities?when=upcoming&limit=1")).json();
  const path = `/api/v1/activities/${items[0].id}/sign-in-codes`;
  await page.clock.install();
  await page.goto(`/console/wall/sign-in/${items[0].id}`);
  const section = page.getByRole("region", { name: "签到码" });
  const code = section.locator(".code");
  await expect(code).toHaveText(/^[0-9A-Z]{6}$/);
  const { codes } = await (await page.request.get(path)).json();
  expect(codes.slice(0, 2).map((one: { code: string }) => one.code)).toContain(await code.textContent());
  await expect(section.getByRole("img")).toHaveJSProperty("complete", true);
  expect(await section.getByRole("img").evaluate((image: HTMLImageElement) => image.naturalWidth)).toBeGreaterThan(0);
  expect(await page.evaluate(() => document.documentElement.scrollHeight <= innerHeight)).toBe(true);
  await expectDeskAccessible(page);
  await context.setOffline(true);
  const before = await code.textContent();
  await page.clock.fastForward(65_000);
  await expect(code).not.toHaveText(before!);
  await page.clock.fastForward(600_000);
  await expect(page.getByRole("alert")).toContainText("签到码停止更新");
  await context.setOffline(false);
  await page.clock.fastForward(60_000);
  await expect(code).toBeVisible();
});

test("leaders see the heat board and the overview, the wall renews itself, units see neither", async ({ page, browser }) => {
  await enter(page, "主席会议成员", "/console/heat");
  await page.getByRole("button", { name: /^打开 / }).first().waitFor();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("table", { name: "热力明细" })).toBeVisible();
  await expectDeskAccessible(page);
  await page.goto("/console/overview");
  const months = page.getByRole("region", { name: "各月履职" });
  await months.getByRole("button", { name: "看表" }).click();
  await expectDeskAccessible(page);
  await months.getByRole("link").last().click();
  await expect(page.getByRole("table", { name: "参与的委员" })).toBeVisible();
  await page.clock.install();
  await page.goto("/console/wall/heat");
  const updated = page.locator("[data-updated]");
  const at = (await updated.getAttribute("data-updated"))!;
  expect(await page.evaluate(() => document.documentElement.scrollHeight <= innerHeight)).toBe(true);
  await expectDeskAccessible(page);
  await page.clock.fastForward(60_000);
  await expect(updated).not.toHaveAttribute("data-updated", at);

  const other = await browser.newPage();
  await enter(other, "承办单位人员");
  await expect(other.getByRole("link", { name: "驾驶舱" })).toHaveCount(0);
  await expect(other.getByRole("link", { name: "网络议政" })).toHaveCount(0);
});

test("every figure of adoption opens exactly the suggestions that it counts", async ({ page }) => {
  await enter(page, "机关工作人员", "/console/findings/figures?by=unit");
  const table = page.getByRole("table", { name: "采纳情况", exact: true });
  await table.getByRole("row", { name: /合计/ }).waitFor();
  await expectDeskAccessible(page);
  for (const [row, column] of [[1, 0], [-1, 1], [-1, 2]] as const) {
    const figure = table.getByRole("row").nth(row).getByRole("link").nth(column);
    const count = Number(await figure.textContent());
    await figure.click();
    await expect(page.getByText(`共 ${count} 条，已到最后`)).toBeVisible();
    await page.goBack();
    await table.waitFor();
  }
});

test("a company's problem is registered, assigned with its day, and counted", async ({ page }) => {
  const title = `贷款难${Date.now()}`;
  await enter(page, "机关工作人员", "/console/cases?new=1");
  await page.getByRole("textbox", { name: /企业名称/ }).fill("滨江机械厂");
  await page.getByRole("combobox", { name: /问题类别/ }).selectOption("finance");
  await page.getByRole("textbox", { name: /企业联系人/ }).fill("王厂长");
  await page.getByRole("textbox", { name: /题目/ }).last().fill(title);
  await page.getByRole("textbox", { name: /^内容/ }).fill("抵押物不足。");
  await page.keyboard.press("Control+Enter");
  await expect(page.getByText("联系人：王厂长")).toBeVisible();
  await page.getByRole("button", { name: /^受理/ }).click();
  await page.keyboard.press("Control+Enter");
  await expect(page.getByText("已办理，现为“已受理”。")).toBeVisible();
  await page.goto("/console/cases");
  await page.getByText(title).first().click();
  await page.getByRole("button", { name: /^交办/ }).first().click();
  await page.getByRole("combobox", { name: /办理单位/ }).last().selectOption({ index: 1 });
  await expectDeskAccessible(page);
  await page.keyboard.press("Control+Enter");
  await expect(page.getByText("已办理，现为“办理中”。")).toBeVisible();
  await page.goto("/console/cases/figures?by=problem_class");
  const figure = page.getByRole("row", { name: /融资/ }).getByRole("link").first();
  await figure.waitFor();
  await expectDeskAccessible(page);
  await figure.click();
  await expect(page.getByText(title).first()).toBeVisible();
});

test("the office sets whom a member looks after, and sees who was not visited", async ({ page }) => {
  const { name } = credentials("委员");
  const company = `沿江食品厂${Date.now()}`;
  await enter(page, "机关工作人员", "/console/contacts?new=1");
  await page.getByRole("combobox", { name: /联系委员/ }).fill(name);
  await page.getByRole("option", { name: new RegExp(name) }).first().click();
  await page.getByRole("textbox", { name: /名称/ }).last().fill(company);
  await page.getByRole("textbox", { name: /地点/ }).fill("滨江街道");
  await expectDeskAccessible(page);
  await page.keyboard.press("Control+Enter");
  await expect(page.getByRole("heading", { name: `${name}联系${company}` })).toBeVisible();
  await expect(page.getByText("今年还没有走访", { exact: true })).toBeVisible();
  await page.goto("/console/contacts/coverage");
  const figure = page.getByRole("row", { name: new RegExp(name) }).getByRole("link").last();
  await figure.waitFor();
  await expectDeskAccessible(page);
  await figure.click();
  await expect(page.getByText(company).first()).toBeVisible();
});

test("members join a group by a pasted list, and leave on a day", async ({ page }) => {
  const { name } = credentials("委员");
  const group = `服务团${Date.now()}`;
  await enter(page, "机关工作人员", "/console/members/bodies");
  await page.getByRole("button", { name: "增加参加单位" }).click();
  await page.getByRole("combobox", { name: /类别/ }).selectOption("service");
  await page.getByLabel(/名称/).fill(group);
  await page.keyboard.press("Control+Enter");
  await page.getByRole("button", { name: "加入成员" }).click();
  await page.getByLabel(/粘贴名单/).fill(`${name}\n无名氏`);
  await page.getByRole("button", { name: "与名册核对并加入" }).click();
  await expect(page.getByText("没有加入，请改正后再核对：无名氏")).toBeVisible();
  await expectDeskAccessible(page);
  await page.keyboard.press("Escape"); // put aside: the list is still there
  await page.getByRole("button", { name: "加入成员" }).click();
  await expect(page.getByLabel(/粘贴名单/)).toHaveValue("无名氏");
  await page.getByLabel(/粘贴名单/).fill("");
  await page.keyboard.press("Control+Enter");
  const members = page.getByRole("table", { name: "成员" });
  await expect(members).toContainText(name);

  await members.getByRole("button", { name: "改日期、离开" }).click();
  await page.getByLabel(/从哪天起/).fill("2026-01-01");
  await page.getByLabel(/到哪天为止/).fill("2026-02-01");
  await page.keyboard.press("Control+Enter");
  await expect(page.getByText("还没有登记。")).toBeVisible();

  await page.keyboard.press("Escape");
  await page.getByRole("searchbox", { name: "查找" }).fill(group);
  await expect(page.getByRole("button", { name: /^打开 / })).toHaveCount(1);
  await page.getByRole("button", { name: `打开 ${group}` }).click();
  await page.getByRole("button", { name: "品牌和年度履职" }).click();
  await page.getByRole("button", { name: "填写品牌" }).click();
  await page.getByLabel("品牌名称").fill("送技术进企业");
  await page.keyboard.press("Control+Enter");
  await expect(page.getByText("送技术进企业")).toBeVisible();
  await expectDeskAccessible(page);
  const figures = page.getByRole("table", { name: "年度履职" });
  const figure = figures.getByRole("link", { name: /^成员履职 / });
  if (await figure.count()) {
    const count = Number(await figure.textContent());
    await figure.click();
    await expect(page.getByRole("row")).toHaveCount(Math.min(count, 100));
  }
});
