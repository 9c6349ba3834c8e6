/** Outputs (成果件): issued papers that name me, go to me, or were released to all members. */
import { useQuery } from "@tanstack/vue-query";
import { api, type Schemas } from "@lvyi/api";
import { usePages } from "@lvyi/shared";
import { computed, toValue, type MaybeRefOrGetter } from "vue";

export type OutputRow = Schemas["OutputRow"];

export function useOutputs(mine: MaybeRefOrGetter<boolean>) {
  return usePages(
    computed(() => ["outputs", "list", toValue(mine)]),
    async (cursor, signal) => (await api.GET("/api/v1/outputs", { params: { query: { mine: toValue(mine), cursor } }, signal })).data,
  );
}

export function useOutput(id: number) {
  return useQuery({
    queryKey: ["outputs", "one", id],
    queryFn: async ({ signal }) => (await api.GET("/api/v1/outputs/{output_id}", { params: { path: { output_id: id } }, signal })).data,
  });
}

/** In whose name a paper is written, in one line. */
export function signedBy({ body_name, authors }: Pick<OutputRow, "body_name" | "authors">): string {
  return [body_name, ...authors.map(({ name }) => name)].filter(Boolean).join("、");
}
