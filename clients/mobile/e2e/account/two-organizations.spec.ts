/** A member of two conferences: links the accounts, hears of both, and goes over with two touches. */
import { expect, request, test, type APIRequestContext, type Page } from "@playwright/test";
import { credentials, expectAccessible, loaded, login } from "../phone";
import { run } from "../server";

const PASSWORD = "云溪的早晨 early bird";

/** Somebody of a county who was just given an account, with a password of their own. */
async function clerk(page: Page, county: string, role: string, phone: string): Promise<APIRequestContext> {
  const first = run("create-account", role, phone, "县机关", "--organization", county).match(/[a-z0-9]{12}/)![0];
  const origin = new URL(page.url()).origin;
  const session = await request.newContext({ baseURL: origin, extraHTTPHeaders: { Origin: origin } });
  expect((await session.post("/api/v1/auth/login", { data: { phone, password: first } })).ok()).toBe(true);
  const changed = { current_password: first, new_password: PASSWORD };
  expect((await session.put("/api/v1/auth/password", { data: changed })).ok()).toBe(true);
  return session;
}

async function answer<T>(asked: Promise<{ ok: () => boolean; text: () => Promise<string>; json: () => Promise<T> }>): Promise<T> {
  const response = await asked;
  expect(response.ok(), await response.text()).toBe(true);
  return response.json();
}

test("a member of two conferences hears of both and goes over in two touches", async ({ page }, info) => {
  const { name, phone } = credentials("委员");
  const moment = String(Date.now()).slice(-8); // each try has a county and people of its own
  const county = `政协云溪县${moment}委员会`;
  await login(page, "委员", "/settings");
  const me = await answer<{ organization: { id: number; name: string } }>(page.request.get("/api/v1/auth/me"));
  const year = new Date().getFullYear();
  const term = ["--level", "county", "--term", "12", "--starts-on", `${year - 2}-01-01`, "--ends-on", `${year + 2}-12-31`];
  run("create-organization", county, ...term, "--parent", me.organization.name);
  const office = await clerk(page, county, "secretariat", `137${moment}`);
  const admin = await clerk(page, county, "system_admin", `136${moment}`);
  const { id: sector_id } = await answer<{ id: number }>(office.post("/api/v1/sectors", { data: { name: "农业界" } }));
  const seat = await answer<{ id: number }>(office.post("/api/v1/seats", { data: { name, phone, sector_id } }));
  const { items } = await answer<{ items: { id: number }[] }>(admin.get("/api/v1/accounts?role=member"));
  const reset = admin.post(`/api/v1/accounts/${items[0]!.id}/password-reset`);
  const { one_time_password } = await answer<{ one_time_password: string }>(reset);

  await page.getByRole("button", { name: /关联另一个组织的账号/ }).tap();
  await page.getByLabel("另一个组织给的初始密码").fill(one_time_password);
  await page.getByRole("button", { name: "关联", exact: true }).tap();
  await expect(page.getByText("已经关联")).toBeVisible();
  const correction = { employer: "云溪县农业农村局", reason: "名册核对" };
  await answer(office.post(`/api/v1/seats/${seat.id}/corrections`, { data: correction }));

  await page.goto("/me");
  await loaded(page);
  const others = page.getByRole("region", { name: "我所在的其他组织" });
  await expect(others.getByRole("button", { name: new RegExp(`${county}.*1 条未读`) })).toBeVisible();
  await expectAccessible(page);
  await page.screenshot({ path: info.outputPath("me-two-organizations.png") });

  await page.goto("/");
  await loaded(page);
  await page.getByRole("link", { name: "我的" }).tap();
  await others.getByRole("button", { name: new RegExp(county) }).tap();
  await page.waitForURL((url) => url.pathname === "/");
  await page.getByRole("link", { name: "我的" }).tap();
  await expect(page.getByText("委员 · 农业界 · 第十二届")).toBeVisible();
  await page.screenshot({ path: info.outputPath("me-in-the-county.png") });

  await others.getByRole("button").first().tap(); // and back
  await page.waitForURL((url) => url.pathname === "/");
  await page.goto("/notifications");
  const notice = page.getByRole("link", { name: /名册上您的工作单位及职务已更正/ }).filter({ hasText: county });
  await expectAccessible(page);
  await page.screenshot({ path: info.outputPath("notices-of-both.png") });
  await notice.tap();
  await page.waitForURL(`**/members/${seat.id}`);
  await expect(page.getByText("云溪县农业农村局")).toBeVisible();
  const city = { organization_id: me.organization.id }; // where the next test looks for this member
  await answer(page.request.put("/api/v1/auth/organization", { data: city, headers: { Origin: new URL(page.url()).origin } }));
});

test("who has left opens what is their own", async ({ page }, info) => {
  await login(page, "新任委员", "/me");
  const { seat } = await (await page.request.get("/api/v1/auth/me")).json();
  const office = await request.newContext({ baseURL: new URL(page.url()).origin });
  const { phone, password } = credentials("机关工作人员");
  await office.post("/api/v1/auth/login", { data: { phone, password }, headers: { Origin: new URL(page.url()).origin } });
  const yesterday = new Date(Date.now() - 86_400_000).toISOString().slice(0, 10);
  const end = { kind: "transferred", on: yesterday, paper: "云政协发〔2026〕12号" };
  const headers = { Origin: new URL(page.url()).origin };
  await answer(office.put(`/api/v1/seats/${seat.id}/end`, { data: end, headers }));

  await page.context().clearCookies();
  await page.evaluate(() => localStorage.clear());
  await page.goto("/login");
  const own = credentials("新任委员");
  await page.getByLabel("手机号").fill(own.phone);
  await page.getByLabel("密码", { exact: true }).fill(own.password);
  await page.getByRole("button", { name: "登录", exact: true }).click();
  await page.waitForURL("**/me");
  await expect(page.getByRole("note")).toContainText("（工作调动），感谢您的履职");
  await loaded(page);
  await expectAccessible(page);
  await page.screenshot({ path: info.outputPath("me-after-leaving.png"), fullPage: true });
  await page.getByRole("link", { name: /履职档案/ }).tap();
  await loaded(page);
  await expect(page.getByText("年度履职报告")).toBeVisible();
  const refused: string[] = []; // what a page asks for although it is not theirs any more
  page.on("response", (answer) => answer.status() === 403 && refused.push(answer.url()));
  await page.goto("/proposals");
  await expect(page.getByRole("button", { name: "我的", exact: true })).toHaveAttribute("aria-pressed", "true");
  await expect(page.getByRole("button", { name: "待我评价" })).toBeVisible();
  await expect(page.getByRole("link", { name: "写提案" })).toHaveCount(0);
  await page.goto(`/members/${seat.id}`);
  await loaded(page);
  expect(refused).toEqual([]);
  await answer(office.delete(`/api/v1/seats/${seat.id}/end`, { headers }));
});
