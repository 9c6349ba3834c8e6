/** Duty years as choices: those that have begun, newest first. */
import { useQuery } from "@tanstack/vue-query";
import { api } from "@lvyi/api";
import { today } from "@lvyi/shared";
import { computed } from "vue";

export function useDutyYears() {
  const query = useQuery({ queryKey: ["duty-years"], queryFn: async ({ signal }) => (await api.GET("/api/v1/duty-years", { signal })).data.years });
  const begun = computed(() => (query.data.value ?? []).filter(({ starts_on }) => starts_on <= today()).sort((one, other) => other.year - one.year));
  return {
    begun,
    /** Those of which every day is past. */
    over: computed(() => begun.value.filter(({ ends_on }) => ends_on < today())),
    current: computed(() => begun.value.find(({ current }) => current)?.year),
  };
}
