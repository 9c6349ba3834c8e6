/** Pictures: none is lost on the way, and each says what becomes of it. */
import { expect, test, type Page } from "@playwright/test";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expectAccessible, login } from "../phone";

const PICTURE = readFileSync(fileURLToPath(new URL("../../public/icons/512.png", import.meta.url)));
const HEIC = readFileSync(fileURLToPath(new URL("../../../../tests/files/photo.heic", import.meta.url)));
const GIF = Buffer.from("R0lGODdhAQABAIAAAP///////ywAAAAAAQABAAACAkQBADs=", "base64");

const png = (name: string) => ({ name, mimeType: "image/png", buffer: PICTURE });

/** Begins an update, with its text written. */
async function begin(page: Page): Promise<string> {
  const text = `走访了三个村，${Date.now()}`;
  await login(page, "委员", "/updates/new");
  await page.getByLabel("内容").fill(text);
  return text;
}

const choose = (page: Page, files: { name: string; mimeType: string; buffer: Buffer }[]) => page.locator("input[type=file]").setInputFiles(files);
const tiles = (page: Page) => page.locator(".picker li");

/** No picture is ready before `goOn`: phones take seconds for a photo. */
async function holdUp(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const { decode } = HTMLImageElement.prototype;
    const released = new Promise((release) => addEventListener("go-on", release, { once: true }));
    HTMLImageElement.prototype.decode = async function () {
      await released;
      return decode.call(this);
    };
  });
}
const goOn = (page: Page) => page.evaluate(() => dispatchEvent(new Event("go-on")));

/** The sizes of the pictures of my newest update, once it has arrived. */
async function published(page: Page, text: string): Promise<number[][]> {
  let sizes: number[][] | undefined;
  await expect
    .poll(async () => {
      const { items } = (await (await page.request.get("/api/v1/updates?limit=8")).json()) as {
        items: { body: string; pictures: { width: number; height: number }[] }[];
      };
      sizes = items.find(({ body }) => body === text)?.pictures.map(({ width, height }) => [width, height]);
      return sizes !== undefined;
    })
    .toBe(true);
  return sizes!;
}

test("publishing waits for the pictures that are still being prepared", async ({ page }) => {
  await holdUp(page);
  const text = await begin(page);
  await choose(page, [png("一.png"), png("二.png"), png("三.png")]);
  await page.getByRole("button", { name: "发布" }).tap();
  await expect(page.getByRole("button", { name: "还有 3 张图片正在处理…" })).toBeVisible();
  await expectAccessible(page);
  await goOn(page);
  await expect(page).toHaveURL("/");
  expect(await published(page, text)).toHaveLength(3);
});

test("who leaves before they are ready is asked", async ({ page }) => {
  await holdUp(page);
  await login(page);
  await page.getByRole("button", { name: "写", exact: true }).tap();
  await page.getByRole("link", { name: /写动态/ }).tap();
  await choose(page, [png("一.png"), png("二.png")]);
  const back = page.getByRole("button", { name: "返回" });
  await back.tap();
  await expect(page.getByText("有 2 张图片还没有处理好")).toBeVisible();
  await page.getByRole("button", { name: "留在这一页" }).tap();
  await goOn(page);
  await expect(page.getByRole("button", { name: "移除第 2 张" })).toBeVisible();
  await back.tap();
  await expect(page).toHaveURL("/");
});

test("a picture that fails says so in its place, and none is left out silently", async ({ page }) => {
  const text = await begin(page);
  await choose(page, [png("一.png"), { name: "坏的.jpg", mimeType: "image/jpeg", buffer: Buffer.from("没有图") }, png("三.png")]);
  await expect(tiles(page).nth(1).getByRole("alert")).toContainText("坏的.jpg");
  await expect(tiles(page).nth(1)).toContainText("打不开");
  await expect(page.getByRole("button", { name: "移除第 3 张" })).toBeVisible();
  await expectAccessible(page);
  await page.getByRole("button", { name: "发布" }).tap();
  await expect(page.getByText("有 1 张图片没有成功，请重试或移除后再提交。")).toBeVisible();
  await expect(page).toHaveURL("/updates/new");
  await page.getByRole("button", { name: "重试第 2 张" }).tap();
  await expect(tiles(page).nth(1).getByRole("alert")).toBeVisible();
  await page.getByRole("button", { name: "移除第 2 张" }).tap();
  await page.getByRole("button", { name: "发布" }).tap();
  await expect(page).toHaveURL("/");
  expect(await published(page, text)).toHaveLength(2);
});

test("HEIC that the browser cannot open is converted; a GIF says that it will not move; a long screenshot stays wide", async ({ page }) => {
  const text = await begin(page);
  const long = await page.evaluate(() => {
    const canvas = Object.assign(document.createElement("canvas"), { width: 1080, height: 6000 });
    const context = canvas.getContext("2d")!;
    for (let y = 0; y < 6000; y += 40) context.fillText("长截图里的小字要看得清楚", 20, y);
    return canvas.toDataURL("image/png").split(",")[1]!;
  });
  await choose(page, [
    { name: "IMG_1.HEIC", mimeType: "image/heic", buffer: HEIC },
    { name: "动.gif", mimeType: "image/gif", buffer: GIF },
    { name: "长截图.png", mimeType: "image/png", buffer: Buffer.from(long, "base64") },
  ]);
  await expect(tiles(page).nth(0)).toContainText("发布后显示");
  await expect(tiles(page).nth(1)).toContainText("动图会以静态图片发布");
  await expect(page.getByRole("button", { name: "移除第 3 张" })).toBeVisible();
  await expectAccessible(page);
  await page.getByRole("button", { name: "发布" }).tap();
  await expect(page).toHaveURL("/");
  expect(await published(page, text)).toEqual([[64, 96], [1, 1], [1080, 6000]]);
  await page.reload();

  const card = page.getByRole("article").filter({ hasText: text });
  await expect(card.getByText("长图")).toBeVisible();
  await card.getByRole("button", { name: /查看第 3 张/ }).tap();
  const shown = page.locator(".van-image-preview__image--long img, .van-image-preview .van-image img").last();
  await expect.poll(async () => Math.round((await shown.boundingBox())?.width ?? 0)).toBe(390);
  await expect.poll(async () => Math.round((await shown.boundingBox())!.y)).toBe(0); // from its beginning
});
