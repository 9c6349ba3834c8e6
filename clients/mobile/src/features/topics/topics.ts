/** Topics, and the words for how long they take opinions. */
import { now, type Schemas } from "@lvyi/api";
import { clock, day, moment } from "@lvyi/shared";
import { onScopeDispose, ref, type Ref } from "vue";

type Topic = Pick<Schemas["TopicRow"], "state" | "opens_at" | "closes_at">;

const HOUR = 3_600_000;

/** Whether a moment lies on this local day. */
export const isToday = (iso: string) => new Date(iso).toDateString() === new Date(now()).toDateString();

/** The server's time, renewed each half minute, for countdowns. */
export function useTime(): Ref<number> {
  const time = ref(now());
  const timer = setInterval(() => (time.value = now()), 30_000);
  onScopeDispose(() => clearInterval(timer));
  return time;
}

/** 还有 40 分钟截止, 今天 18:00 截止，还有 5 小时, 还有 6 天，11月29日 18:00 截止, 12月1日 09:00 开始 … */
export function period({ state, opens_at, closes_at }: Topic, at: number): string {
  const closes = Date.parse(closes_at);
  if (state === "draft" || state === "scheduled") return `${moment(opens_at)} 开始`;
  if (state !== "open" || closes <= at) return `${day(opens_at)}至${day(closes_at)}`;
  const left = closes - at;
  if (left < HOUR) return `还有 ${Math.max(1, Math.ceil(left / 60_000))} 分钟截止`;
  const hours = Math.floor(left / HOUR);
  if (new Date(closes).toDateString() === new Date(at).toDateString()) {
    return `今天 ${clock(closes_at)} 截止，还有 ${hours} 小时`;
  }
  if (hours < 24) return `明天 ${clock(closes_at)} 截止，还有 ${hours} 小时`;
  return `还有 ${Math.floor(hours / 24)} 天，${moment(closes_at)} 截止`;
}

/** Whether a topic closes within a day. */
export const isUrgent = ({ state, closes_at }: Topic, at: number) => {
  return state === "open" && Date.parse(closes_at) > at && Date.parse(closes_at) - at < 24 * HOUR;
};
