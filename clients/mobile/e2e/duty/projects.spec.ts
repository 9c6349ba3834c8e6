/** Deeds for people: a member logs one for a project, also without a network, and it counts when staff confirm it. */
import { expect, test } from "@playwright/test";
import { desk, expectAccessible, login } from "../phone";

test("a deed is logged for my project, also without a network, and counts when it is confirmed", async ({ page, context }) => {
  await login(page, "委员", "/me");
  const { seat } = await (await page.request.get("/api/v1/auth/me")).json();
  const staff = await desk(page, "机关工作人员");
  const title = `白石镇健康行${Date.now()}`;
  const begun = await staff("POST", "projects", { title, campaign: "双助", place: "白石镇", starts_on: "2026-01-05", leader_seat_id: seat.id, targets: { people: 500 } });

  await page.getByRole("link", { name: /办实事/ }).tap();
  await expectAccessible(page);
  await page.getByRole("link").filter({ hasText: title }).tap();
  await expect(page.getByText("惠及群众 500 人次")).toBeVisible();
  await expectAccessible(page);
  await page.getByRole("link", { name: "记一件实事" }).tap();
  await expect(page.getByText(`记入项目“${title}”`)).toBeVisible();
  await page.getByLabel("名称").fill("为老人义诊");
  await page.getByLabel(/惠及群众/).fill("46");
  await expect(page.getByText("草稿已保存")).toBeVisible();
  await expectAccessible(page);
  await context.setOffline(true);
  await page.getByRole("button", { name: "提交" }).tap();
  await expect(page.getByText("联网后自动发出")).toBeVisible();
  await context.setOffline(false);
  await expect(page.getByRole("link").filter({ hasText: "为老人义诊" })).toBeVisible();

  const { items } = await staff("GET", `claims?scope=desk&state=waiting&project_id=${begun.id}`);
  await staff("POST", `claims/${items[0].id}/transitions`, { action: "confirm" }, { "If-Match": `"${items[0].version}"` });
  await page.reload();
  await expect(page.getByText("1 位委员办成 1 件：惠及群众 46 人次")).toBeVisible();
  await expectAccessible(page);
});
