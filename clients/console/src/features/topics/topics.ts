/** Topics of deliberation at the desk: what is read of them, and what the staff does with them. */
import { useQuery } from "@tanstack/vue-query";
import { api, type Schemas } from "@lvyi/api";
import { queryClient } from "@lvyi/shared";
import { computed, type Ref } from "vue";
import { recount } from "~/frame/counts";
import { type Column, MOMENT } from "~/list/columns";
import type { FilterField } from "~/list/filters";
import { moment } from "@lvyi/shared";

export type Topic = Schemas["TopicOut"];
export type TopicIn = Schemas["TopicIn"];
export type TopicRow = Schemas["TopicRow"];
export type Reply = Schemas["ReplyOut"];

export const COLUMNS: Column<TopicRow>[] = [
  { key: "title", label: "议题", width: 320, grows: true, text: ({ title }) => title },
  { key: "state", label: "状态", width: 96, text: ({ state_label }) => state_label },
  { key: "replies", label: "意见", width: 60, isNumber: true, text: ({ reply_count }) => String(reply_count) },
  { key: "closes_at", label: "截止", width: MOMENT, text: ({ closes_at }) => moment(closes_at) },
  { key: "opens_at", label: "开始", width: MOMENT, isExtra: true, text: ({ opens_at }) => moment(opens_at) },
  { key: "invited", label: "范围", width: 88, isExtra: true, text: ({ invited_only }) => (invited_only ? "受邀委员" : "全体委员") },
];

export const FIELDS: FilterField[] = [
  {
    key: "which",
    label: "范围",
    choices: [
      { value: "open", label: "进行中和未开始" },
      { value: "ended", label: "已结束" },
      { value: "drafts", label: "草稿" },
    ],
  },
  {
    key: "waits_for",
    label: "等待",
    choices: [
      { value: "publishing", label: "待发布" },
      { value: "closing", label: "将截止" },
      { value: "report", label: "待写成果" },
    ],
  },
];

/** What the staff does with a topic, in the order in which it comes. */
export const VERBS = { publish: "发布议题", report: "写成果", extend: "延长", edit: "修改", close: "提前结束" } as const;
export type Verb = keyof typeof VERBS;

const keyOf = (id: number) => ["topics", "one", id];

export function useTopic(id: Ref<number>) {
  return useQuery({
    queryKey: computed(() => keyOf(id.value)),
    queryFn: async ({ signal }) => (await api.GET("/api/v1/topics/{topic_id}", { params: { path: { topic_id: id.value } }, signal })).data,
    enabled: computed(() => id.value > 0),
  });
}

export function useTopicSteps(id: Ref<number>) {
  return useQuery({
    queryKey: computed(() => ["topics", "steps", id.value]),
    queryFn: async ({ signal }) => (await api.GET("/api/v1/topics/{topic_id}/steps", { params: { path: { topic_id: id.value } }, signal })).data,
  });
}

/** Everything that shows topics is asked anew. */
export function refreshTopics(): void {
  void queryClient.invalidateQueries({ queryKey: ["topics"] });
  recount();
}

export async function getPaper(topicId: number, paperId: number): Promise<string> {
  return (await api.GET("/api/v1/topics/{topic_id}/papers/{paper_id}", { params: { path: { topic_id: topicId, paper_id: paperId } } })).data.body;
}

const at = (id: number) => ({ params: { path: { topic_id: id } } });
function done({ data }: { data: Topic }): Topic {
  queryClient.setQueryData(keyOf(data.id), data);
  refreshTopics();
  return data;
}

/** The key makes a second try of one draft give the topic that the first one made. */
export const create = async (body: TopicIn, key: string) => done(await api.POST("/api/v1/topics", { body, params: { header: { "idempotency-key": key } } }));
export const rewrite = async (id: number, body: TopicIn) => done(await api.PUT("/api/v1/topics/{topic_id}", { ...at(id), body }));
export const publish = async (id: number) => done(await api.POST("/api/v1/topics/{topic_id}/publication", at(id)));
export const close = async (id: number, reason: string) => done(await api.POST("/api/v1/topics/{topic_id}/closing", { ...at(id), body: { reason } }));
export const extend = async (id: number, closes_at: string, reason: string) => done(await api.POST("/api/v1/topics/{topic_id}/extension", { ...at(id), body: { closes_at, reason } }));
export const report = async (id: number, words: string) => done(await api.PUT("/api/v1/topics/{topic_id}/report", { ...at(id), body: { report: words } }));

export async function hide(replyId: number, reason: string): Promise<void> {
  await api.PUT("/api/v1/replies/{reply_id}/hidden", { params: { path: { reply_id: replyId } }, body: { reason } });
  refreshTopics();
}
export async function unhide(replyId: number): Promise<void> {
  await api.DELETE("/api/v1/replies/{reply_id}/hidden", { params: { path: { reply_id: replyId } } });
  refreshTopics();
}

/** A reply as the report quotes it, with whose it is. */
export const quotation = ({ author_name, author_sector, body }: Reply) => `${author_name}委员${author_sector ? `（${author_sector}）` : ""}：“${body.trim()}”`;

export interface Voices {
  members: number;
  /** How many opinions came from each sector, the most first. */
  bySector: { name: string; replies: number; members: number }[];
  /** Those who were asked and have said nothing. */
  silent: string[];
}

/** Who has spoken in a topic, and which of the sectors that were asked have not. */
export function voicesOf(replies: Reply[], asked: string[]): Voices {
  const sectors = new Map<string, { replies: number; seats: Set<number> }>();
  for (const { state, seat_id, author_sector } of replies) {
    if (state !== "shown" || !seat_id || !author_sector) continue;
    const sector = sectors.get(author_sector) ?? { replies: 0, seats: new Set() };
    sector.replies += 1;
    sector.seats.add(seat_id);
    sectors.set(author_sector, sector);
  }
  const bySector = [...sectors].map(([name, { replies: count, seats }]) => ({ name, replies: count, members: seats.size }));
  return {
    members: bySector.reduce((sum, { members }) => sum + members, 0),
    bySector: bySector.sort((a, b) => b.replies - a.replies),
    silent: asked.filter((name) => !sectors.has(name)),
  };
}
