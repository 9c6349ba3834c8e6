/**
 * Types without a pause and kills the page at a random moment: what is lost was typed in the last 300 ms.
 * `npm run crash -- 200` does so 200 times; among the other tests it is done 6 times.
 */
import { expect, test, type BrowserContext, type Page } from "@playwright/test";
import { login } from "../phone";

const TIMES = Number(process.env.LVYI_CRASHES ?? 6);
/** What may be lost, and by how much the clock of this measuring may be wrong on a busy machine. */
const LOST_MS = 300;
const TOLERANCE_MS = 150;

test.setTimeout(120_000 + TIMES * 20_000);

/** Types a letter every few milliseconds as a keyboard does, and notes when each was in the field. */
async function typeAndNote(page: Page, every: number): Promise<void> {
  await page.evaluate((pause) => {
    const field = document.querySelector<HTMLTextAreaElement>("form textarea")!;
    const log = ((window as unknown as { typed: number[] }).typed = [] as number[]);
    setInterval(() => {
      field.value += String.fromCharCode(0x4e00 + (log.length % 5000));
      field.dispatchEvent(new InputEvent("input", { bubbles: true }));
      log.push(Date.now());
    }, pause);
  }, every);
}

async function die(page: Page, context: BrowserContext, how: "crash" | "reload"): Promise<Page> {
  if (how === "reload") {
    await page.reload();
    return page;
  }
  const session = await context.newCDPSession(page);
  const crashed = page.waitForEvent("crash");
  void session.send("Page.crash").catch(() => undefined); // never answers
  await crashed;
  await page.close();
  const next = await context.newPage();
  await next.goto("/updates/new");
  return next;
}

test(`what is typed survives ${TIMES} crashes and reloads but for the last 0.3 s`, async ({ page, context }) => {
  await login(page, "委员", "/updates/new");
  const worst = { crash: 0, reload: 0 };
  for (let round = 0; round < TIMES; round++) {
    const field = page.locator("form textarea");
    await field.waitFor();
    await field.fill("");
    await page.waitForTimeout(400); // the round before is written over
    await expect(field).toHaveValue("");
    const every = 15 + Math.floor(Math.random() * 200);
    const how = round % 2 ? "reload" : "crash";
    await typeAndNote(page, every);
    await page.waitForTimeout(200 + Math.random() * 3_000);
    const before = await page.evaluate(() => ({ at: Date.now(), typed: (window as unknown as { typed: number[] }).typed }));
    page = await die(page, context, how); // letters typed after `before` count for nothing: they only make it harder
    await page.locator("form textarea").waitFor();
    const kept = await page.locator("form textarea").inputValue();
    const due = before.typed.filter((at) => at < before.at - LOST_MS - TOLERANCE_MS).length;
    const late = kept.length < before.typed.length ? before.at - before.typed[kept.length]! : 0;
    worst[how] = Math.max(worst[how], late);
    expect(kept.length, `round ${round}, ${how}, a letter each ${every} ms, ${late} ms lost`).toBeGreaterThanOrEqual(due);
    expect(kept).toBe([...kept].map((_, i) => String.fromCharCode(0x4e00 + (i % 5000))).join(""));
  }
  const words = `the oldest letter lost was ${worst.crash} ms old in a crash, ${worst.reload} ms in a reload`;
  process.stdout.write(`${TIMES} rounds: ${words}\n`);
});
