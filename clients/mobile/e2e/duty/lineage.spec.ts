/** From a remark to a proposal: whoever takes it up says so, and both sides show the chain. */
import { expect, test } from "@playwright/test";
import { desk, expectAccessible, loaded, login } from "../phone";

test("a proposal is begun from a colleague's remark; both show where it came from and what came of it", async ({ page }) => {
  await login(page, "委员", "/topics");
  const [author, staff] = [await desk(page, "委员"), await desk(page, "机关工作人员")];
  const colleague = await desk(page, "新任委员");
  const { items } = await author("GET", "topics?limit=20");
  const topic = items.find((one: { may: string[] }) => one.may.includes("reply"));
  const words = `老旧小区的管网该先改${Date.now()}`;
  const { id } = await colleague("POST", `threads/${topic.thread_id}/replies`, { body: words });

  await page.goto(`/topics/${topic.id}`);
  const remark = page.locator(`[data-reply="${id}"]`);
  await page.getByRole("button", { name: "最新" }).tap();
  await remark.getByRole("button", { name: "更多" }).tap();
  await expectAccessible(page);
  await page.getByRole("dialog").getByText("由此写提案").tap();
  await page.waitForURL(/\/proposals\/\d+\/edit/);
  const proposal = Number(page.url().match(/\d+(?=\/edit)/)![0]);

  const { version } = await author("GET", `proposals/${proposal}`);
  const text = { title: `关于先改管网的建议${Date.now()}`, situation: "管网老化。", suggestions: "先改管网。" };
  await author("PUT", `proposals/${proposal}`, text, { "If-Match": `"${version}"` });
  await author("POST", `proposals/${proposal}/transitions`, { action: "submit" });
  await staff("POST", `proposals/${proposal}/transitions`, { action: "file" });

  await page.goto(`/proposals/${proposal}`);
  const chain = page.getByRole("region", { name: "来龙去脉" });
  await expect(chain.getByRole("listitem")).toHaveCount(2);
  await expect(chain.getByText("（本页）")).toBeVisible();
  await loaded(page);
  await expectAccessible(page);
  await chain.getByRole("link").first().tap();
  await page.waitForURL(`/replies/${id}`);
  await expect(page.getByRole("paragraph").filter({ hasText: words })).toBeVisible();
  await expect(page.getByRole("region", { name: "来龙去脉" }).getByText(text.title)).toBeVisible();
  await expectAccessible(page);
  await page.goto(`/topics/${topic.id}`);
  await page.getByRole("button", { name: "最新" }).tap();
  await expect(remark.getByText(/由此形成提案/)).toBeVisible();
  await expectAccessible(page);
});
