/** Takes a picture of every desk, large enough to be read, and writes docs/desk.md around them. */
import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test, type Browser, type Page } from "@playwright/test";
import { enter } from "./desk";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));
const FOLDER = `${ROOT}docs/desk/`;
const LARGEST = 160_000; // bytes of a picture

/** In 48 colours: text stays sharp. */
const SHRINK = `
import sys
from PIL import Image
for name in sys.argv[1:]:
    Image.open(name).convert("RGB").quantize(48, dither=Image.Dither.NONE).save(name, optimize=True)
`;

interface Screen {
  name: string;
  caption: string;
  path: string;
  /** Keys that are pressed after the screen has opened. */
  keys?: string[];
}

const OPEN = ["Enter"];
const DESKS: [role: string, screens: Screen[]][] = [
  [
    "机关工作人员",
    [
      { name: "home", caption: "工作台", path: "/" },
      { name: "proposals", caption: "提案：待初审，左边是队列，右边是文件", path: "/proposals", keys: OPEN },
      { name: "decision", caption: "退回修改：理由写在文件下方", path: "/proposals", keys: [...OPEN, "4"] },
      { name: "palette", caption: "Ctrl+K 查找", path: "/proposals", keys: ["Control+k"] },
      { name: "opinions", caption: "社情民意", path: "/opinions", keys: OPEN },
      { name: "leads", caption: "线索", path: "/leads", keys: OPEN },
      { name: "findings", caption: "意见建议", path: "/findings", keys: OPEN },
      { name: "cases", caption: "履职呼叫和企业问题", path: "/cases", keys: OPEN },
      { name: "contacts", caption: "联系走访", path: "/contacts", keys: OPEN },
      { name: "adoption", caption: "采纳情况：每个数字都打得开", path: "/findings/figures" },
      { name: "topics", caption: "网络议政", path: "/topics", keys: OPEN },
      { name: "activities", caption: "会议活动", path: "/activities", keys: OPEN },
      { name: "matters", caption: "协商议题", path: "/matters", keys: OPEN },
      { name: "venues", caption: "议事场所和派驻的委员", path: "/venues", keys: OPEN },
      { name: "consultations", caption: "协商情况：次数和目标", path: "/venues/figures" },
      { name: "reading", caption: "委员读书", path: "/reading", keys: OPEN },
      { name: "library", caption: "资料库", path: "/library", keys: OPEN },
      { name: "heat", caption: "热力榜：每个数字都打得开", path: "/heat", keys: OPEN },
      { name: "wall", caption: "热力榜大屏", path: "/wall/heat" },
      { name: "overview", caption: "驾驶舱", path: "/overview" },
      { name: "members", caption: "委员", path: "/members", keys: OPEN },
      { name: "bodies", caption: "参加单位和它们的成员", path: "/members/bodies", keys: OPEN },
      { name: "projects", caption: "办实事项目", path: "/projects", keys: OPEN },
      { name: "deeds", caption: "办实事统计：每个数字都打得开", path: "/projects/figures" },
      { name: "claims", caption: "申报和申诉", path: "/claims", keys: OPEN },
      { name: "imports", caption: "导入", path: "/imports" },
      { name: "rulesets", caption: "积分办法", path: "/rulesets", keys: OPEN },
      { name: "cards", caption: "履职卡", path: "/cards", keys: OPEN },
      { name: "bulletins", caption: "年度通报", path: "/bulletins", keys: OPEN },
      { name: "holidays", caption: "工作日", path: "/holidays" },
    ],
  ],
  [
    "承办单位人员",
    [
      { name: "work", caption: "承办", path: "/work", keys: OPEN },
      { name: "figures", caption: "本单位的数字", path: "/work/figures" },
    ],
  ],
  [
    "主席会议成员",
    [
      { name: "supervision", caption: "督办", path: "/supervision", keys: OPEN },
      { name: "comments", caption: "批示", path: "/comments", keys: OPEN },
    ],
  ],
  [
    "系统管理员",
    [
      { name: "first", caption: "没有待办的工作台", path: "/" },
      { name: "accounts", caption: "账号", path: "/accounts", keys: OPEN },
      { name: "settings", caption: "设置", path: "/settings" },
      { name: "operation", caption: "系统运行", path: "/operation" },
    ],
  ],
  ["安全管理员", [{ name: "offices", caption: "科室", path: "/offices", keys: OPEN }]],
  ["审计员", [{ name: "audit", caption: "审计", path: "/audit", keys: OPEN }]],
];

async function take(page: Page, { name, path, keys = [] }: Screen): Promise<void> {
  await page.goto(`/console${path}`);
  await page.waitForLoadState("networkidle");
  for (const key of keys) {
    await page.waitForTimeout(400);
    await page.keyboard.press(key);
  }
  await page.waitForTimeout(1200); // what moves has come to rest
  await page.screenshot({ path: `${FOLDER}${name}.png` });
}

async function all(browser: Browser): Promise<void> {
  for (const [role, screens] of DESKS) {
    const page = await browser.newPage();
    await enter(page, role);
    for (const screen of screens) await take(page, screen);
    await page.close();
  }
}

test("every desk", async ({ browser }) => {
  rmSync(FOLDER, { recursive: true, force: true });
  mkdirSync(FOLDER, { recursive: true });
  await all(browser);
  const pictures = readdirSync(FOLDER).map((file) => FOLDER + file);
  const done = spawnSync(`${ROOT}.venv/bin/python`, ["-c", SHRINK, ...pictures], { encoding: "utf8" });
  expect(done.stderr).toBe("");
  expect(pictures.filter((picture) => statSync(picture).size > LARGEST)).toEqual([]);
  const text = DESKS.map(([role, screens]) => {
    return `## ${role}\n\n${screens.map(({ name, caption }) => `### ${caption}\n\n![${caption}](desk/${name}.png)\n`).join("\n")}`;
  }).join("\n");
  const head = "Taken from a demo city by `npm run screens` in `clients/` after `npm run build`; this page is written by it too.";
  writeFileSync(`${ROOT}docs/desk.md`, `# The screens of the desk\n\n${head}\n\n${text}`);
});
