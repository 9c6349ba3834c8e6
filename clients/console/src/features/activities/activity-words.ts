/** What an activity says, as the desk's form has it. */
import type { Schemas } from "@lvyi/api";
import { moment } from "@lvyi/shared";
import type { Choice } from "~/list/filters";
import { fromField, inDays, toField } from "~/ui/local-time";
import type { Activity, ActivityDetail, ActivityIn } from "./activities";

export interface ActivityWords {
  title: string;
  kind: Activity["kind"];
  place: string;
  venue: Choice | null;
  online_link: string;
  online_number: string;
  starts: string;
  ends: string;
  half_days: number;
  must_attend: boolean;
  host: number | null;
  agenda: NonNullable<ActivityIn["agenda"]>;
  papers: NonNullable<ActivityIn["papers"]>;
  /** Of the activity that the change began from; 0: it is new. */
  version: number;
}

export const newWords = (): ActivityWords => ({
  title: "", kind: "committee_meeting", place: "", venue: null, online_link: "", online_number: "", starts: inDays(7, 9), ends: inDays(7, 12), half_days: 1, must_attend: false, host: null, agenda: [], papers: [], version: 0,
});

export const wordsOf = (activity: ActivityDetail): ActivityWords => ({
  title: activity.title,
  kind: activity.kind,
  place: activity.place,
  venue: activity.venue_id ? { value: String(activity.venue_id), label: activity.venue ?? "" } : null,
  online_link: activity.online_link,
  online_number: activity.online_number,
  starts: toField(activity.starts_at),
  ends: toField(activity.ends_at),
  half_days: activity.half_days,
  must_attend: activity.must_attend,
  host: activity.committee_id,
  agenda: activity.agenda.map((item) => ({ ...item })),
  papers: activity.papers.map(({ title, file }) => ({ title, file_key: file.key })),
  version: activity.version,
});

/** The whole as text, to compare two of them line by line. */
export function asText(words: ActivityWords, hosts: { id: number; name: string }[], kinds: Schemas["Choice"][]): string {
  const host = words.host === null ? "办公厅" : (hosts.find(({ id }) => id === words.host)?.name ?? "");
  const kind = kinds.find(({ code }) => code === words.kind)?.label ?? "";
  return [
    words.title,
    `${kind}，${host}主办，计 ${words.half_days} 个半天${words.must_attend ? "，应当出席" : ""}`,
    `${moment(fromField(words.starts))} 至 ${moment(fromField(words.ends))}　${words.place}`,
    ...(words.venue ? [`议事场所：${words.venue.label}`] : []),
    ...[words.online_link, words.online_number].filter(Boolean).map((one) => `线上会议：${one}`),
    ...words.agenda.map(({ time, title, speaker }) => ["议程：", time, title, speaker].filter(Boolean).join(" ")),
    ...words.papers.map(({ title }) => `材料：${title}`),
  ].join("\n");
}
