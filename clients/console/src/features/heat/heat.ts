/** The leaderboard as the secretariat tracks it: whole boards, with how each row moved since the period before. */
import { useQuery } from "@tanstack/vue-query";
import { api, type Schemas } from "@lvyi/api";
import { computed, type Ref } from "vue";
import type { Column } from "~/list/columns";
import type { FilterField } from "~/list/filters";

type Row = Schemas["BoardRow"];
export type Window = Schemas["BoardWindow"]["kind"];
export type Board = Schemas["BoardPage"]["board"];

export interface BoardFilters {
  window: Window;
  board: Board;
  group_id?: number;
}

export interface HeatRow extends Row {
  /** The seat's. */
  id: number;
  /** Places gained since the period before; null for who was not on the board then. */
  gained: number | null;
}

export interface SectorHeat {
  name: string;
  heat: number;
  members: number;
}

const WINDOWS = { week: "本周", month: "本月", duty_year: "本年度", term: "本届", now: "当前（逐日衰减）" };
const BOARDS = { all: "普通委员", standing: "常务委员", sector: "某个界别", committee: "某个专委会" };
const choices = (labels: Record<string, string>) => Object.entries(labels).map(([value, label]) => ({ value, label }));
export const PERIODS = choices(WINDOWS);
export const FIELDS: FilterField[] = [
  { key: "window", label: "期间", choices: PERIODS },
  { key: "board", label: "榜单", choices: choices(BOARDS) },
];

export const COLUMNS: Column<HeatRow>[] = [
  { key: "rank", label: "名次", width: 52, isNumber: true, text: ({ rank }) => String(rank) },
  { key: "name", label: "委员", width: 110, grows: true, text: ({ seat }) => seat.name },
  { key: "heat", label: "热力", width: 64, isNumber: true, text: ({ heat }) => rounded(heat) },
  { key: "gained", label: "升降", width: 64, text: ({ gained }) => moved(gained) },
  { key: "sector", label: "界别", width: 110, text: ({ seat }) => seat.sector },
  { key: "echoes", label: "回应", width: 56, isNumber: true, text: ({ parts }) => String(parts.echoes) },
  { key: "replies", label: "发言", width: 56, isNumber: true, text: ({ parts }) => String(parts.replies) },
  { key: "updates", label: "动态", width: 56, isNumber: true, text: ({ parts }) => String(parts.updates) },
  { key: "opinions", label: "信息", width: 56, isNumber: true, text: ({ parts }) => String(parts.opinions) },
];

export const rounded = (heat: number) => String(Math.round(heat * 10) / 10);

/** ↑3, ↓1, —, 新上榜. */
export function moved(gained: number | null): string {
  if (gained === null) return "新上榜";
  if (gained === 0) return "—";
  return gained > 0 ? `↑${gained}` : `↓${-gained}`;
}

/** The day on which the period before is looked at: a week ago, for months a month. */
export function dayBefore(window: Window, today: Date): string {
  const at = new Date(Date.UTC(today.getFullYear(), today.getMonth(), today.getDate()));
  if (window === "month") at.setUTCDate(0);
  else at.setUTCDate(at.getUTCDate() - 7);
  return at.toISOString().slice(0, 10);
}

/** The rows with the places that each has gained since `before`. */
export function withMoves(rows: Row[], before: Row[]): HeatRow[] {
  const ranks = new Map(before.map(({ seat, rank }) => [seat.id, rank]));
  return rows.map((row) => {
    const was = ranks.get(row.seat.id);
    return { ...row, id: row.seat.id, gained: was === undefined ? null : was - row.rank };
  });
}

/** The heat of sectors, the warmest first, and those in which nobody has any. */
export function sectorsOf(rows: Row[], all: string[]): { warm: SectorHeat[]; silent: string[] } {
  const sectors = new Map<string, SectorHeat>();
  for (const { seat, heat } of rows) {
    if (heat <= 0) continue;
    const sector = sectors.get(seat.sector) ?? { name: seat.sector, heat: 0, members: 0 };
    sectors.set(seat.sector, { ...sector, heat: sector.heat + heat, members: sector.members + 1 });
  }
  return { warm: [...sectors.values()].sort((a, b) => b.heat - a.heat), silent: all.filter((name) => !sectors.has(name)) };
}

async function allRows(filters: BoardFilters, on: string | undefined, signal: AbortSignal): Promise<Row[]> {
  const rows: Row[] = [];
  let cursor: string | undefined;
  do {
    const { data } = await api.GET("/api/v1/leaderboard", { params: { query: { ...filters, on, limit: 100, cursor } }, signal });
    rows.push(...data.items);
    cursor = data.next ?? undefined;
  } while (cursor);
  return rows;
}

/** A whole board with its moves. */
export async function boardOf(filters: BoardFilters, signal: AbortSignal): Promise<HeatRow[]> {
  const [rows, before] = await Promise.all([
    allRows(filters, undefined, signal),
    // before the term began there is no board
    allRows(filters, dayBefore(filters.window, new Date()), signal).catch(() => []),
  ]);
  return withMoves(rows, before);
}

/** The rows of all members, standing ones too, for the heat of sectors. */
export function useAllRows(window: Ref<Window>, refetchInterval: number | false = false) {
  return useQuery({
    queryKey: computed(() => ["heat", "all", window.value]),
    queryFn: async ({ signal }) =>
      (await Promise.all((["all", "standing"] as const).map((board) => allRows({ window: window.value, board }, undefined, signal)))).flat(),
    refetchInterval,
    refetchIntervalInBackground: true,
  });
}
