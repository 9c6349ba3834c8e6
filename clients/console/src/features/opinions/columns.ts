/** The columns and filters of lists of opinion reports. */
import { cellDay, type Column, DAY } from "~/list/columns";
import type { FilterField } from "~/list/filters";
import { TIERS, type OpinionRow } from "./opinions";

export const COLUMNS: Column<OpinionRow>[] = [
  { key: "title", label: "标题", width: 320, grows: true, text: ({ title }) => title || "（无题）" },
  { key: "state", label: "状态", width: 110, text: ({ state_label }) => state_label },
  { key: "author", label: "反映人", width: 90, text: ({ author_name }) => author_name ?? "" },
  { key: "tier", label: "层级", width: 60, text: ({ tier_label }) => tier_label ?? "" },
  { key: "submitted_at", label: "报送", width: DAY, text: ({ submitted_at }) => cellDay(submitted_at) },
  { key: "comments", label: "批示", width: 56, isNumber: true, isExtra: true, text: ({ comment_count }) => String(comment_count || "") },
  { key: "kind", label: "类型", width: 96, isExtra: true, text: ({ kind_label }) => kind_label },
  { key: "sector", label: "界别", width: 110, isExtra: true, text: ({ author_sector }) => author_sector ?? "" },
  { key: "issued_at", label: "签发", width: DAY, isExtra: true, text: ({ issued_at }) => cellDay(issued_at) },
  { key: "edited_at", label: "修改", width: DAY, isExtra: true, text: ({ edited_at }) => cellDay(edited_at) },
];

const STATES = { submitted: "已报送", editing: "编辑中", returned: "退回待修改", shelved: "留存备查", combined: "已编入综合信息", issued: "已签发", adopted: "已采用" };
const KINDS = { single: "单篇信息", combined: "综合信息", lead: "线索转化", conversion: "提案转化" };
const choices = (labels: Record<string, string>) => Object.entries(labels).map(([value, label]) => ({ value, label }));

/** Whether a leader has commented; with the issued ones: what still waits for a comment. */
export const COMMENTED: FilterField = { key: "commented", label: "批示", choices: choices({ false: "还没有批示", true: "已有批示" }) };

export const FIELDS: FilterField[] = [
  {
    key: "scope",
    label: "范围",
    choices: [
      { value: "desk", label: "编辑台" },
      { value: "issued", label: "已签发和采用" },
    ],
  },
  { key: "state", label: "状态", choices: choices(STATES) },
  { key: "kind", label: "类型", choices: choices(KINDS) },
  { key: "tier", label: "层级", choices: TIERS },
  COMMENTED,
];
