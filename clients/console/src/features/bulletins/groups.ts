/** The groups of a bulletin side by side: sectors, committees or bodies, all that was done or one kind. */
import { useQuery } from "@tanstack/vue-query";
import { api, type Schemas } from "@lvyi/api";
import { computed, type Ref } from "vue";
import { screenOf } from "~/frame/addresses";
import type { Bar } from "~/features/overview/ChartPanel.vue";

export type Group = Schemas["BulletinGroup"];
export type Division = "sector" | "committee" | "body";
export const DIVISIONS: Record<Division, string> = { sector: "界别", committee: "专委会", body: "参加单位" };
/** All that was done, as the API calls it. */
export const ANY = "any";

export function useGroups(id: Ref<number>, by: Ref<Division>, kind: Ref<string>) {
  return useQuery({
    queryKey: computed(() => ["bulletins", "groups", id.value, by.value, kind.value]),
    queryFn: async ({ signal }) => {
      const params = { path: { bulletin_id: id.value }, query: { by: by.value, kind: kind.value } };
      return (await api.GET("/api/v1/bulletins/{bulletin_id}/groups", { params, signal })).data;
    },
  });
}

/** What each group did per head in both years, the most first; a bar opens its records. */
export const groupBars = (groups: Group[]): Bar[] =>
  [...groups]
    .sort((a, b) => (b.counts?.now.per_head ?? 0) - (a.counts?.now.per_head ?? 0))
    .map(({ name, counts }) => ({
      label: name,
      values: [counts?.now.per_head ?? 0, counts?.before.per_head ?? 0],
      to: [screenOf(counts?.now.records.path), screenOf(counts?.before.records.path)],
    }));

/** Growth per head, as words: 增长 8.2%. */
export function growth({ counts }: Group): string {
  const change = counts?.change;
  if (change == null) return "—";
  return change === 0 ? "持平" : `${change > 0 ? "增长" : "减少"} ${Math.abs(change * 100).toFixed(1)}%`;
}
