/** What became of everything that I have suggested, over all sources. */
import { api, type Schemas } from "@lvyi/api";
import { usePages } from "@lvyi/shared";
import { computed, toValue, type MaybeRefOrGetter } from "vue";

export type Suggestion = Omit<Schemas["SuggestionRow"], "id"> & { id: string };

/** Only one source, or only what became of it. */
export interface SuggestionFilter {
  source?: Suggestion["source"];
  stage?: Suggestion["stage"];
}

export function useSuggestions(filter: MaybeRefOrGetter<SuggestionFilter>) {
  return usePages(
    computed(() => ["findings", "mine", toValue(filter)]),
    async (cursor, signal) => {
      const { data } = await api.GET("/api/v1/suggestions", { params: { query: { ...toValue(filter), cursor } }, signal });
      return { ...data, items: data.items.map((row) => ({ ...row, id: `${row.source}-${row.id}` })) }; // ids of sources are alike
    },
  );
}
