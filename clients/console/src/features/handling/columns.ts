/** The columns and filters of the lists of a unit and of a leader. */

import { cellDay, type Column, DAY } from "~/list/columns";
import type { FilterField } from "~/list/filters";
import type { ProposalRow } from "~/features/proposals/proposals";
import { deadlineWords, numbered, type Commitment, type Deadline } from "./handling";

export const WORK_COLUMNS: Column<ProposalRow>[] = [
  { key: "number", label: "案号", width: 60, isNumber: true, text: ({ number }) => (number ? String(number) : "") },
  { key: "title", label: "题目", width: 320, grows: true, text: ({ title }) => title || "（无题）" },
  { key: "due_on", label: "最近期限", width: DAY, text: ({ due_on }) => cellDay(due_on) },
  { key: "state", label: "状态", width: 96, text: ({ state_label }) => state_label },
  { key: "author", label: "提案者", width: 120, text: ({ body_name, author_name }) => body_name ?? author_name },
  { key: "units", label: "承办单位", width: 160, isExtra: true, text: ({ unit_names }) => unit_names.join("、") },
  { key: "category", label: "类别", width: 96, isExtra: true, text: ({ category }) => category ?? "" },
  { key: "result", label: "办理结果", width: 96, isExtra: true, text: ({ result_class_label }) => result_class_label ?? "" },
  { key: "replied_at", label: "答复", width: DAY, isExtra: true, text: ({ replied_at }) => cellDay(replied_at) },
];

export const SUPERVISION_COLUMNS: Column<ProposalRow>[] = [
  ...WORK_COLUMNS.filter(({ key }) => ["number", "title", "state", "due_on"].includes(key)),
  { key: "month", label: "督办月", width: 88, text: ({ supervised_month }) => (supervised_month ? `${Number(supervised_month.slice(5, 7))}月` : "") },
  { key: "units", label: "承办单位", width: 160, text: ({ unit_names }) => unit_names.join("、") },
];

export const COMMITMENT_COLUMNS: Column<Commitment>[] = [
  { key: "body", label: "承诺", width: 320, grows: true, text: ({ body }) => body },
  { key: "due_on", label: "完成日期", width: DAY, text: ({ due_on }) => cellDay(due_on) },
  { key: "state", label: "状态", width: 88, text: ({ state_label, is_overdue }) => (is_overdue ? "已超期" : state_label) },
  { key: "title", label: "提案", width: 220, text: (row) => [numbered(row), row.title].filter(Boolean).join(" ") },
];

export const DEADLINE_COLUMNS: Column<Deadline & { title: string; number: number | null; window_name: string | null }>[] = [
  { key: "title", label: "提案", width: 320, grows: true, text: (row) => [numbered(row), row.title].filter(Boolean).join(" ") },
  { key: "due_on", label: "到期", width: DAY, text: ({ due_on }) => cellDay(due_on) },
  { key: "kind", label: "期限", width: 124, text: ({ kind_label }) => kind_label },
  { key: "words", label: "还有多久", width: 140, text: deadlineWords },
];

const YES = [{ value: "true", label: "是" }];
export const WORK_FIELDS: FilterField[] = [
  {
    key: "waits_for",
    label: "待办",
    choices: [
      { value: "unit_to_sign", label: "待签收" },
      { value: "unit_in_handling", label: "办理中" },
      { value: "unit_replies_due", label: "答复将到期" },
      { value: "unit_returned_replies", label: "退回修改的答复" },
    ],
  },
  { key: "late", label: "只看紧急", choices: YES },
  { key: "is_key", label: "只看重点", choices: YES },
];
export const SUPERVISION_FIELDS: FilterField[] = [
  { key: "waits_for", label: "待办", choices: [{ value: "supervised", label: "我督办的在办提案" }] },
  { key: "month", label: "督办月", kind: "day" },
  { key: "late", label: "只看紧急", choices: YES },
];
export const COMMITMENT_FIELDS: FilterField[] = [
  {
    key: "state",
    label: "状态",
    choices: [
      { value: "open", label: "兑现中" },
      { value: "kept", label: "已兑现" },
      { value: "dropped", label: "已终止" },
    ],
  },
  { key: "overdue", label: "只看超期", choices: YES },
  { key: "due_to", label: "最晚到", kind: "day" },
];
export const DEADLINE_FIELDS: FilterField[] = [
  {
    key: "state",
    label: "期限",
    choices: [
      { value: "open", label: "未到期" },
      { value: "overdue", label: "已超期" },
    ],
  },
];
