/** The fields of a ruleset's parts, as docs/rulesets.md describes them: what the form asks, in the words of the office. */
import type { Schemas } from "@lvyi/api";
import type { Field } from "~/forms/fields";
import type { Choice } from "~/list/filters";
import type { Data } from "./rules-text";

export type Codes = Schemas["RulesetCodes"];

export interface PartField extends Field {
  /** What an absent key means: choosing it takes the key away. */
  usual?: string;
}

/** A list of parts: its key in the text, its name, what a new part begins with, the fields of each. */
export interface PartList {
  key: string;
  label: string;
  /** Of ids that are made up. */
  stem: string;
  begin: Data;
  fields: (part: Data, codes: Codes, groups: Choice[]) => PartField[];
  /** A list within each part. */
  inner?: PartList;
}

const choices = (codes: Schemas["RulesetCode"][]): Choice[] => codes.map(({ code, label }) => ({ value: code, label }));
const YES_NO: Choice[] = [
  { value: "true", label: "是" },
  { value: "false", label: "否" },
];
const PER: PartField = {
  ...{ key: "per", label: "怎么数", kind: "choice", usual: "record", blank: "按次" },
  choices: [{ value: "quantity", label: "按数量（半天、分钟）" }],
};
const NAMED: PartField[] = [
  { key: "label", label: "名称", needed: true, maxLength: 120 },
  { key: "id", label: "代号", needed: true, maxLength: 40, hint: "小写字母、数字和下划线" },
];
const NEEDS: PartField = { key: "needs_minimums", label: "完成全部基本要求才算", kind: "check" };
const LIMITS: PartField[] = [
  {
    ...{ key: "once", label: "只计一次", kind: "choice", blank: "不限" },
    choices: [
      { value: "year", label: "一年" },
      { value: "quarter", label: "一季" },
      { value: "month", label: "一月" },
      { value: "day", label: "一天" },
      { value: "subject", label: "同一事项" },
    ],
  },
  { key: "at_most_count", label: "最多计几次", kind: "number" },
  { key: "at_most", label: "最多计多少分", kind: "number" },
  { key: "at_least", label: "最少计多少分", kind: "number" },
  NEEDS,
];

const asList = (value: unknown): string[] => (Array.isArray(value) ? value.map(String) : []);

/** Which records a part is about; what no record of its kinds has is asked only where it is set. */
export function selector(part: Data, codes: Codes): PartField[] {
  const kinds = asList(part.kinds);
  const forms = new Set(codes.kinds.filter(({ code }) => kinds.includes(code)).flatMap((kind) => kind.forms));
  const are = (noun: string) => kinds.some((kind) => kind.startsWith(`${noun}.`));
  const found: (PartField & { shown?: boolean })[] = [
    { key: "kinds", label: "哪些履职", kind: "choices", choices: choices(codes.kinds), needed: true },
    { key: "forms", label: "哪些形式（不选为全部）", kind: "choices", choices: choices(codes.forms.filter(({ code }) => forms.has(code) || asList(part.forms).includes(code))), shown: forms.size > 0 },
    { key: "roles", label: "什么角色（不选为全部）", kind: "choices", choices: choices(codes.roles) },
    { key: "levels", label: "什么层级（不选为全部）", kind: "choices", choices: choices(codes.levels) },
    { key: "became", label: "提案后来怎样（不选为全部）", kind: "choices", choices: choices(codes.became), shown: are("proposal") },
    { key: "must_attend", label: "是否必须参加的活动", kind: "choice", choices: YES_NO, blank: "都算", shown: are("activity") },
    { key: "whole", label: "是否全程参加", kind: "choice", choices: YES_NO, blank: "都算", shown: are("activity") },
  ];
  return found.filter(({ key, shown = true }) => shown || key in part);
}
const posts = (codes: Codes, label: string, needed = false): PartField => ({ key: "posts", label, kind: "choices", choices: choices(codes.posts), needed });

export const WHOLE: PartField[] = [
  { key: "name", label: "办法名称", needed: true, maxLength: 120 },
  { key: "source", label: "依据的文件", maxLength: 200 },
  { key: "year_starts", label: "履职年度起始（月-日）", maxLength: 5, hint: "如 12-01；可以不填" },
  {
    ...{ key: "part_year", label: "任职不满一年的", kind: "choice", usual: "standards", blank: "合格线和等次按月折算" },
    choices: [
      { value: "score", label: "得分按月折算" },
      { value: "none", label: "不折算" },
    ],
  },
  { key: "base", label: "基础分", kind: "number" },
  { key: "at_most", label: "总分最多", kind: "number" },
  { key: "at_least", label: "总分最少", kind: "number" },
  { key: "pass_mark", label: "合格线", kind: "number" },
];

const BANDS: PartList = {
  ...{ key: "bands", label: "档次（从高到低）", stem: "", begin: { label: "合格" } },
  fields: () => [
    { key: "label", label: "名称", needed: true, maxLength: 120 },
    { key: "points", label: "不低于多少分", kind: "number" },
    { key: "top", label: "前百分之几", kind: "number" },
    { key: "top_count", label: "前几名", kind: "number" },
    { key: "colour", label: "颜色", maxLength: 7, hint: "如 #c0392b" },
    NEEDS,
  ],
};

export const LISTS: PartList[] = [
  {
    ...{ key: "rules", label: "计分规则", stem: "rule", begin: { label: "新规则", kinds: [], points: 1 } },
    fields: (part, codes, groups) => [
      ...NAMED,
      { key: "clause", label: "办法原文", kind: "area", maxLength: 200 },
      ...selector(part, codes),
      { key: "points", label: "每次多少分", kind: "number", hint: "扣分填负数" },
      PER,
      { key: "every", label: "每满几个计一次", kind: "number", usual: "1" },
      { key: "first", label: "前几次按此计", kind: "number", usual: "1" },
      { key: "further", label: "再往后每次多少分", kind: "number" },
      { key: "group", label: "所属分组", kind: "choice", choices: groups },
      posts(codes, "只适用于这些职务（不选为全部）"),
      ...LIMITS,
      ...("out_of" in part ? [{ key: "full_if_none", label: "两项都没有记录的，按满分计", kind: "check" } as PartField] : []),
    ],
  },
  {
    ...{ key: "groups", label: "分组", stem: "group", begin: { label: "新分组" } },
    fields: (part, _codes, groups) => [
      ...NAMED,
      { key: "base", label: "基础分", kind: "number" },
      {
        ...{ key: "take", label: "怎么合计", kind: "choice", usual: "sum", blank: "相加" },
        choices: [
          { value: "highest", label: "只取最高的一项" },
          { value: "highest_by_subject", label: "同一事项只取最高的一条" },
        ],
      },
      { key: "group", label: "上一级分组", kind: "choice", choices: groups.filter(({ value }) => value !== part.id) },
      ...LIMITS,
    ],
  },
  {
    ...{ key: "minimums", label: "基本要求", stem: "minimum", begin: { label: "新要求", kinds: [], count: 1, advice: "" } },
    fields: (part, codes) => [
      ...NAMED,
      { key: "count", label: "至少多少", kind: "number", needed: true },
      PER,
      { key: "advice", label: "怎样做到，写给委员看", kind: "area", maxLength: 200, needed: true },
      ...selector(part, codes),
      posts(codes, "只适用于这些职务（不选为全部）"),
      { key: "full_year_only", label: "只要求全年在任的委员", kind: "check" },
    ],
  },
  { key: "scales", label: "等次", stem: "scale", begin: { label: "年度等次", bands: [{ label: "合格" }] }, fields: () => NAMED, inner: BANDS },
  {
    ...{ key: "boards", label: "榜单", stem: "board", begin: { label: "新榜单", posts: [] } },
    fields: (_part, codes) => [
      ...NAMED,
      posts(codes, "列入的职务（每个职务只在一个榜上）", true),
      {
        ...{ key: "by", label: "怎么排名", kind: "choice", blank: "一起排名" },
        choices: [
          { value: "sector", label: "按界别分别排名" },
          { value: "committee", label: "按专委会分别排名" },
        ],
      },
    ],
  },
];

/** What stands in the text for what a field was given; null takes the key away. */
export function written(field: PartField, value: unknown): string | number | boolean | null {
  if (field.kind === "check") return value ? true : null;
  const text = String(value ?? "");
  if (!text.trim() || text === field.usual) return null;
  if (field.kind === "number") return Number.isFinite(Number(text)) ? Number(text) : text;
  if (field.choices === YES_NO) return text === "true";
  return text;
}
