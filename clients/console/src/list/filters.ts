/** Filters of a list, which live in the address: a link to a list is a link to what it shows. */
import { computed, type ComputedRef } from "vue";
import { useRoute, useRouter, type LocationQueryRaw } from "vue-router";

export interface Choice {
  value: string;
  label: string;
}

export interface FilterField {
  /** The API's name of it. */
  key: string;
  label: string;
  /** What can be chosen; a day, or free text (`q`), have none. */
  choices?: Choice[];
  kind?: "choice" | "day" | "text";
}

/** Names in the address that are no filters of the list. */
const OTHERS = new Set(["sort", "new", "side"]);

export interface Filters {
  values: ComputedRef<Record<string, string>>;
  sort: ComputedRef<string | undefined>;
  /** Sets some, and takes away those that are empty; the document that is open stays. */
  set: (changes: Record<string, string | undefined>) => void;
  /** The part of the address behind the question mark. */
  query: ComputedRef<string>;
}

export function useFilters(usual: Record<string, string> = {}): Filters {
  const route = useRoute();
  const router = useRouter();
  const fromQuery = computed(() => {
    const pairs = Object.entries(route.query).map(([key, value]) => [key, Array.isArray(value) ? value[0] : value]);
    return Object.fromEntries(pairs.filter(([, value]) => value)) as Record<string, string>;
  });
  const all = computed(() => (Object.keys(fromQuery.value).length ? fromQuery.value : usual));
  return {
    values: computed(() => Object.fromEntries(Object.entries(all.value).filter(([key]) => !OTHERS.has(key)))),
    sort: computed(() => all.value.sort),
    set(changes) {
      const next: LocationQueryRaw = { ...all.value, ...changes };
      for (const [key, value] of Object.entries(next)) if (!value) delete next[key];
      void router.replace({ query: next });
    },
    query: computed(() => new URLSearchParams(all.value).toString()),
  };
}
