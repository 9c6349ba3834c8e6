/** Takes a picture of every screen and writes docs/screens.md around them. */
import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test, type Page } from "@playwright/test";
import { login } from "./phone";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));
const FOLDER = `${ROOT}docs/screens/`;
const LARGEST = 40_000; // bytes of a picture
const COLUMNS = 4;

/** Half the size, 64 colours: enough to see what a screen is. */
const SHRINK = `
import sys
from PIL import Image
for name in sys.argv[1:]:
    picture = Image.open(name).convert("RGB")
    small = picture.resize((picture.width // 2, picture.height // 2), Image.Resampling.LANCZOS)
    small.quantize(64, dither=Image.Dither.NONE).save(name, optimize=True)
`;

interface Screen {
  name: string;
  caption: string;
  /** Null: the demo city has none. */
  path: string | null;
  /** What is done after the page has opened. */
  then?: (page: Page) => Promise<void>;
}

const elder = (page: Page) => page.evaluate(() => void (document.documentElement.dataset.elder = "true"));
const dark = (page: Page) => page.evaluate(() => void (document.documentElement.dataset.theme = "dark"));

/** Chooses the poster in large type. */
async function large(page: Page): Promise<void> {
  const drawn = page.waitForResponse((answer) => answer.url().includes("design=elder"));
  await page.getByRole("button", { name: "大字版" }).tap();
  await drawn;
}

/** One of my proposals that came of what somebody had said. */
async function seeded(ask: (path: string) => Promise<{ items: { id: number }[]; nodes: unknown[] }>): Promise<number | undefined> {
  for (const { id } of (await ask("proposals?limit=50")).items) {
    if ((await ask(`lineage/proposal/${id}`)).nodes.length > 0) return id;
  }
  return undefined;
}

/** Types a title like an earlier one and opens what is shown beside it. */
async function similar(page: Page, title: string): Promise<void> {
  await page.getByLabel("案由", { exact: true }).fill(title);
  await page.getByRole("button", { name: /相似的往年提案/ }).click();
}

/** The screens by chapter; `first` gives the path of the first thing of a list. */
async function chapters(page: Page): Promise<[string, Screen[]][]> {
  const ask = async (path: string) => (await page.request.get(`/api/v1/${path}`)).json();
  const first = async (path: string) => (await ask(path)).items[0]?.id as number | undefined;
  const of = (id: number | undefined, path: string) => (id ? path : null);
  const seat = (await ask("auth/me")).seat.id as number;
  const topic = await first("topics");
  const paper = topic && ((await ask(`topics/${topic}`)).papers[0]?.id as number | undefined);
  const activity = await first("activities?when=all");
  const update = await first("updates");
  const proposal = await first("proposals");
  const answered = await first("proposals?scope=filed&state=replied");
  const promised = await first("proposal-commitments");
  const toRate = await first("proposals?scope=to_rate");
  const reply = toRate && ((await ask(`proposals/${toRate}/handling`)).to_rate[0] as number | undefined);
  const opinion = await first("opinions");
  const unit = (await ask("statistics/units?limit=1")).items[0]?.unit.id as number | undefined;
  const bulletin = await first("bulletins");
  const document = await first("library/documents");
  const earlier = document ? ((await ask(`library/documents/${document}`)).title as string) : "";
  const matter = await first("matters?mine=true");
  const venue = await first("venues?mine=true");
  const project = await first("projects?mine=true");
  const visit = await first("visits");
  const begun = await seeded(ask);
  const month = (await ask("board-snapshots")).items[0] as { figure: string; month: string } | undefined;
  const readingTopic = await first("reading/topics");
  const note = await first("reading/notes");
  const card = `/cards/${seat}/term`;
  const { sections } = (await ask(`cards/${seat}/term`)) as { sections: { kind: string }[] };
  const story = (kind: string, caption: string): Screen => {
    const isThere = kind === "poster" || sections.some((section) => section.kind === kind);
    return { name: `card-${kind}`, caption, path: isThere ? `${card}#${kind}` : null };
  };
  return [
    [
      "The circle",
      [
        { name: "home", caption: "首页", path: "/" },
        { name: "home-elder", caption: "首页，长辈模式", path: "/", then: elder },
        { name: "home-dark", caption: "首页，深色", path: "/", then: dark },
        { name: "write", caption: "写点什么", path: "/", then: (on) => on.getByRole("button", { name: "写", exact: true }).click() },
        { name: "update-new", caption: "写动态", path: "/updates/new" },
        { name: "update", caption: "动态与回复", path: of(update, `/updates/${update}`) },
        { name: "member", caption: "委员", path: `/members/${seat}` },
      ],
    ],
    [
      "Deliberation",
      [
        { name: "topics", caption: "议政", path: "/topics" },
        { name: "topic", caption: "议题与意见", path: of(topic, `/topics/${topic}`) },
        { name: "paper", caption: "参阅材料", path: of(paper, `/topics/${topic}/papers/${paper}`) },
      ],
    ],
    [
      "Proposals and opinion reports",
      [
        { name: "proposals", caption: "我的提案", path: "/proposals" },
        { name: "proposal", caption: "提案与轨迹", path: of(proposal, `/proposals/${proposal}`) },
        { name: "proposal-answered", caption: "办理与答复", path: of(answered, `/proposals/${answered}`) },
        { name: "lineage", caption: "来龙去脉", path: of(begun, `/proposals/${begun}`), then: (on) => on.getByRole("heading", { name: "来龙去脉" }).scrollIntoViewIfNeeded() },
        { name: "rate", caption: "评价办理", path: of(reply, `/proposals/${toRate}/rate/${reply}`) },
        { name: "commitments", caption: "承诺台账", path: of(promised, "/proposals/commitments") },
        { name: "deadlines", caption: "办理期限", path: "/proposals/deadlines" },
        { name: "units", caption: "承办单位", path: "/units" },
        { name: "unit", caption: "一个单位的办理情况", path: of(unit, `/units/${unit}`) },
        { name: "proposal-new", caption: "写提案", path: "/proposals/new" },
        { name: "similar", caption: "相似的往年提案", path: of(document, "/proposals/new"), then: (on) => similar(on, earlier) },
        { name: "library", caption: "资料库", path: "/library" },
        { name: "library-document", caption: "一篇资料", path: of(document, `/library/${document}`) },
        { name: "opinions", caption: "社情民意", path: "/opinions" },
        { name: "opinion", caption: "信息与轨迹", path: of(opinion, `/opinions/${opinion}`) },
        { name: "opinion-new", caption: "反映社情民意", path: "/opinions/new" },
      ],
    ],
    [
      "Consultation and deeds",
      [
        { name: "matters", caption: "协商议题", path: "/matters" },
        { name: "matter", caption: "一个议题与进展", path: of(matter, `/matters/${matter}`) },
        { name: "matter-new", caption: "提议题", path: "/matters/new" },
        { name: "venues", caption: "议事场所", path: "/venues" },
        { name: "venue", caption: "一个议事场所", path: of(venue, `/venues/${venue}`) },
        { name: "projects", caption: "办实事", path: "/projects" },
        { name: "project", caption: "一个办实事项目", path: of(project, `/projects/${project}`) },
        { name: "deed-new", caption: "记一件实事", path: of(project, `/claims/new?project=${project}`) },
        { name: "visits", caption: "我的走访记录", path: "/visits" },
        { name: "visit-edit", caption: "修改走访记录", path: of(visit, `/visits/${visit}/edit`) },
      ],
    ],
    [
      "Reading and meetings",
      [
        { name: "reading", caption: "读书", path: "/reading" },
        { name: "reading-log", caption: "读书打卡", path: "/reading/log" },
        { name: "reading-topic", caption: "读书主题", path: of(readingTopic, `/reading/${readingTopic}`) },
        { name: "note", caption: "读书笔记", path: of(note, `/reading/notes/${note}`) },
        { name: "note-new", caption: "写读书笔记", path: "/reading/notes/new" },
        { name: "activities", caption: "会议活动", path: "/activities" },
        { name: "activity", caption: "一次会议活动", path: of(activity, `/activities/${activity}`) },
        { name: "sign-in", caption: "签到", path: of(activity, `/activities/${activity}/sign-in`) },
      ],
    ],
    [
      "Duty made visible",
      [
        { name: "leaderboard", caption: "热力榜", path: "/leaderboard" },
        { name: "leaderboard-row", caption: "每一分的由来", path: `/leaderboard/${seat}` },
        { name: "points", caption: "履职积分", path: `/points/${seat}` },
        { name: "points-board", caption: "积分榜", path: "/points" },
        { name: "bulletins", caption: "年度通报", path: "/bulletins" },
        { name: "bulletin", caption: "一年的通报", path: of(bulletin, `/bulletins/${bulletin}`) },
        { name: "bulletin-groups", caption: "各界别并列", path: of(bulletin, `/bulletins/${bulletin}/groups?by=sector`) },
        { name: "months", caption: "历月榜单", path: "/months" },
        { name: "month", caption: "当月榜单", path: month ? `/months/${month.figure}/${month.month}` : null },
        { name: "archive", caption: "履职档案", path: `/archive/${seat}` },
        { name: "claims", caption: "我的申报和申诉", path: "/claims" },
        { name: "claim-new", caption: "申报履职", path: "/claims/new" },
        { name: "report", caption: "年度履职报告", path: `/archive/${seat}/report` },
      ],
    ],
    [
      "The duty memorial card",
      [
        { name: "cards", caption: "我的纪念卡", path: "/cards" },
        story("opening", "封面"),
        story("days", "活跃的日子"),
        story("deliberation", "网络议政"),
        story("proposals", "提案"),
        story("reading", "委员读书"),
        story("keywords", "关键词"),
        story("closing", "结语"),
        story("poster", "海报"),
        { ...story("poster", "海报，大字版"), name: "card-poster-large", then: large },
      ],
    ],
    [
      "Me",
      [
        { name: "me", caption: "我的", path: "/me" },
        { name: "notifications", caption: "通知", path: "/notifications" },
        { name: "drafts", caption: "草稿与待发送", path: "/drafts" },
        { name: "settings", caption: "设置", path: "/settings" },
        { name: "sessions", caption: "登录设备", path: "/sessions" },
        { name: "lead", caption: "公众提供线索", path: "/lead" },
        { name: "public-matter", caption: "有事来协商", path: "/matter" },
      ],
    ],
  ];
}

async function take(page: Page, { name, path, then }: Screen): Promise<void> {
  await page.goto("about:blank"); // else another part of the same page would not be opened anew
  await page.goto(path!);
  await expect(page.getByRole("status", { name: /^正在/ })).toHaveCount(0);
  await then?.(page);
  await page.waitForLoadState("networkidle");
  await page.waitForTimeout(path!.startsWith("/cards/") ? 2500 : 500); // what moves has come to rest
  await page.screenshot({ path: `${FOLDER}${name}.png` });
}

function table(screens: Screen[]): string {
  const rows: string[] = [];
  for (let start = 0; start < screens.length; start += COLUMNS) {
    const row = screens.slice(start, start + COLUMNS);
    const line = (cell: (screen: Screen) => string) => `| ${row.map(cell).join(" | ")} |`;
    rows.push(
      [line(({ caption }) => caption), line(() => "---"), line(({ name, caption }) => `![${caption}](screens/${name}.png)`)].join("\n"),
    );
  }
  return rows.join("\n\n");
}

test("every screen", async ({ page }) => {
  rmSync(FOLDER, { recursive: true, force: true });
  mkdirSync(FOLDER, { recursive: true });
  const door: Screen = { name: "login", caption: "登录", path: "/login" };
  await take(page, door);
  await login(page);
  const shown: [string, Screen[]][] = [["Coming in", [door]], ...(await chapters(page)).map(([title, all]) => [title, all.filter(({ path }) => path)] as [string, Screen[]])];
  for (const [, screens] of shown.slice(1)) for (const screen of screens) await take(page, screen);

  const pictures = readdirSync(FOLDER).map((file) => FOLDER + file);
  const done = spawnSync(`${ROOT}.venv/bin/python`, ["-c", SHRINK, ...pictures], { encoding: "utf8" });
  expect(done.stderr).toBe("");
  expect(pictures.filter((picture) => statSync(picture).size > LARGEST)).toEqual([]);
  const text = shown.map(([title, screens]) => `## ${title}\n\n${table(screens)}\n`).join("\n");
  const head = "Taken from a demo city by `npm run screens` in `clients/` after `npm run build`; this page is written by it too.";
  writeFileSync(`${ROOT}docs/screens.md`, `# The screens of the mobile client\n\n${head}\n\n${text}`);
});
