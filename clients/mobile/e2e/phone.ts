/** What every end-to-end test does: log in, have others do their part, and hold a screen against the rules. */
import AxeBuilder from "@axe-core/playwright";
import { expect, request, type Page } from "@playwright/test";

/** Who can log in to the demo city, by role: 委员, 机关工作人员 …, or 机关工作人员（提案科） for one of several. */
export function credentials(role: string): { name: string; phone: string; password: string } {
  const lines = (process.env.LVYI_E2E_LOGINS ?? "").split("\n");
  const line = lines.find((one) => one.startsWith(`${role} `)) ?? lines.find((one) => one.replace(/（.*?）/, "").startsWith(`${role} `));
  const [, name, phone, password] = line?.match(/^\S+\s+(\S+)\s+手机号 (\S+)\s+密码 (\S+)/) ?? [];
  if (!name || !phone || !password) throw new Error(`nobody of role ${role} in the demo city`);
  return { name, phone, password };
}

/** Opens `path` as somebody of the demo city who has logged in before: two pages less to load than by the form. */
export async function login(page: Page, role = "委员", path = "/"): Promise<void> {
  await admit(page, role);
  await page.goto(path);
  await page.waitForURL((url) => url.pathname + url.search === path);
}

/** Gives a fresh page the cookies of a log-in. */
export async function admit(page: Page, role: string): Promise<void> {
  const { phone, password } = credentials(role);
  const answer = await page.request.post("/api/v1/auth/login", { data: { phone, password } });
  expect(answer.ok(), await answer.text()).toBe(true);
}

/** Opens `path` and logs in by the form on the way; the page is then the one that was asked for. */
export async function loginByForm(page: Page, role = "委员", path = "/"): Promise<void> {
  const { phone, password } = credentials(role);
  await page.goto(path);
  await page.getByLabel("手机号").fill(phone);
  await page.getByLabel("密码", { exact: true }).fill(password);
  await page.getByRole("button", { name: "登录", exact: true }).click();
  await page.waitForURL((url) => url.pathname + url.search === path);
}

/** Asks the API as somebody else; gives what is answered, which must be a success. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- each path has its own answer
export type Ask = (method: "GET" | "PATCH" | "POST" | "PUT", path: string, data?: object, headers?: Record<string, string>) => Promise<any>;

/** The desk of somebody of the demo city, who works beside the page. */
export async function desk(page: Page, role: string): Promise<Ask> {
  const origin = new URL(page.url()).origin;
  const session = await request.newContext({ baseURL: origin, extraHTTPHeaders: { Origin: origin } });
  const { phone, password } = credentials(role);
  await session.post("/api/v1/auth/login", { data: { phone, password } });
  return async (method, path, data, headers) => {
    const answer = await session.fetch(`/api/v1/${path}`, { method, data, headers });
    expect(answer.ok(), `${method} ${path}: ${await answer.text()}`).toBe(true);
    return answer.json();
  };
}

/** Opens what is folded on 我的: boards, bulletins, the library. */
export async function unfold(page: Page): Promise<void> {
  await page.getByText("榜单、通报、资料").tap();
}

/** Waits until this phone keeps what is read, as any phone does on which the app was opened before. */
export async function keeps(page: Page): Promise<void> {
  await page.waitForFunction(() => navigator.serviceWorker.controller);
}

/** Waits until a page has what it asked for. */
export async function loaded(page: Page): Promise<void> {
  await expect(page.getByRole("status", { name: "正在加载" })).toHaveCount(0);
}

/** What axe finds against its rules, or against some of them. What comes meanwhile comes at once: half way in, words have not their colours. */
export async function faults(page: Page, ...rules: string[]): Promise<string[]> {
  await page.emulateMedia({ reducedMotion: "reduce" });
  const axe = new AxeBuilder({ page }).setLegacyMode().options({ resultTypes: ["violations"] }); // no frames of others here
  const { violations } = await (rules.length ? axe.withRules(rules) : axe).analyze();
  await page.emulateMedia({ reducedMotion: null });
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`);
}

/** No fault that axe knows, and no target smaller than `smallest` pixels, links inside running text excepted. */
export async function expectAccessible(page: Page, smallest = 44): Promise<void> {
  await loaded(page); // until then headings wait for their words
  await page.waitForFunction(() => // what follows scrolling never ends
    document
      .getAnimations()
      .filter(({ timeline }) => timeline === document.timeline)
      .every(({ playState, effect }) => playState !== "running" || effect?.getComputedTiming().iterations === Infinity),
  );
  expect(await faults(page)).toEqual([]);
  const small = await page.evaluate((least) => {
    const targets = document.querySelectorAll<HTMLElement>("a, button, input:not(.unseen), select, textarea, [role=switch]");
    return [...targets]
      .filter((target) => target.checkVisibility() && !target.closest("p"))
      .map((target) => ({ text: target.outerHTML.slice(0, 120), ...target.getBoundingClientRect().toJSON() }))
      .filter(({ width, height }) => width > 0 && (width < least - 0.5 || height < least - 0.5))
      .map(({ text, width, height }) => `${Math.round(width)} × ${Math.round(height)} ${text}`);
  }, smallest);
  expect(small).toEqual([]);
}

/** How much a page moved what was shown already (cumulative layout shift), when each answer comes later than the one before. */
export async function shifted(page: Page, path: string): Promise<number> {
  let asked = 0;
  await page.route("**/api/v1/**", async (route) => {
    await new Promise((resolve) => setTimeout(resolve, Math.min(++asked * 60, 900)));
    await route.continue().catch(() => undefined); // the page was left
  });
  await page.goto(path);
  await loaded(page);
  await page.waitForTimeout(1500); // until the last answer is shown
  const sum = await page.evaluate(
    () =>
      new Promise<number>((resolve) => {
        type Shift = PerformanceEntry & { value: number };
        new PerformanceObserver((list) => resolve((list.getEntries() as Shift[]).reduce((all, { value }) => all + value, 0))).observe({ type: "layout-shift", buffered: true });
        setTimeout(() => resolve(0), 500); // nothing moved
      }),
  );
  await page.unroute("**/api/v1/**");
  return sum;
}
