/** Speeches: a member answers a call, also without a network, revises what came back, and reads what was chosen. */
import { expect, test } from "@playwright/test";
import { desk, expectAccessible, login } from "../phone";

test("a speech is handed in without a network, revised after its return, and chosen", async ({ page, context }) => {
  await login(page, "委员", "/me");
  const staff = await desk(page, "机关工作人员");
  const name = `大会发言征集${Date.now()}`;
  const call = await staff("POST", "speech-calls", { name, body: "请围绕中心工作选题。", closes_on: "2999-12-31" });

  await page.getByRole("link", { name: /大会发言/ }).tap();
  await expectAccessible(page);
  await page.getByRole("link").filter({ hasText: name }).tap();
  await expect(page.getByText("发言稿最多 2000 字")).toBeVisible();
  await expectAccessible(page);
  await page.getByRole("link", { name: "写发言稿" }).tap();
  await page.getByLabel("题目").fill("以职业教育服务转型");
  await page.getByLabel(/发言稿/).fill("建议三条。");
  await expect(page.getByText("草稿已保存")).toBeVisible();
  await expectAccessible(page);
  await context.setOffline(true);
  await page.getByRole("button", { name: "提交" }).tap();
  await expect(page.getByText("联网后自动发出")).toBeVisible();
  await context.setOffline(false);
  await expect(page.getByRole("link").filter({ hasText: "以职业教育服务转型" })).toBeVisible();

  const seen = async () => (await staff("GET", `speeches?call_id=${call.id}`)).items[0];
  const decide = async (body: object) => {
    const { id, version } = await seen();
    await staff("POST", `speeches/${id}/transitions`, body, { "If-Match": `"${version}"` });
  };
  await decide({ action: "return", reason: "请补充数据" });
  await page.getByRole("link").filter({ hasText: "以职业教育服务转型" }).tap();
  await expect(page.getByText("请补充数据")).toBeVisible();
  await page.getByRole("button", { name: "修改发言稿" }).tap();
  await page.getByLabel(/发言稿/).fill("建议三条，附数据。");
  await expectAccessible(page);
  await page.getByRole("button", { name: "保存修改" }).tap();
  await expect(page.getByText("建议三条，附数据。")).toBeVisible();
  await page.getByRole("button", { name: "重新提交" }).tap();
  await expect(page.getByText("待遴选").first()).toBeVisible();
  await decide({ action: "oral" });
  await page.reload();
  await expect(page.getByText("选为口头发言")).toBeVisible();
  await expectAccessible(page);
});
