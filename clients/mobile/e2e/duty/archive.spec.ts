/** The member's own hand in the archive: acts done elsewhere, wrong records, the yearly report. */
import { expect, test, type Page } from "@playwright/test";
import { desk, expectAccessible, loaded, login } from "../phone";

test("an act done elsewhere is claimed in three steps, also without a network, and opens from its record", async ({ page, context }) => {
  await login(page, "委员", "/me");
  await page.getByRole("link", { name: "履职档案" }).tap();
  await page.getByRole("link", { name: /申报履职/ }).tap();
  const title = `在省政协专题协商会上的发言${Date.now()}`;
  await expect(page.getByRole("button", { name: "提交" })).toBeDisabled();
  await page.getByLabel("名称").fill(title);
  await page.getByRole("button", { name: "省级" }).tap();
  await expect(page.getByText("草稿已保存")).toBeVisible();
  await page.reload();
  await expect(page.getByLabel("名称")).toHaveValue(title);
  await page.getByLabel("添加图片").setInputFiles({ name: "证明.jpg", mimeType: "image/jpeg", buffer: await picture(page) });
  await expect(page.getByRole("button", { name: "移除第 1 张" })).toBeVisible();
  await expectAccessible(page);

  await context.setOffline(true);
  await page.getByRole("button", { name: "提交" }).tap();
  await expect(page.getByText("联网后自动发出")).toBeVisible();
  await context.setOffline(false);
  await page.getByRole("link", { name: "我的申报和申诉" }).tap();
  const mine = page.getByRole("link").filter({ hasText: title });
  await expect(mine).toContainText("待确认");
  await expectAccessible(page);

  await mine.tap();
  await page.getByRole("link", { name: "修改" }).tap();
  await page.getByLabel("说明").fill("见会议手册。");
  await expectAccessible(page);
  await page.getByRole("button", { name: "保存" }).tap();
  await expect(page.getByText("见会议手册。")).toBeVisible();

  const staff = await desk(page, "机关工作人员");
  const { items } = await staff("GET", "claims?scope=desk&state=waiting");
  const claim = items.find((one: { title: string }) => one.title === title);
  expect(claim.files).toHaveLength(1);
  await staff("POST", `claims/${claim.id}/transitions`, { action: "confirm" }, { "If-Match": `"${claim.version}"` });

  const { seat } = await (await page.request.get("/api/v1/auth/me")).json();
  await page.goto(`/archive/${seat.id}/records?kind=speech.delivered`);
  await page.getByRole("link").filter({ hasText: title }).tap();
  await page.waitForURL(`/claims/${claim.id}`);
  await expect(page.getByText("已确认")).toBeVisible();
  await expect(page.getByRole("link", { name: /jpg/ })).toBeVisible();
  await expectAccessible(page);

  await page.goto(`/archive/${seat.id}/records?kind=speech.delivered`);
  await page.getByRole("button", { name: "记录有误" }).tap();
  await expectAccessible(page);
  await page.getByRole("link").filter({ hasText: title }).tap();
  await page.getByLabel("这条记录哪里不对").fill("层级应为全国。");
  await expectAccessible(page);
  await page.getByRole("button", { name: "提交" }).tap();
  await expect(page.getByText("处理结果会通知您")).toBeVisible();
  await page.goto("/claims");
  await page.getByRole("link").filter({ hasText: "记录申诉" }).first().tap();
  await page.getByRole("button", { name: "撤回" }).tap();
  await page.getByRole("dialog").getByRole("button", { name: "撤回" }).tap();
  await expect(page.getByText("已撤回", { exact: true }).first()).toBeVisible();
});

test("the yearly report opens what it counts and leaves as a document", async ({ page }) => {
  await login(page, "委员", "/me");
  await page.getByRole("link", { name: "履职档案" }).tap();
  await page.getByRole("link", { name: /年度履职报告/ }).tap();
  await loaded(page);
  await expect(page.getByRole("heading", { name: /履职情况，共 \d+ 条/ })).toBeVisible();
  await expectAccessible(page);
  const words = page.getByLabel("学习情况");
  if (await words.count()) {
    await words.fill("参加集中学习十二次。");
    await expect(page.getByText("草稿已保存")).toBeVisible();
    await page.reload();
    await expect(words).toHaveValue("参加集中学习十二次。");
  }
  const href = await page.getByRole("link", { name: /导出 PDF/ }).getAttribute("href");
  const answer = await page.request.get(href!);
  expect(answer.headers()["content-type"]).toBe("application/pdf");
});

/** A picture as the camera would give it, drawn by the browser. */
async function picture(page: Page): Promise<Buffer> {
  const data = await page.evaluate(() => {
    const canvas = Object.assign(document.createElement("canvas"), { width: 64, height: 48 });
    canvas.getContext("2d")!.fillRect(0, 0, 64, 48);
    return canvas.toDataURL("image/jpeg").split(",")[1]!;
  });
  return Buffer.from(data, "base64");
}

test("a form that was opened by a link says faults in Chinese and leads to its list", async ({ page }) => {
  await login(page, "委员", "/me");
  await page.goto("/claims/new");
  await page.getByLabel("名称").fill(`区里的宣讲${Date.now()}`);
  await page.getByLabel("哪一天").fill("2099-01-01");
  await page.getByRole("button", { name: "提交" }).tap();
  await expect(page.getByText("日期不能晚于今天。")).toBeVisible();
  await expect(page.getByLabel("哪一天")).toBeFocused();
  await page.getByLabel("哪一天").fill("2026-01-05");
  await page.getByRole("button", { name: "提交" }).tap();
  await page.waitForURL("/claims");
});
