/** Accounts as their administrators see them. */
import { useQuery } from "@tanstack/vue-query";
import { api, type Schemas } from "@lvyi/api";
import { queryClient } from "@lvyi/shared";
import { computed, type Ref } from "vue";
import type { Choice } from "~/list/filters";

export type Account = Schemas["AccountOut"];
export type HeldRole = Schemas["HeldRole"];
export type Slip = { name: string; phone: string; sector?: string | null; one_time_password: string };
export type TargetKind = "seats" | "units" | "committees";

export function refresh(): void {
  void queryClient.invalidateQueries({ queryKey: ["accounts"] });
  void queryClient.invalidateQueries({ queryKey: ["offices"] });
}

export function useAccount(id: Ref<number>) {
  return useQuery({
    queryKey: computed(() => ["accounts", "one", id.value]),
    queryFn: async ({ signal }) => (await api.GET("/api/v1/accounts/{account_id}", { params: { path: { account_id: id.value } }, signal })).data,
  });
}

export function useSessions(id: Ref<number>) {
  return useQuery({
    queryKey: computed(() => ["accounts", "sessions", id.value]),
    queryFn: async ({ signal }) =>
      (await api.GET("/api/v1/accounts/{account_id}/sessions", { params: { path: { account_id: id.value } }, signal })).data.items,
  });
}

export function useOffices() {
  return useQuery({ queryKey: ["offices"], queryFn: async ({ signal }) => (await api.GET("/api/v1/offices", { signal })).data });
}

/** Seats, units or committees by some letters, for who grants a role. */
export async function targets(kind: TargetKind, q: string): Promise<Choice[]> {
  const { data } = await api.GET("/api/v1/grant-targets/{kind}", { params: { path: { kind }, query: { q, limit: 20 } } });
  return data.items.map(({ id, name, note }) => ({ value: String(id), label: note ? `${name}（${note}）` : name }));
}

/** In what state an account is, in a word. */
export const stateOfAccount = ({ disabled_at, locked_until, must_change_password }: Account): string => {
  if (disabled_at) return "已关闭";
  if (locked_until) return "已锁定";
  return must_change_password ? "待改初始密码" : "正常";
};
