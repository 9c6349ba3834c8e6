import { expect, test, type Page } from "@playwright/test";
import { expectAccessible, loaded, login, unfold } from "../phone";

interface Paper {
  id: number;
  title: string;
  source: string;
  outcome: string;
  path: string | null;
}

/** An earlier proposal that was imported, once the worker has indexed it. */
async function earlier(page: Page): Promise<Paper & { body: string }> {
  const ask = async (path: string) => (await page.request.get(`/api/v1/library/${path}`)).json();
  let found: Paper | undefined;
  let list = await ask("documents?kind=proposal&limit=100");
  while (!(found = (list.items as Paper[]).find(({ path }) => !path))) {
    list = await ask(`documents?kind=proposal&limit=100&cursor=${list.next}`);
  }
  const { id, title } = found;
  const isIndexed = async () => (await ask(`documents?q=${encodeURIComponent(title)}&limit=100`)).items.length > 0;
  await expect.poll(isIndexed, { timeout: 60_000 }).toBe(true);
  return ask(`documents/${id}`);
}

test("while a proposal is typed earlier cases with their outcome are at hand, and nothing of it is lost", async ({ page, context }) => {
  await login(page, "委员", "/proposals/new");
  const paper = await earlier(page);
  const title = page.getByLabel("案由", { exact: true });
  const strip = page.getByRole("button", { name: /相似的往年提案 \d+ 件/ });
  const place = async () => (await title.boundingBox())!.y;
  const before = await place();
  await title.fill(paper.title);
  await expect(strip).toBeVisible();
  expect(await place()).toBe(before); // nothing moves under the finger
  await expectAccessible(page);

  await strip.tap();
  const sheet = page.getByRole("dialog", { name: "相似的往年提案" });
  const first = sheet.getByRole("link", { name: paper.title }).filter({ hasText: paper.source });
  await expect(first).toContainText("几乎相同");
  await expect(first).toContainText("答复");
  await expectAccessible(page);
  await first.tap();
  await page.waitForURL(`/library/${paper.id}`);
  await expect(page.getByRole("heading", { name: paper.title })).toBeVisible();
  await expect(page.getByText(paper.outcome)).toBeVisible();
  await expectAccessible(page);
  await page.getByRole("button", { name: "返回" }).tap();
  await expect(title).toHaveValue(paper.title);

  await title.fill("");
  await expect(strip).toBeHidden();
  await context.setOffline(true);
  await title.fill(paper.title);
  await page.waitForTimeout(1_500);
  await expect(strip).toBeHidden();
  await context.setOffline(false);
  await expect(strip).toBeVisible();
});

test("the library is searched by words, and each of its states looks like what it is", async ({ page, context }) => {
  await login(page, "委员", "/me");
  const paper = await earlier(page);
  await unfold(page);
  await page.getByRole("link", { name: /资料库/ }).tap();
  await page.waitForURL("/library");
  await expect(page.getByRole("link", { name: /提案/ }).first()).toBeVisible();
  await expectAccessible(page);

  const words = page.getByLabel("标题和正文里的字");
  await words.fill(paper.body.match(/\p{Script=Han}{8}/u)![0]);
  await expect(page.getByRole("link", { name: paper.title }).first()).toBeVisible();
  await expect(page.getByText("已经到底了")).toBeVisible();
  await words.fill("犇骉羴鱻");
  await expect(page.getByText("没有找到")).toBeVisible();
  await expectAccessible(page);
  await page.reload();
  await loaded(page);
  await expect(words).toHaveValue("犇骉羴鱻");
  await words.fill("");
  await page.getByRole("button", { name: "政策文件" }).tap();
  await expect(page.getByText("还没有这一类资料。")).toBeVisible();

  await context.setOffline(true);
  await page.getByRole("button", { name: "提案", exact: true }).tap();
  await expect(page.getByText("现在没有网络", { exact: false }).last()).toBeVisible();
  await context.setOffline(false);
  await page.goto("/library/999999");
  await expect(page.getByRole("alert")).toBeVisible();
  await expectAccessible(page);
});
