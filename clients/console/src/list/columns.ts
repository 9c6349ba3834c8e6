/** Columns of a list: which are shown, in which order, is each person's own choice. */
import { day, setStored, getStored } from "@lvyi/shared";
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

/** The width of a day, and of a day with its time, of another year: 2025年12月31日 14:05. */
export const DAY = 130;
export const MOMENT = 176;

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
  const keys = ref((getStored(stored)?.split(",") ?? usual).filter((key) => all.some((column) => column.key === key)));

  return {
    all,
    shown: computed(() => keys.value.map((key) => all.find((column) => column.key === key)!)),
    choose(chosen) {
      keys.value = chosen;
      setStored(stored, chosen.join());
    },
    reset() {
      keys.value = usual;
      setStored(stored, null);
    },
  };
}

/** A day in a cell, empty when there is none. */
export const cellDay = (iso: string | null | undefined): string => (iso ? day(iso) : "");
