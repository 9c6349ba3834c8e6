/** The columns and filters of lists of proposals. */
import { day } from "@lvyi/shared";
import type { Column } from "~/list/columns";
import type { FilterField } from "~/list/filters";
import type { ProposalRow } from "./proposals";

const dayOf = (iso: string | null | undefined) => (iso ? day(iso) : "");

export const COLUMNS: Column<ProposalRow>[] = [
  { key: "number", label: "案号", width: 60, isNumber: true, text: ({ number }) => (number ? String(number) : "") },
  { key: "title", label: "题目", width: 320, grows: true, text: ({ title }) => title || "（无题）" },
  { key: "state", label: "状态", width: 96, text: ({ state_label }) => state_label },
  { key: "author", label: "提案者", width: 130, text: ({ body_name, author_name }) => body_name ?? author_name },
  { key: "submitted_at", label: "提交", width: 88, text: ({ submitted_at }) => dayOf(submitted_at) },
  { key: "kind", label: "类型", width: 88, isExtra: true, text: ({ kind_label }) => kind_label },
  { key: "category", label: "类别", width: 96, isExtra: true, text: ({ category }) => category ?? "" },
  { key: "sector", label: "界别", width: 110, isExtra: true, text: ({ author_sector }) => author_sector },
  { key: "cosigners", label: "联名", width: 60, isNumber: true, isExtra: true, text: ({ cosigner_count }) => String(cosigner_count || "") },
  { key: "window", label: "届次", width: 130, isExtra: true, text: ({ window_name }) => window_name ?? "" },
  { key: "result", label: "办理结果", width: 96, isExtra: true, text: ({ result_class_label }) => result_class_label ?? "" },
  { key: "filed_at", label: "立案", width: 88, isExtra: true, text: ({ filed_at }) => dayOf(filed_at) },
  { key: "closed_at", label: "办结", width: 88, isExtra: true, text: ({ closed_at }) => dayOf(closed_at) },
];

export const FIELDS: FilterField[] = [
  {
    key: "scope",
    label: "范围",
    choices: [
      { value: "review", label: "审查中" },
      { value: "filed", label: "已立案" },
      { value: "supervised", label: "督办" },
    ],
  },
  {
    key: "is_key",
    label: "重点提案",
    choices: [
      { value: "true", label: "只看重点" },
      { value: "false", label: "不看重点" },
    ],
  },
];
