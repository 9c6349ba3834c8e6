/** Annual bulletins (年度通报) at the desk: the versions, the draft, and the lists that figures open. */
import { useQuery } from "@tanstack/vue-query";
import { api, Problem, type Schemas } from "@lvyi/api";
import { day, queryClient, usePages } from "@lvyi/shared";
import { useDraft, type OpenDraft } from "@lvyi/shared/drafts";
import { computed, type Ref } from "vue";
import type { LocationQuery } from "vue-router";
import { usePost } from "~/forms/write";
import { recount } from "~/frame/counts";
import { screenOf } from "~/frame/addresses";
import { type Column, DAY } from "~/list/columns";

export type Bulletin = Schemas["BulletinDetail"];
export type BulletinRow = Schemas["BulletinOut"];
export type Counts = Schemas["BulletinCounts"];
type Words = { preface: string; reason: string };

const at = (id: number) => ({ params: { path: { bulletin_id: id } } });
const keyOf = (id: number) => ["bulletins", "one", id];

export const COLUMNS: Column<BulletinRow>[] = [
  { key: "year", label: "年度", width: 220, grows: true, text: ({ label }) => label },
  { key: "version", label: "版次", width: 76, text: ({ version }) => `第 ${version} 版` },
  { key: "state", label: "状态", width: 92, text: ({ state_label }) => state_label },
  { key: "published", label: "发布", width: DAY, text: ({ published_at }) => (published_at ? day(published_at) : "") },
];

export function useBulletins(state: Ref<string | undefined>) {
  return usePages(
    computed(() => ["bulletins", "list", state.value]),
    async (cursor, signal) => {
      const query = { state: state.value as Schemas["BulletinState"] | undefined, cursor };
      return (await api.GET("/api/v1/bulletins", { params: { query }, signal })).data;
    },
  );
}

export function useBulletin(id: Ref<number>) {
  return useQuery({
    queryKey: computed(() => keyOf(id.value)),
    queryFn: async ({ signal }) => (await api.GET("/api/v1/bulletins/{bulletin_id}", { ...at(id.value), signal })).data,
    // a draft is counted after it was made
    refetchInterval: ({ state: { data } }) => (data?.state === "draft" && !data.counted_at ? 1500 : false),
  });
}

export function refresh(): void {
  void queryClient.invalidateQueries({ queryKey: ["bulletins"] });
  recount();
}

/** Draws up the next version of a year; asked again after a lost answer there is still one. */
export function useDrawUp() {
  const run = usePost<BulletinRow>();
  return (body: Schemas["BulletinIn"]): Promise<BulletinRow> => run("bulletins", body).finally(refresh);
}

export async function countAgain(id: number): Promise<void> {
  await api.PUT("/api/v1/bulletins/{bulletin_id}/counts", at(id));
  refresh();
}

export async function publish(id: number): Promise<void> {
  await api.PUT("/api/v1/bulletins/{bulletin_id}/publication", at(id));
  refresh();
}

export async function deleteDraft(id: number): Promise<void> {
  await api.DELETE("/api/v1/bulletins/{bulletin_id}", at(id));
  queryClient.removeQueries({ queryKey: keyOf(id) });
  refresh();
}

/** What drafts compare is the revision of the text, not the version that is published. */
type Saved = Words & { version: number };
const saved = ({ preface, reason, revision }: Bulletin): Saved => ({ preface, reason: reason ?? "", version: revision });

/** The words of a draft while they are written, in this browser and on the server at once. */
export function useWords(id: number): OpenDraft<Words> {
  return useDraft<Words>("desk-bulletin", id, {
    empty: { preface: "", reason: "" },
    route: "",
    title: () => "年度通报的前言",
    server: {
      get: async () => saved((await api.GET("/api/v1/bulletins/{bulletin_id}", at(id))).data),
      put: async ({ preface, reason }, version) => {
        const params = { path: { bulletin_id: id }, header: { "if-match": `"${version}"` } };
        try {
          const { data } = await api.PUT("/api/v1/bulletins/{bulletin_id}", { params, body: { preface, reason: reason.trim() || null } });
          queryClient.setQueryData(keyOf(id), data);
          return saved(data);
        } catch (error) {
          if (error instanceof Problem && error.status === 412) {
            const current = saved(error.current as Bulletin);
            throw new Problem(412, { code: error.code, detail: error.detail, current });
          }
          throw error;
        }
      },
      value: ({ preface, reason }: Saved) => ({ preface, reason }),
    },
  });
}

/** Per head in both years: 人均 0.66，上年 0.61，增长 8.2%. */
export function compared({ now, before, change }: Counts): string {
  const each = (value: number | null) => (value === null ? "—" : value.toFixed(2));
  const grown = change === null ? "" : change === 0 ? "，持平" : `，${change > 0 ? "增长" : "减少"} ${Math.abs(change * 100).toFixed(1)}%`;
  return `${each(now.per_head)}，${before.label} ${each(before.per_head)}${grown}`;
}

/** A row of any list that a figure opens. */
export interface FigureRow {
  key: string;
  title: string;
  note: string;
  figure: string;
  to: string | null;
}

const who = ({ name, sector }: Schemas["BoardSeat"]) => `${name}（${sector}）`;

/** The rows that a figure counts: `list` and `query` are those of the figure's path. */
export function useFigureRows(id: number, list: string[], query: LocationQuery) {
  const key = ["bulletins", "figure", id, ...list, query];
  const params = (cursor?: string) => ({ params: { path: { bulletin_id: id }, query: { ...query, cursor, limit: 100 } } });
  const records = ({ id: record, title, seat, kind_label, on, quantity, unit, path, voided }: Schemas["BulletinRecord"]): FigureRow => ({
    key: String(record),
    title,
    note: [who(seat), kind_label, day(on), voided && "统计后已作废"].filter(Boolean).join(" · "),
    figure: `${quantity} ${unit}`,
    to: screenOf(path),
  });
  return usePages<{ items: FigureRow[]; next?: string | null }>(key, async (cursor, signal) => {
    const [kind, seat, duty] = list;
    if (kind === "unmet" && seat && duty) {
      const path = { bulletin_id: id, seat_id: Number(seat), duty };
      const { data } = await api.GET("/api/v1/bulletins/{bulletin_id}/unmet/{seat_id}/{duty}", { params: { path, query: { cursor } }, signal });
      return { ...data, items: data.items.map(records) };
    }
    if (kind === "subjects") {
      const { data } = await api.GET("/api/v1/bulletins/{bulletin_id}/subjects", { ...params(cursor), signal });
      return {
        ...data,
        items: data.items.map((one) => ({ key: `${one.subject_type}:${one.subject_id}`, title: one.title, note: day(one.on), figure: `${one.records} 人次`, to: screenOf(one.path) })),
      };
    }
    if (kind === "proposals") {
      const { data } = await api.GET("/api/v1/bulletins/{bulletin_id}/proposals", { ...params(cursor), signal });
      return { ...data, items: data.items.map((one) => ({ key: String(one.id), title: one.title, note: one.body, figure: day(one.on), to: screenOf(one.path) })) };
    }
    if (kind === "members") {
      const { data } = await api.GET("/api/v1/bulletins/{bulletin_id}/members", { ...params(cursor), signal });
      return {
        ...data,
        items: data.items.map(({ seat: member, days, points, records: of }) => ({
          key: String(member.id),
          title: who(member),
          note: `在任 ${days} 天${points === null ? "" : ` · ${points} 分`}`,
          figure: of ? `${of.count} 人次` : "",
          to: screenOf(of?.path),
        })),
      };
    }
    const { data } = await api.GET("/api/v1/bulletins/{bulletin_id}/records", { ...params(cursor), signal });
    return { ...data, items: data.items.map(records) };
  });
}

/** Who has minimum duties left; for staff. */
export function useUnmet(id: number) {
  return usePages(["bulletins", "unmet", id], async (cursor, signal) => {
    const params = { path: { bulletin_id: id }, query: { cursor, limit: 50 } };
    return (await api.GET("/api/v1/bulletins/{bulletin_id}/unmet", { params, signal })).data;
  });
}
