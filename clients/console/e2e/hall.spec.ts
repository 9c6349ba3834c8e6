/** An activity with agenda, papers and seats; members asked by name; the words of the month; groups side by side. */
import { test } from "@playwright/test";
import { desk, loaded } from "../../mobile/e2e/phone";
import { enter, expect, expectDeskAccessible } from "./desk";

test("an activity gets its agenda and papers, seats are given by rule and changed by two clicks", async ({ page }) => {
  const title = `专题协商会 ${Date.now()}`;
  await enter(page, "机关工作人员", "/console/activities");
  await page.keyboard.press("n");
  await page.getByLabel("名称").fill(title);
  await page.getByRole("button", { name: "加一项议程" }).click();
  await page.getByLabel("第 1 项的时间").fill("9:00");
  await page.getByLabel("第 1 项的内容").fill("听取情况介绍");
  await page.getByLabel("第 1 项的发言或报告人").fill("李建国主任");
  await page.getByLabel("上传 Word、PDF").setInputFiles({ name: "情况介绍.txt", mimeType: "text/plain", buffer: Buffer.from("全市缺口三万个。") });
  await expect(page.getByLabel("材料 1 的标题")).toHaveValue("情况介绍");
  await page.getByRole("checkbox").nth(1).check(); // the first sector
  await expectDeskAccessible(page);
  await page.keyboard.press("Control+Enter");
  await expect(page.getByRole("heading", { name: title })).toBeVisible();
  await expect(page.getByRole("region", { name: "议程" })).toContainText("李建国主任");
  await expect(page.getByRole("link", { name: "情况介绍" })).toBeVisible();

  await page.getByRole("link", { name: "座次" }).click();
  await page.getByRole("button", { name: "按规则排座" }).waitFor();
  await page.getByLabel("排数").fill("1");
  await page.getByLabel("前几排手工安排").fill("0");
  await page.getByLabel("每排座位").fill("1");
  await page.getByRole("button", { name: "按规则排座" }).click();
  await expect(page.getByRole("alert")).toContainText("座位不够");
  await page.getByLabel("排数").fill("9");
  await page.getByLabel("每排座位").fill("8");
  await page.getByLabel("过道在第几座之后").fill("4");
  await page.getByRole("button", { name: "按规则排座" }).click();
  const [first, last] = [page.getByRole("button", { name: /^第 1 排 1 座/ }), page.getByRole("button", { name: /^第 9 排 8 座/ })];
  const name = (await first.getAttribute("aria-label"))!.split(" ").at(-1)!;
  await first.click();
  await last.click();
  await expect(last).toHaveAccessibleName(`第 9 排 8 座 ${name}`);
  await expect(first).toHaveAccessibleName("第 1 排 1 座 空");
  await expectDeskAccessible(page);
  const sheet = await page.request.get((await page.getByRole("link", { name: "导出 Excel" }).getAttribute("href"))!);
  expect(sheet.status()).toBe(200);
});

test("of two colleagues who change an activity the second sees both and chooses", async ({ page }) => {
  await enter(page, "机关工作人员", "/console/activities");
  const [colleague, member] = [await desk(page, "机关工作人员"), await desk(page, "委员")];
  const { seat } = await member("GET", "auth/me");
  const [starts_at, ends_at] = [9, 12].map((hours) => new Date(Date.now() + (7 * 24 + hours) * 3_600_000).toISOString());
  const { id, version } = await colleague("POST", "activities", { kind: "research", title: `调研 ${Date.now()}`, starts_at, ends_at, seat_ids: [seat.id] });
  await page.goto(`/console/activities/${id}`);
  await page.getByRole("button", { name: /^修改/ }).click();
  await page.getByLabel("地点").fill("滨江社区");
  await colleague("PATCH", `activities/${id}`, { agenda: [{ time: "9:00", title: "听取情况介绍" }] }, { "If-Match": `"${version}"` });
  await page.keyboard.press("Control+Enter");
  await expect(page.getByRole("region", { name: "我填的" })).toContainText("滨江社区");
  await expect(page.getByRole("region", { name: "同事保存的" })).toContainText("听取情况介绍");
  await expectDeskAccessible(page);
  await page.getByRole("button", { name: "从同事的接着改" }).click();
  await page.getByLabel("地点").fill("滨江社区");
  await page.keyboard.press("Control+Enter");
  await expect(page.getByText(/^已修改/)).toBeVisible();
  const { place, agenda } = await colleague("GET", `activities/${id}`);
  expect([place, agenda.length]).toEqual(["滨江社区", 1]);
});

test("an activity invites a pasted list; who is unknown or named twice is said in place, nothing typed is lost", async ({ page }) => {
  await enter(page, "机关工作人员", "/console/activities");
  const { name } = await (await desk(page, "委员"))("GET", "auth/me");
  await page.keyboard.press("n");
  await page.getByLabel("名称").fill(`座谈会 ${Date.now()}`);
  await page.getByLabel(/^粘贴名单/).fill(`1. ${name}\n${name}\n查无此人`);
  await page.keyboard.press("Control+Enter");
  await expect(page.getByRole("alert")).toContainText("还有没加入的名字");
  await page.getByRole("button", { name: "与名册核对并加入" }).click();
  await expect(page.getByText(/^名单里重复/)).toContainText(name);
  await expect(page.getByText(/^没有加入/)).toContainText("查无此人");
  await expect(page.getByText("共 1 位")).toBeVisible();
  await page.waitForTimeout(500); // the draft is on the disk
  await page.reload();
  await page.keyboard.press("n");
  await expect(page.getByLabel(/^粘贴名单/)).toHaveValue("查无此人");
  await expect(page.getByText("共 1 位")).toBeVisible();
  await page.getByLabel(/^粘贴名单/).fill("");
  await page.keyboard.press("Control+Enter");
  await expect(page.getByText("邀请了 1 位委员")).toBeVisible();
});

test("members are asked to a topic by a pasted list of names", async ({ page }) => {
  await enter(page, "机关工作人员", "/console/topics");
  const member = await desk(page, "委员");
  const { name } = await member("GET", "auth/me");
  await page.keyboard.press("n");
  await page.getByLabel("题目", { exact: true }).fill(`点名议题 ${Date.now()}`);
  await page.getByLabel("想听委员说什么").fill("请谈谈。");
  await page.getByLabel(/^粘贴名单/).fill(`${name}\n无此人`);
  await page.getByRole("button", { name: "与名册核对并加入" }).click();
  await expect(page.getByText("没有加入，请改正后再核对：无此人（名册里没有）")).toBeVisible();
  const choice = page.getByRole("button", { name: new RegExp(`^${name}（`) });
  if (await choice.count()) await choice.first().click();
  await expect(page.getByText("共 1 位")).toBeVisible();
  await expectDeskAccessible(page);
  await page.getByLabel(/^粘贴名单/).fill("");
  await page.keyboard.press("Control+Enter");
  await expect(page.getByText(`请${name}参加`)).toBeVisible();
});

test("a word of the month opens its texts, the groups of a bulletin stand side by side", async ({ page }) => {
  await enter(page, "机关工作人员", "/console/overview");
  await loaded(page);
  const panel = page.getByRole("region", { name: "近一个月热词" });
  const word = panel.getByRole("link").first();
  const count = Number((await word.textContent())!.match(/(\d+) 篇/)![1]);
  await word.click();
  await expect(page.getByRole("table").locator("tr")).toHaveCount(count);
  await expectDeskAccessible(page);

  const { items } = await (await page.request.get("/api/v1/bulletins?state=published")).json();
  await page.goto(`/console/bulletins/${items[0].id}`);
  await page.getByRole("link", { name: "各界别、专委会、参加单位比较" }).click();
  await expect(page.getByRole("table", { name: "各界别的各类履职" }).getByRole("link").first()).toBeVisible();
  await page.getByRole("button", { name: "按专委会" }).click();
  await page.getByRole("table", { name: "各专委会的各类履职" }).waitFor();
  await expectDeskAccessible(page);
});
