import { test, type Page } from "@playwright/test";
import { desk, type Ask } from "../../mobile/e2e/phone";
import { enter, expect, expectDeskAccessible } from "./desk";

const QUEUE = "/console/proposals?scope=visible&waits_for=first_review";

/** Proposals that came in on paper, so that each test has its own. */
async function handIn(page: Page, word: string, count: number): Promise<{ ask: Ask; ids: number[] }> {
  const ask = await desk(page, "机关工作人员（提案科）");
  const { items } = await ask("GET", "seats?limit=1");
  const ids: number[] = [];
  for (let n = 1; n <= count; n++) {
    const body = { seat_id: items[0].id, title: `关于${word}的建议之${n}`, situation: `${word}的情况，第 ${n} 件。`, suggestions: "一、请研究办理。", handed_in_on: new Date().toLocaleDateString("sv") };
    ids.push((await ask("POST", "proposals/entered", body, { "Idempotency-Key": crypto.randomUUID() })).id);
  }
  return { ask, ids };
}
/** A word of this very run: a second one finds what the first has left. */
const own = (word: string) => word + "甲乙丙丁"[test.info().retry * 2 + test.info().repeatEachIndex];
const listed = (page: Page, word: string) => `${QUEUE}&q=${encodeURIComponent(word)}`;

test("five proposals are reviewed by keys alone, at most three for each decision", async ({ page }) => {
  await enter(page, "机关工作人员");
  const word = own("路口遮阳");
  await handIn(page, word, 5);
  await page.route(/proposals\?/, async (route) => {
    await page.waitForTimeout(1500);
    await route.continue();
  });
  await page.goto(listed(page, word));
  await expect(page.getByText("共 5 件")).toBeVisible();
  await page.keyboard.press("Enter"); // before the rows have arrived
  await page.getByRole("table", { name: "提案" }).waitFor();
  await page.unrouteAll({ behavior: "wait" });
  for (let left = 5; left > 0; left--) {
    await expect(page.getByRole("button", { name: /^立案/ })).toBeVisible();
    const opened = page.url();
    await page.keyboard.press("2");
    await expect(page.getByRole("form", { name: "立案" })).toBeVisible();
    await page.keyboard.press("Control+Enter");
    await expect(page.getByText(/编号第 \d+ 号/)).toBeVisible();
    if (left > 1) await expect(page).not.toHaveURL(opened);
    await expect(page.getByText(left > 1 ? `共 ${left - 1} 件` : "这里没有提案")).toBeVisible();
  }
  await page.keyboard.press("z"); // what was filed last comes back
  await expect(page.getByText("共 1 件")).toBeVisible();
  await expectDeskAccessible(page);
});

test("who comes second is told so, keeps what was typed, and sees who else is there", async ({ page }) => {
  await enter(page, "机关工作人员");
  const [seats, path] = [own("街角座椅"), own("河岸步道")];
  const { ask, ids } = await handIn(page, seats, 1);
  await page.goto(listed(page, seats));
  await expect(page.getByText("共 1 件")).toBeVisible();
  await page.keyboard.press("Enter");
  await ask("PUT", "presence", { subject: `proposal:${ids[0]}` });
  await expect(page.getByText(/正在看/).first()).toBeVisible();
  await page.getByRole("button", { name: /^退回修改/ }).click();
  await page.getByLabel(/^说明/).fill("请补充座椅的数量。");
  const decline = { action: "decline", reason_code: "empty", reason: "内容空泛。" };
  await ask("POST", `proposals/${ids[0]}/transitions`, decline, { "Idempotency-Key": crypto.randomUUID() });
  await page.keyboard.press("Control+Enter");
  await expect(page.getByRole("alert")).toContainText("先办了");
  await expect(page.getByLabel(/^说明/)).toHaveValue("请补充座椅的数量。");

  // many at once: each row has its own result, and the rest goes on
  await handIn(page, path, 3);
  await page.goto(listed(page, path));
  await expect(page.getByText("共 3 件")).toBeVisible();
  for (const box of await page.getByRole("checkbox").all()) await box.check();
  await page.getByRole("button", { name: "立案", exact: true }).click();
  await expect(page.getByRole("form", { name: "立案（3 件）" })).toBeVisible();
  await page.keyboard.press("Control+Enter");
  await expect(page.getByText(/办成 3 件，编号第 .* 号/)).toBeVisible();
  await expect(page.getByText("选中 3 件")).toBeVisible();
  await expectDeskAccessible(page);
});

test("a note that was changed elsewhere shows both texts; lists open, and who has no desk sees none", async ({ page, browser }) => {
  await enter(page, "机关工作人员");
  const { ids } = await handIn(page, "雨棚", 1);
  await page.goto(`/console/proposals/${ids[0]}`);
  await page.getByRole("button", { name: "内部备注" }).click();
  await page.getByRole("textbox", { name: "内部备注" }).fill("先问住建局。");
  await page.keyboard.press("Control+Enter");
  await page.getByRole("button", { name: "修改", exact: true }).click();
  const headers = { Origin: new URL(page.url()).origin };
  const note = (await (await page.request.get(`/api/v1/notes?subject=proposal:${ids[0]}`)).json()).items[0];
  await page.request.patch(`/api/v1/notes/${note.id}`, { headers: { ...headers, "If-Match": `"${note.version}"` }, data: { body: "先问城管局。" } });
  await page.getByRole("textbox", { name: "改备注" }).fill("先问住建局和消防。");
  await page.getByRole("button", { name: "保存", exact: true }).click();
  await expect(page.getByText("两份文字都在下面")).toBeVisible();
  await expect(page.locator("mark").first()).toBeVisible();
  await page.getByRole("button", { name: "用我写的" }).click();
  await expect(page.getByText("先问住建局和消防。")).toBeVisible();
  await expectDeskAccessible(page);
  for (const path of ["deadlines?state=overdue", "commitments", "windows", "entry", "rules"]) {
    await page.goto(`/console/proposals/${path}`);
    await expect(page.getByRole("navigation", { name: "队列" })).toBeVisible();
  }
  const other = await (await browser.newContext()).newPage();
  await enter(other, "审计员");
  await expect(other.getByRole("navigation", { name: "工作台" }).getByRole("link", { name: /提案/ })).toHaveCount(0);
});
