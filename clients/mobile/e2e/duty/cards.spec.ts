import { expect, test, type Page } from "@playwright/test";
import { expectAccessible, login } from "../phone";

const shown = (page: Page) => page.locator("section:not([inert])");

/** Waits until a page has come to rest, and is the one of this place or title. */
async function arrived(page: Page, what: string) {
  await expect(page.getByText(what)).toBeAttached();
  await expect.poll(() => shown(page).evaluate((section) => Math.round(section.getBoundingClientRect().left))).toBe(0);
  await expect(page.getByText(what)).toBeAttached();
}

/** Turns with the button until the page of this title is shown; holds every page on the way against the rules. */
async function turnTo(page: Page, title: string): Promise<number> {
  let turned = 0;
  while (!(await page.getByText(`页：${title}`).count())) {
    await page.waitForTimeout(1500); // what comes up on the page has come up
    await expectAccessible(page);
    const place = await page.getByText(/第 \d+ 页/).textContent();
    await page.getByRole("button", { name: "下一页" }).tap();
    await expect(page.getByText(/第 \d+ 页/)).not.toHaveText(place!);
    turned++;
  }
  return turned;
}

test("my card is two taps away, its poster three", async ({ page }) => {
  await login(page);
  await page.getByRole("navigation", { name: "主要栏目" }).getByRole("link", { name: "我的" }).tap();
  await page.getByRole("link", { name: "履职纪念卡" }).tap();
  await expect(page.getByText(/这一年，履职 \d+ 次/)).toBeVisible();
  await expectAccessible(page);
  await page.getByRole("link", { name: "海报", exact: true }).tap();
  await expect(page.getByRole("img", { name: /海报，右下角有核验二维码/ })).toBeVisible();
  await expectAccessible(page);

  const download = page.waitForEvent("download");
  await page.getByRole("link", { name: "保存图片" }).tap();
  expect((await download).suggestedFilename()).toMatch(/履职数字纪念卡\.png$/);
  const drawn = page.waitForResponse((answer) => answer.url().includes("design=elder") && answer.ok());
  await page.getByRole("button", { name: "大字版" }).tap();
  await drawn;
  await expect(page.getByRole("img", { name: /海报，右下角有核验二维码/ })).toBeVisible();
  await expectAccessible(page);
  await page.reload();
  await expect(page.getByRole("button", { name: "大字版", pressed: true })).toBeVisible();

  await page.getByRole("button", { name: "复制链接" }).tap();
  await expect(page.getByText("链接已复制。")).toBeVisible();

  const proof = page.waitForEvent("popup");
  await page.getByRole("link", { name: "打开核验页面" }).tap();
  await expect((await proof).getByText("出自本平台，尚未颁发")).toBeVisible();
});

test("an issued card says so, gives its signed file, and shows others what its owner chose", async ({ page }) => {
  const year = new Date().getFullYear() - 1;
  await login(page, "委员", "/cards");
  const link = (await page.getByRole("link", { name: `打开${year}年度纪念卡` }).getAttribute("href"))!;
  await page.goto(`${link}#poster`);
  await expect(page.getByText(/已颁发 第 1 版/)).toBeVisible();
  await expect(page.getByRole("img", { name: /海报，右下角有核验二维码/ })).toBeVisible();
  await expectAccessible(page);

  const download = page.waitForEvent("download");
  await page.getByRole("link", { name: "签名文件" }).tap();
  expect((await download).suggestedFilename()).toMatch(/-v1\.json$/);

  const choice = page.getByRole("switch", { name: /扫码的人能看到卡上内容/ });
  await expect(choice).not.toBeChecked();
  await page.getByRole("button", { name: "分享" }).tap(); // a private card asks before it goes out
  await page.getByRole("button", { name: "不公开，只核验真伪" }).tap();
  for (const sections of [null, "履职这一年"]) {
    const opened = page.waitForEvent("popup");
    await page.getByRole("link", { name: "打开核验页面" }).tap();
    const proof = await opened;
    await expect(proof.getByText("真实有效").first()).toBeVisible();
    await expect(proof.getByText("主人尚未公开内容")).toHaveCount(sections ? 0 : 1);
    await expect(proof.getByRole("heading", { name: "履职这一年" })).toHaveCount(sections ? 1 : 0);
    await proof.close();
    const saved = page.waitForResponse((answer) => answer.url().endsWith("/sharing") && answer.ok());
    await choice.tap();
    await saved;
  }
});

test("the story is turned by button and keyboard, and a figure opens what it counts", async ({ page }) => {
  test.slow(); // every page is held against the rules
  await login(page, "委员", "/cards");
  await page.getByRole("link", { name: "翻开纪念卡" }).tap();
  await expect(page).toHaveURL(/\/cards\/\d+\/\d+/);
  const pages = await turnTo(page, "海报");
  expect(pages).toBeGreaterThan(2);
  await expect(page.getByRole("button", { name: "下一页" })).toHaveCount(0);

  await page.keyboard.press("Home");
  await arrived(page, "第 1 页");
  await page.keyboard.press("ArrowRight");
  await arrived(page, "页：活跃的日子");
  await page.keyboard.press("Space");
  await arrived(page, "第 3 页");
  await page.keyboard.press("ArrowLeft");
  await arrived(page, "页：活跃的日子");

  const figure = shown(page).getByRole("button", { name: /^履职天数 \d+ 天，查看明细$/ });
  const days = Number((await figure.getAttribute("aria-label"))!.match(/\d+/)![0]);
  await figure.tap();
  const sheet = page.getByRole("dialog", { name: `履职天数 ${days} 天` });
  await expect(sheet.getByRole("listitem").first()).toBeVisible();
  await expectAccessible(page);
  await page.keyboard.press("Escape");
  await expect(sheet).toBeHidden();

  await page.reload();
  await expect(page.getByText("页：活跃的日子")).toBeAttached();
  await page.keyboard.press("Escape");
  await expect(page).not.toHaveURL(/\/cards\/\d+\/\d+/);
});

test("what fell short is marked as private and nobody else is shown it", async ({ page }) => {
  await login(page, "委员", "/cards");
  const link = (await page.getByRole("link", { name: "翻开纪念卡" }).getAttribute("href"))!;
  await page.goto(`${link}#shortfall`);
  const isShort = (await page.getByText("页：还可以更进一步").count()) > 0;
  if (isShort) await expect(page.getByText("仅自己可见")).toBeVisible();
  await page.context().clearCookies();
  await page.evaluate(() => localStorage.clear());
  await login(page, "新任委员", link);
  await expect(page.getByText("第 1 页")).toBeAttached();
  await expect(page.getByText("仅自己可见")).toHaveCount(0);
  await expect(page.getByRole("button", { name: /查看明细/ })).toHaveCount(0);
});

test("on a small phone nothing stands over the figures of the cover", async ({ page }) => {
  await page.emulateMedia({ reducedMotion: "reduce" });
  await page.setViewportSize({ width: 360, height: 640 });
  await login(page, "委员", "/cards");
  await page.getByRole("link", { name: "翻开纪念卡" }).tap();
  const figures = await shown(page).getByRole("button", { name: /查看明细/ }).all();
  await expect(page.getByRole("button", { name: "往下看" })).toBeVisible();
  const free = (figure: Element) => {
    const { left, top, width, height } = figure.getBoundingClientRect();
    return figure.contains(document.elementFromPoint(left + width / 2, top + height / 2));
  };
  for (const figure of figures.slice(0, 3)) expect(await figure.evaluate(free)).toBe(true);
});

test("reduced motion, elder mode and a small phone leave nothing out of reach", async ({ page }) => {
  await page.emulateMedia({ reducedMotion: "reduce" });
  await page.setViewportSize({ width: 360, height: 640 });
  await page.addInitScript(() => localStorage.setItem("lvyi.elder", "true"));
  await login(page, "委员", "/cards");
  await page.getByRole("link", { name: "翻开纪念卡" }).tap();
  const down = page.getByRole("button", { name: "往下看" });
  await expect(down).toBeVisible();
  for (let tap = 0; tap < 6 && (await down.count()); tap++) {
    await down.tap();
    await page.waitForTimeout(300);
  }
  await expect(shown(page).getByRole("button", { name: /查看明细/ }).last()).toBeInViewport();
  await expectAccessible(page, 48);
});
