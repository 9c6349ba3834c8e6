/** The columns and filters of lists of proposals. */
import { day, today } from "@lvyi/shared";
import { cellDay, type Column, DAY } from "~/list/columns";
import type { ProposalRow } from "~/features/proposals/proposals";

const DAY_LENGTH = 86_400_000;
const daysSince = (iso: string) => Math.max(0, Math.floor((Date.now() - Date.parse(iso)) / DAY_LENGTH));

/** How long there is until a day that something is due, and how urgent that is. */
export function leftUntil(due: string, from = today()): { text: string; short: string; tone: "late" | "soon" | "calm" } {
  const left = Math.round((Date.parse(due) - Date.parse(from)) / DAY_LENGTH);
  const short = left < 0 ? `超期 ${-left} 天` : left ? `还剩 ${left} 天` : "今天到期";
  const [, month, date] = due.split("-").map(Number);
  const tone = left <= 0 ? "late" : left <= 3 ? "soon" : "calm";
  return { short, tone, text: left > 0 && left < 300 ? `${month}月${date}日，${left} 天` : left <= 0 ? short : day(due) };
}

export const COLUMNS: Column<ProposalRow>[] = [
  { key: "number", label: "案号", width: 64, isNumber: true, sort: "number", text: ({ number }) => (number ? String(number) : "") },
  { key: "title", label: "题目", width: 320, grows: true, sort: "title", text: ({ title }) => title || "（无题）" },
  { key: "state", label: "状态", width: 96, text: ({ state_label }) => state_label },
  { key: "author", label: "提案者", width: 130, text: ({ body_name, author_name }) => body_name ?? author_name },
  { key: "due_on", label: "期限", width: 140, sort: "due_on", text: ({ due_on }) => (due_on ? leftUntil(due_on).text : "") },
  { key: "units", label: "承办单位", width: 150, text: ({ unit_names }) => unit_names.join("、") },
  { key: "submitted_at", label: "提交", width: DAY, sort: "submitted_at", text: ({ submitted_at }) => cellDay(submitted_at) },
  { key: "kind", label: "类型", width: 88, isExtra: true, text: ({ kind_label }) => kind_label },
  { key: "category", label: "类别", width: 96, isExtra: true, text: ({ category }) => category ?? "" },
  { key: "sector", label: "界别", width: 110, isExtra: true, text: ({ author_sector }) => author_sector },
  { key: "cosigners", label: "联名", width: 60, isNumber: true, isExtra: true, text: ({ cosigner_count }) => String(cosigner_count || "") },
  { key: "window", label: "届次", width: 130, isExtra: true, text: ({ window_name }) => window_name ?? "" },
  { key: "result", label: "办理结果", width: 96, isExtra: true, text: ({ result_class_label }) => result_class_label ?? "" },
  { key: "filed_at", label: "立案", width: DAY, sort: "filed_at", isExtra: true, text: ({ filed_at }) => cellDay(filed_at) },
  { key: "waiting", label: "已等待", width: 80, isNumber: true, isExtra: true, text: ({ waiting_since }) => `${daysSince(waiting_since)} 天` },
  { key: "entered", label: "会期", width: 88, isExtra: true, text: ({ period_label }) => period_label ?? "" },
  { key: "closed_at", label: "办结", width: DAY, isExtra: true, text: ({ closed_at }) => cellDay(closed_at) },
];
