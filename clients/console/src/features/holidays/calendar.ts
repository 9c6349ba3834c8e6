/** A year of days in weeks, Monday first. */
import type { Schemas } from "@lvyi/api";

export type Day = Schemas["WorkdayOut"];

/** The days of each month, with how many places before its first day stay empty. */
export function months(days: Day[]): { month: number; before: number; days: Day[] }[] {
  return Array.from({ length: 12 }, (_, i) => {
    const of = days.filter(({ day }) => Number(day.slice(5, 7)) === i + 1);
    const first = of[0] ? new Date(`${of[0].day}T00:00`).getDay() : 1;
    return { month: i + 1, before: (first + 6) % 7, days: of };
  });
}

/** Lines as `10-01 休 国庆节`, `2027年10月10日 班 国庆节调休`, `10-01至10-07 休 国庆节`: the days they set, and lines that were not understood. */
export function parse(text: string, year: number): { days: { day: string; is_workday: boolean; name: string }[]; wrong: string[] } {
  const days = new Map<string, { day: string; is_workday: boolean; name: string }>();
  const wrong: string[] = [];
  const DATE = String.raw`(?:(\d{4})[年/.-])?(\d{1,2})[月/.-](\d{1,2})日?`;
  const LINE = new RegExp(String.raw`^${DATE}(?:\s*[至到~—]+\s*${DATE})?[\s,，]*(休息|放假|休|上班|补班|班)[\s,，]*(.*)$`);
  for (const line of text.split("\n").map((one) => one.trim()).filter(Boolean)) {
    const match = LINE.exec(line);
    const from = match && dateOf(match[1], match[2], match[3], year);
    const to = match?.[5] ? dateOf(match[4], match[5], match[6], year) : from;
    if (!match || !from || !to || to < from || to.getTime() - from.getTime() > 31 * 86_400_000) {
      wrong.push(line);
      continue;
    }
    const is_workday = match[7]!.includes("班");
    for (const at = new Date(from); at <= to; at.setUTCDate(at.getUTCDate() + 1)) {
      const day = at.toISOString().slice(0, 10);
      days.set(day, { day, is_workday, name: match[8]!.trim() || (is_workday ? "调休上班" : "放假") });
    }
  }
  return { days: [...days.values()], wrong };
}

function dateOf(year: string | undefined, month: string | undefined, date: string | undefined, usual: number): Date | null {
  const at = new Date(Date.UTC(Number(year ?? usual), Number(month) - 1, Number(date)));
  return at.getUTCMonth() === Number(month) - 1 && at.getUTCDate() === Number(date) ? at : null;
}
