import { Offline } from "@lvyi/api";
import type { UseQueryReturnType } from "@tanstack/vue-query";
import { computed, type ComputedRef } from "vue";

/** The state of one fetched thing, for `StateView`; what was fetched once stays shown when a renewal fails. */
export function stateOf(
  query: Pick<UseQueryReturnType<unknown, Error>, "data" | "error">,
): ComputedRef<"loading" | "error" | "offline" | "ready"> {
  return computed(() => {
    if (query.data.value !== undefined) return "ready";
    if (!query.error.value) return "loading";
    return query.error.value instanceof Offline ? "offline" : "error";
  });
}
