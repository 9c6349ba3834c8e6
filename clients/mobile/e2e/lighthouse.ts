/** Measures pages of both clients with Lighthouse, those of members as on a mid-range phone, and writes docs/lighthouse.md. */
import { execFile } from "node:child_process";
import { writeFileSync } from "node:fs";
import { availableParallelism, loadavg } from "node:os";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { chromium, expect, test, type Page } from "@playwright/test";
import { enter } from "../../console/e2e/desk";
import { login } from "./phone";

const REPORT = fileURLToPath(new URL("../../../docs/lighthouse.md", import.meta.url));
/** The newest that runs on Node 20; fetched when it is asked for, since it would double every installation. */
const LIGHTHOUSE = "lighthouse@12.8.2";
const ROUNDS = 3;
/** Where Lighthouse finds the browser that somebody is logged in with. */
const DEBUGGING_PORT = 9222;
/** How many processes wanted a core before this began. */
const [BUSY] = loadavg();
/** The least performance of each client; accessibility is 100. */
const LEAST = { phone: 90, desk: 95 };

interface Result {
  finalDisplayedUrl: string;
  lighthouseVersion: string;
  environment: { hostUserAgent: string; benchmarkIndex: number };
  categories: Record<"performance" | "accessibility" | "best-practices", { score: number }>;
  audits: Record<string, { numericValue: number }>;
}

test("Lighthouse", async ({ launchOptions, baseURL }, info) => {
  const rows: string[] = [];
  let last: Result;

  /** Measures pages as somebody who is logged in, in the browser of the log-in. */
  async function measureAs(client: "phone" | "desk", least: number, logIn: (page: Page) => Promise<[name: string, path: string][]>) {
    const args = [...launchOptions.args!, `--remote-debugging-port=${DEBUGGING_PORT}`];
    const context = await chromium.launchPersistentContext(info.outputPath(client), { ...launchOptions, args, baseURL });
    const page = await context.newPage();
    const pages = await logIn(page);
    await page.goto("about:blank"); // a screen would go on asking the server
    for (const [name, path] of pages) {
      const results: Result[] = [];
      while (results.length < ROUNDS) results.push(await measure(baseURL + path, client));
      results.sort((one, other) => one.categories.performance.score - other.categories.performance.score);
      last = results[(ROUNDS - 1) / 2]!;
      expect(last.finalDisplayedUrl).toBe(baseURL + path);
      rows.push(row(name, path, last));
      console.error(rows.at(-1));
      expect.soft(score(last, "performance"), `performance of ${name}`).toBeGreaterThanOrEqual(least);
      expect.soft(score(last, "accessibility"), `accessibility of ${name}`).toBe(100);
    }
    await context.close();
  }

  await measureAs("phone", LEAST.phone, async (page) => {
    await login(page);
    const ask = async (path: string) => (await page.request.get(`/api/v1/${path}`)).json();
    const topics = (await ask("topics")).items as { id: number; reply_count: number }[];
    const { id: topic } = topics.reduce((most, one) => (one.reply_count > most.reply_count ? one : most));
    const seat = (await ask("auth/me")).seat.id as number;
    return [["首页", "/"], ["议题和讨论", `/topics/${topic}`], ["纪念卡", `/cards/${seat}/term`]];
  });
  await measureAs("desk", LEAST.desk, async (page) => {
    await enter(page, "机关工作人员");
    return [["工作台", "/console/"], ["待审提案", "/console/proposals?scope=review"]];
  });
  writeFileSync(REPORT, report(rows, last!));
});

function score({ categories }: Result, category: keyof Result["categories"]): number {
  return Math.round(categories[category].score * 100);
}

function row(name: string, path: string, result: Result): string {
  const value = (audit: string) => result.audits[audit]!.numericValue;
  return (
    `| ${name} \`${path}\` | ${score(result, "performance")} | ${score(result, "accessibility")} | ${score(result, "best-practices")} ` +
    `| ${(value("largest-contentful-paint") / 1000).toFixed(1)} s | ${Math.round(value("total-blocking-time"))} ms ` +
    `| ${value("cumulative-layout-shift").toFixed(3)} | ${Math.round(value("total-byte-weight") / 1000)} kB |`
  );
}

/** One page load, with the emulated device and network of Lighthouse's preset. */
async function measure(url: string, client: "phone" | "desk"): Promise<Result> {
  const preset = client === "desk" ? ["--preset=desktop"] : [];
  const lighthouse = ["exec", "--yes", `--package=${LIGHTHOUSE}`, "--", "lighthouse", url, `--port=${DEBUGGING_PORT}`, "--output=json", "--quiet", ...preset];
  const { stdout } = await promisify(execFile)("npm", lighthouse, { maxBuffer: 2 ** 26 });
  return JSON.parse(stdout) as Result;
}

function report(rows: string[], { lighthouseVersion, environment }: Result): string {
  const chromium = environment.hostUserAgent.match(/Chrome\/(\d+)/)![1];
  return `# Lighthouse

Both clients, built, before the real server with a small demo city, somebody logged in, nothing cached. The members' pages with
Lighthouse's mobile preset (slow 4G, the processor 4 times slower), the desk's (\`/console/\`) with its desktop preset. The median of
${ROUNDS} loads by performance.

${new Date().toISOString().slice(0, 10)}, ${availableParallelism()} cores, Lighthouse ${lighthouseVersion}, Chromium ${chromium}; before it began
${BUSY!.toFixed(1)} processes of others were busy; its own measure of the processor (benchmark index) was ${Math.round(environment.benchmarkIndex)}:

| page | performance | accessibility | best practices | largest paint | blocked | shift | weight |
|---|---|---|---|---|---|---|---|
${rows.join("\n")}

\`npm run lighthouse\` in \`clients/\`, after \`npm run build\`, measures anew and rewrites this page; it fails below
${LEAST.phone} (desk: ${LEAST.desk}) for performance or 100 for accessibility. It is no part of \`make test\`: figures swing with what else the machine does.
`;
}
