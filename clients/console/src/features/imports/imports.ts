/** Imports of workbooks: uploaded, checked, mended in place, written. */
import { useQuery } from "@tanstack/vue-query";
import { api, type Schemas } from "@lvyi/api";
import { queryClient } from "@lvyi/shared";
import { computed, type Ref } from "vue";
import { cellDay, type Column, DAY } from "~/list/columns";

export type Import = Schemas["ImportOut"];
export type ImportRow = Schemas["ImportRow"];
export type Fault = Schemas["FaultOut"] & { id: number };

/** What was mended and is not sent yet, by where it stands: the numbers of faults change with every check. */
export interface Mends {
  cells: Record<string, string>;
  leftOut: string[];
}

/** Where a cell stands. */
export const cellOf = ({ sheet, row, column }: Pick<Fault, "sheet" | "row" | "column">): string => JSON.stringify([sheet, row, column]);

/** What is sent of the mends: cells by place, rows by the present numbers of their faults. */
export function mendOf({ cells, leftOut }: Mends, faults: Fault[]): Schemas["MendIn"] {
  const out = new Set(leftOut);
  return {
    cells: Object.entries(cells).map(([key, value]) => {
      const [sheet, row, column] = JSON.parse(key) as [string, number, string];
      return { sheet, row, column, value: value.trim() || null };
    }),
    leave_out: faults.filter((fault) => out.has(cellOf(fault))).map(({ number }) => number),
  };
}

/** Other faults with the same wrong value under the same heading: mended once, they are mended everywhere. */
export function alike(fault: Fault, faults: Fault[]): Fault[] {
  return faults.filter((one) => one.number !== fault.number && fault.value !== "" && one.value === fault.value && one.header === fault.header && one.column !== "");
}

export const isRunning = ({ state }: Pick<ImportRow, "state">): boolean => state === "checking" || state === "applying";

export const refresh = (): Promise<void> => queryClient.invalidateQueries({ queryKey: ["imports"] });

export function useImport(id: Ref<number>) {
  return useQuery({
    queryKey: computed(() => ["imports", "one", id.value]),
    queryFn: async ({ signal }) => (await api.GET("/api/v1/imports/{import_id}", { params: { path: { import_id: id.value } }, signal })).data,
    refetchInterval: ({ state }) => (state.data && isRunning(state.data) ? 1_000 : false),
  });
}

export function useKinds() {
  return useQuery({ queryKey: ["import-kinds"], queryFn: async ({ signal }) => (await api.GET("/api/v1/imports/kinds", { signal })).data.items });
}

export const COLUMNS: Column<ImportRow>[] = [
  { key: "file", label: "文件", width: 200, grows: true, text: ({ file_name }) => file_name },
  { key: "state", label: "状态", width: 90, text: ({ state_label }) => state_label },
  { key: "faults", label: "待改", width: 60, isNumber: true, text: ({ fault_count }) => String(fault_count || "") },
  { key: "kind", label: "类别", width: 96, text: ({ kind_label }) => kind_label },
  { key: "by", label: "经办", width: 84, text: ({ created_by_name }) => created_by_name },
  { key: "at", label: "上传", width: DAY, text: ({ created_at }) => cellDay(created_at) },
];
