/** The API's codes with their labels: what forms and filters offer, so that no label is kept here a second time. */
import { api, type Schemas } from "@lvyi/api";
import { useQuery } from "@tanstack/vue-query";
import type { Choice } from "./filters";

/** All codes; they change with the server's version only. */
export const useCodes = () => useQuery({ queryKey: ["choices"], staleTime: Infinity, queryFn: async ({ signal }) => (await api.GET("/api/v1/choices", { signal })).data });

/** Codes as choices; none until they have come. */
export const choicesOf = (codes: Schemas["Choice"][] | undefined): Choice[] => (codes ?? []).map(({ code, label }) => ({ value: code, label }));
