import { now } from "@lvyi/api";

import { messages } from "../zh-CN";

const MINUTE = 60_000;

/** How long ago, for lists: 刚刚, 5分钟前, 今天 09:30, 昨天 14:05, 3月2日, 2025年3月2日. */
export function since(iso: string): string {
  const at = new Date(iso);
  const present = new Date(now());
  const ago = present.getTime() - at.getTime();
  if (Math.abs(ago) < MINUTE) return messages.time.now;
  if (ago > 0 && ago < 60 * MINUTE) return messages.time.minutes(Math.floor(ago / MINUTE));
  if (at.toDateString() === present.toDateString()) return messages.time.today(clock(iso));
  const dayBefore = new Date(present.getFullYear(), present.getMonth(), present.getDate() - 1);
  if (at.toDateString() === dayBefore.toDateString()) return messages.time.yesterday(clock(iso));
  return day(iso);
}

/** A day, of a moment or of a local day such as `2026-03-02`: 3月2日, with the year when it is another. */
export function day(iso: string): string {
  const at = new Date(iso.length === 10 ? `${iso}T00:00` : iso);
  const [year, month, date] = [at.getFullYear(), at.getMonth() + 1, at.getDate()];
  const isThisYear = year === new Date(now()).getFullYear();
  return isThisYear ? messages.time.day(month, date) : messages.time.dayOfYear(year, month, date);
}

/** From a day to another: 3月2日至5月4日; with the years of both when they differ. */
export function days(from: string, to: string): string {
  if (from.slice(0, 4) === to.slice(0, 4)) return `${day(from)}至${day(to)}`;
  return [from, to]
    .map((iso) => messages.time.dayOfYear(...(iso.split("-").map(Number) as [number, number, number])))
    .join("至");
}

/** Today on this phone, as the API writes days: 2026-03-02. */
export function today(): string {
  const at = new Date(now());
  return [at.getFullYear(), at.getMonth() + 1, at.getDate()].map((n) => String(n).padStart(2, "0")).join("-");
}

/** The time of a day: 14:05. */
export function clock(iso: string): string {
  const at = new Date(iso);
  return [at.getHours(), at.getMinutes()].map((n) => String(n).padStart(2, "0")).join(":");
}

/** A day and its time, for meetings and deadlines: 3月2日 14:05. */
export function moment(iso: string): string {
  return `${day(iso)} ${clock(iso)}`;
}

/** A phone number as people write it: +8613800000000 is 138 0000 0000; one of another country keeps its code. */
export function phoneText(phone: string): string {
  return phone.replace(/^\+86(\d{3})(\d{4})(\d{4})$/, "$1 $2 $3");
}

/** A count in little room: 9999, 1.2万, 35万. */
export function count(n: number): string {
  if (n < 10_000) return String(n);
  const tens = Math.floor(n / 1000) / 10;
  return messages.tenThousands(tens < 100 ? String(tens) : String(Math.floor(tens)));
}

/** A count in full: 12,345. By hand, because the first use of a browser's own number format takes long on a phone. */
export function grouped(n: number): string {
  return String(n).replace(/\B(?=(\d{3})+$)/g, ",");
}
