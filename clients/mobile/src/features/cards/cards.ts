/** Duty memorial cards: fetching them, how each section looks, and what their figures count. */
import { api, type Schemas } from "@lvyi/api";
import { day, setStored, getStored, queryClient, routeOf, useSettings } from "@lvyi/shared";
import { useQuery } from "@tanstack/vue-query";
import { computed, ref, toValue, watchEffect, type MaybeRefOrGetter, type WritableComputedRef } from "vue";
import type { SceneName } from "./scenery/scenes";

export type Card = Schemas["CardDict"];
export type Section = Schemas["SectionDict"];
export type Figure = Schemas["FigureDict"];
export type Issued = Schemas["IssuedOut"];

/** One thing that a figure counts. */
export interface Counted {
  id: string;
  title: string;
  note: string;
  to: string | null;
}

interface Look {
  /** What is drawn behind the section. */
  scene: SceneName;
  /** Whether it stands on the deep colour of its world or on paper. */
  tone: "deep" | "paper";
  /** The character of its seal; the first and the last page have none. */
  seal?: string;
}

export const LOOKS: Record<Section["kind"], Look> = {
  opening: { scene: "peaks", tone: "deep" },
  days: { scene: "path", tone: "paper", seal: "日" },
  updates: { scene: "ripples", tone: "paper", seal: "圈" },
  deliberation: { scene: "city", tone: "deep", seal: "议" },
  proposals: { scene: "hall", tone: "paper", seal: "案" },
  opinions: { scene: "clouds", tone: "paper", seal: "声" },
  activities: { scene: "city", tone: "paper", seal: "会" },
  service: { scene: "path", tone: "deep", seal: "民" },
  consultation: { scene: "hall", tone: "paper", seal: "商" },
  reading: { scene: "moon", tone: "deep", seal: "读" },
  keywords: { scene: "clouds", tone: "paper", seal: "词" },
  companions: { scene: "boats", tone: "paper", seal: "伴" },
  milestones: { scene: "path", tone: "paper", seal: "程" },
  honors: { scene: "rays", tone: "deep", seal: "誉" },
  shortfall: { scene: "clouds", tone: "paper", seal: "进" },
  closing: { scene: "dusk", tone: "deep" },
};

const WORLDS = ["pine", "moon", "cinnabar", "violet"] as const;

/** The colours of a card: those of its duty year, gold for a term. */
export function worldOf(period: string): string {
  return period === "term" ? "gold" : WORLDS[Number(period) % WORLDS.length]!;
}

/** A member's card of a duty year (`"2026"`) or the `term`; asked only when a period is named. */
export function useCard(seat: MaybeRefOrGetter<number>, period: MaybeRefOrGetter<string>) {
  return useQuery({
    queryKey: computed(() => ["cards", toValue(seat), toValue(period)]),
    queryFn: async ({ signal }) => {
      const path = { seat_id: toValue(seat), period: toValue(period) };
      return (await api.GET("/api/v1/cards/{seat_id}/{period}", { params: { path }, signal })).data;
    },
    enabled: () => toValue(period) !== "",
  });
}

/** The duty years for which a member has a card, newest first, then the term; asked only of a seat. */
export function useCardPeriods(seat: MaybeRefOrGetter<number>) {
  return useQuery({
    queryKey: computed(() => ["cards", toValue(seat)]),
    queryFn: async ({ signal }) => {
      const path = { seat_id: toValue(seat) };
      return (await api.GET("/api/v1/cards/{seat_id}", { params: { path }, signal })).data;
    },
    enabled: () => toValue(seat) > 0,
  });
}

/** The last issued version of a card; null when there is none, or when it is not ours to see. */
export function useIssued(seat: MaybeRefOrGetter<number>, period: MaybeRefOrGetter<string>) {
  return useQuery({
    queryKey: computed(() => ["cards", "issued", toValue(seat), toValue(period)]),
    queryFn: async ({ signal }) => {
      const query = { seat_id: toValue(seat), period: toValue(period), limit: 1 };
      return (await api.GET("/api/v1/issued-cards", { params: { query }, signal })).data.items[0] ?? null;
    },
  });
}

/** Lets the public page of one's own card show all of it, or name, period and seal only. */
export async function shareIssued({ id, seat_id, period }: Issued, all: boolean): Promise<void> {
  const params = { path: { issued_id: id } };
  await api.PUT("/api/v1/issued-cards/{issued_id}/sharing", { params, body: { sharing: all ? "all" : "seal" } });
  await queryClient.invalidateQueries({ queryKey: ["cards", "issued", seat_id, period] });
}

/** A title without the marks around it, for where it stands alone. */
export function bare(title: string): string {
  return title.replace(/^《(.*)》$|^“(.*)”$/s, "$1$2");
}

/** The path of the poster, a picture of 1080 pixels' width: of the issued card while that stands; `large` in large type. */
export function posterOf(seat: number, period: string, issued: Issued | null | undefined, large: boolean): string {
  const card = issued?.state === "issued" ? `issued-cards/${issued.id}` : `cards/${seat}/${period}`;
  return `/api/v1/${card}/poster.png?design=${large ? "elder" : "standard"}`;
}

const chosen = ref(getStored("poster"));
watchEffect(() => chosen.value && setStored("poster", chosen.value));

/** Whether posters are wanted in large type: as was chosen on this phone, else in elder mode. */
export function useLargePoster(): WritableComputedRef<boolean> {
  const { elder } = useSettings();
  return computed({
    get: () => (chosen.value === null ? elder.value : chosen.value === "large"),
    set: (large) => (chosen.value = large ? "large" : "usual"),
  });
}

/** A page of what a figure counts; `records` is its path. */
export async function counted(records: string, cursor: string | undefined, signal: AbortSignal) {
  const { pathname, searchParams } = new URL(records, location.origin);
  const [group, seat, name, , key] = pathname.replace("/api/v1/", "").split("/");
  const seat_id = Number(seat);
  const filters = {
    year: searchParams.has("year") ? Number(searchParams.get("year")) : undefined,
    since: searchParams.get("since") ?? undefined,
    until: searchParams.get("until") ?? undefined,
    cursor,
  };
  if (group === "cards") {
    const path = { seat_id, period: name!, key: key as "opinions" };
    const listed = "/api/v1/cards/{seat_id}/{period}/lists/{key}";
    const query = { cursor, word: searchParams.get("word") ?? undefined };
    const { data } = await api.GET(listed, { params: { path, query }, signal });
    return page(data, cursor, ({ on, title, times, path }) => ({
      title,
      note: times > 1 ? `${day(on)} · ${times} 次` : day(on),
      to: routeOf(path),
    }));
  }
  if (name === "days") {
    const { data } = await api.GET("/api/v1/seats/{seat_id}/days", {
      params: { path: { seat_id }, query: filters },
      signal,
    });
    return page(data, cursor, ({ on, acts }) => ({ title: day(on), note: `履职 ${acts} 次`, to: null }));
  }
  const kind = searchParams.getAll("kind") as Schemas["RecordOut"]["kind"][];
  const { data } = await api.GET("/api/v1/seats/{seat_id}/records", {
    params: { path: { seat_id }, query: { ...filters, kind } },
    signal,
  });
  return page(data, cursor, ({ on, title, kind_label, quantity, unit, path }) => ({
    title: title || kind_label,
    note: quantity > 1 ? `${day(on)} · ${kind_label} · ${quantity} ${unit}` : `${day(on)} · ${kind_label}`,
    to: routeOf(path),
  }));
}

function page<T>(
  data: { items: T[]; next?: string | null },
  cursor: string | undefined,
  entry: (item: T) => Omit<Counted, "id">,
): { items: Counted[]; next?: string | null } {
  return {
    items: data.items.map((item, row) => ({ id: `${cursor ?? ""}/${row}`, ...entry(item) })),
    next: data.next,
  };
}
