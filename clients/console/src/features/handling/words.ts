/** How deadlines are said. */
import type { Schemas } from "@lvyi/api";
import { day, today } from "@lvyi/shared";

type Deadline = Schemas["DeadlineOut"];

/** How a deadline stands: 还有12个工作日, 今天到期, 已超期3个工作日, 3月2日完成 … */
export function deadlineWords({ state, starts_on, due_on, met_on, is_late, workdays_left }: Deadline): string {
  if (state === "lifted") return "已解除";
  if (state === "lapsed") return "期限已过";
  if (state === "met") return `${day(met_on!)}${is_late ? "超期" : ""}完成`;
  const left = workdays_left ?? 0;
  if (state === "overdue") return left ? `已超期${-left}个工作日` : "已超期";
  if (starts_on > today()) return `${day(starts_on)}开始`;
  if (due_on === today()) return "今天到期";
  return left ? `还有${left}个工作日` : `${day(due_on)}到期`;
}

const SOON = 3; // working days

/** The tone of a deadline: late is mine to do, near is a warning, met is done. */
export function deadlineTone({ state, is_late, workdays_left }: Deadline): "mine" | "warn" | "done" | "plain" {
  if (state === "overdue") return "mine";
  if (state === "met") return is_late ? "warn" : "done";
  const left = workdays_left ?? -1;
  return state === "open" && left >= 0 && left <= SOON ? "warn" : "plain";
}
