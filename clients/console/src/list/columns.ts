/** Columns of a list: which are shown, in which order, is each person's own choice. */
import { now } from "@lvyi/api";
import { day, keep, kept } from "@lvyi/shared";
import { computed, ref, type ComputedRef } from "vue";

export interface Column<Row> {
  key: string;
  label: string;
  /** Pixels; the one that grows takes what is left. */
  width: number;
  grows?: boolean;
  /** Numbers stand at the right. */
  isNumber?: boolean;
  /** The `sort` of the API; without it the head cannot be pressed. */
  sort?: string;
  /** What stands in the cell; a slot of the list may draw more. */
  text: (row: Row) => string;
  /** Shown only to those who choose it. */
  isExtra?: boolean;
}

export interface Columns<Row> {
  all: Column<Row>[];
  shown: ComputedRef<Column<Row>[]>;
  /** The keys that are shown, in their order. */
  choose: (keys: string[]) => void;
  reset: () => void;
}

/** The columns of the list `name` as this person has chosen them. */
export function useColumns<Row>(name: string, all: Column<Row>[]): Columns<Row> {
  const stored = `columns.${name}`;
  const usual = all.filter(({ isExtra }) => !isExtra).map(({ key }) => key);
  const keys = ref((kept(stored)?.split(",") ?? usual).filter((key) => all.some((column) => column.key === key)));

  return {
    all,
    shown: computed(() => keys.value.map((key) => all.find((column) => column.key === key)!)),
    choose(chosen) {
      keys.value = chosen;
      keep(stored, chosen.join());
    },
    reset() {
      keys.value = usual;
      keep(stored, null);
    },
  };
}

/** A day in a cell: 12月3日, of another year 2025-12-03. */
export function cellDay(iso: string | null | undefined): string {
  if (!iso) return "";
  const at = new Date(iso.length === 10 ? `${iso}T00:00` : iso);
  return at.getFullYear() === new Date(now()).getFullYear() ? day(iso) : new Intl.DateTimeFormat("sv-SE").format(at);
}
