/** Duty cards (履职卡) at the desk: issued versions, batches, and the poster of anybody's card. */
import { useQuery } from "@tanstack/vue-query";
import { api, type Schemas } from "@lvyi/api";
import { day, queryClient, usePages } from "@lvyi/shared";
import { computed, type Ref } from "vue";
import { usePost } from "~/forms/write";
import { type Column, DAY } from "~/list/columns";

export type Issued = Schemas["IssuedOut"];
export type Batch = Schemas["BatchOut"];
export type Design = "standard" | "elder";

export const DESIGNS: { value: Design; label: string }[] = [
  { value: "standard", label: "标准版" },
  { value: "elder", label: "大字版" },
];

export const COLUMNS: Column<Issued>[] = [
  { key: "name", label: "委员", width: 160, grows: true, text: ({ name }) => name },
  { key: "period", label: "期间", width: 130, text: ({ period_label }) => period_label },
  { key: "state", label: "状态", width: 92, text: ({ state_label }) => state_label },
  { key: "issued_at", label: "颁发", width: DAY, text: ({ issued_at }) => day(issued_at) },
  { key: "version", label: "版次", width: 76, text: ({ version }) => `第 ${version} 版` },
  { key: "sharing", label: "公开", width: 120, isExtra: true, text: ({ sharing_label }) => sharing_label },
  { key: "reason", label: "原因", width: 160, isExtra: true, text: ({ reason }) => reason ?? "" },
];

const path = (id: number) => ({ issued_id: id });

export function useIssuedList(filters: Ref<Record<string, string>>) {
  return usePages(
    computed(() => ["cards", "issued", filters.value]),
    async (cursor, signal) => {
      const { period, seat } = filters.value;
      const query = { period, seat_id: seat ? Number(seat) : undefined, cursor, limit: 50 };
      return (await api.GET("/api/v1/issued-cards", { params: { query }, signal })).data;
    },
  );
}

export function useIssued(id: Ref<number>) {
  return useQuery({
    queryKey: computed(() => ["cards", "one", id.value]),
    queryFn: async ({ signal }) => (await api.GET("/api/v1/issued-cards/{issued_id}", { params: { path: path(id.value) }, signal })).data,
  });
}

/** The newest batches; asked for each second while one runs, and the list with it once it is done. */
export function useBatches() {
  const isRunning = (batches: Batch[] | undefined) => batches?.some(({ finished_at }) => !finished_at) ?? false;
  return useQuery({
    queryKey: ["cards", "batches"],
    queryFn: async ({ signal }) => {
      const before = queryClient.getQueryData<Batch[]>(["cards", "batches"]);
      const { items } = (await api.GET("/api/v1/issued-cards/batches", { params: { query: { limit: 5 } }, signal })).data;
      if (isRunning(before)) void queryClient.invalidateQueries({ queryKey: ["cards", "issued"] });
      return items;
    },
    refetchInterval: ({ state: { data } }) => (isRunning(data) ? 1500 : false),
  });
}

export function refresh(): void {
  void queryClient.invalidateQueries({ queryKey: ["cards"] });
}

export function useIssuing() {
  const begin = usePost<Batch>();
  const issue = usePost<Issued>();
  return {
    issueAll: (period: string) => begin("issued-cards/batches", { period }).finally(refresh),
    issueOne: (seat_id: number, period: string) => issue("issued-cards", { seat_id, period }).finally(refresh),
    correct: (id: number, reason: string) => issue(`issued-cards/${id}/correction`, { reason }).finally(refresh),
    async revoke(id: number, reason: string) {
      await api.PUT("/api/v1/issued-cards/{issued_id}/revocation", { params: { path: path(id) }, body: { reason } });
      refresh();
    },
  };
}

/** Members of the directory by name. */
export function useSeats(q: Ref<string>) {
  return usePages(
    computed(() => ["people", "seats", q.value]),
    async (cursor, signal) => (await api.GET("/api/v1/seats", { params: { query: { q: q.value, cursor, limit: 30 } }, signal })).data,
  );
}

/** The periods for which a member has a card. */
export function usePeriods(seat: Ref<number | null>) {
  return useQuery({
    queryKey: computed(() => ["cards", "periods", seat.value]),
    enabled: computed(() => seat.value !== null),
    queryFn: async ({ signal }) => (await api.GET("/api/v1/cards/{seat_id}", { params: { path: { seat_id: seat.value! } }, signal })).data,
  });
}
