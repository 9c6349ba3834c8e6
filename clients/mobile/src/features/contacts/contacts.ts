/** Whom I look after, who looks after me, and the visits that I log. */
import { api, type Schemas } from "@lvyi/api";
import { queryClient, today, usePages, UserError } from "@lvyi/shared";
import { useDraft } from "@lvyi/shared/drafts";
import { useQuery } from "@tanstack/vue-query";
import { computed } from "vue";
import { useChoices } from "@/features/choices";

export type Contact = Schemas["ContactOut"];

/** A visit while it is written: to a contact, or to somebody named; an empty day is today. */
export interface VisitText {
  contact: number | null;
  whom: string;
  visitedOn: string;
  body: string;
  /** What came of it, as typed in units, by measure. */
  measures: Record<string, string | number>;
  pictures: Blob[];
}

/** Those that I look after now, the ones not yet visited this year first. */
export function useMyContacts() {
  return usePages(["contacts", "mine"], async (cursor, signal) => {
    const query = { mine: true, current: true, cursor, limit: 50 };
    return (await api.GET("/api/v1/contacts", { params: { query }, signal })).data;
  });
}

/** Who looks after me now. */
export function useLookedAfterBy() {
  return useQuery({
    queryKey: ["contacts", "of-me"],
    queryFn: async ({ signal }) => {
      const query = { of_me: true, current: true };
      return (await api.GET("/api/v1/contacts", { params: { query }, signal })).data.items;
    },
  });
}

export function useMyVisits() {
  return usePages(["visits", "mine"], async (cursor, signal) => {
    return (await api.GET("/api/v1/visits", { params: { query: { mine: true, cursor } }, signal })).data;
  });
}

export function useVisit(id: number) {
  return useQuery({
    queryKey: ["visits", "one", id],
    queryFn: async ({ signal }) => (await api.GET("/api/v1/visits/{visit_id}", { params: { path: { visit_id: id } }, signal })).data,
  });
}

/** Withdraws my visit, or undoes that. */
export async function setWithdrawn(id: number, isWithdrawn: boolean): Promise<void> {
  const params = { path: { visit_id: id } };
  const { data } = isWithdrawn
    ? await api.PUT("/api/v1/visits/{visit_id}/withdrawal", { params })
    : await api.DELETE("/api/v1/visits/{visit_id}/withdrawal", { params });
  queryClient.setQueryData(["visits", "one", id], data);
  for (const key of ["contacts", "duty"]) void queryClient.invalidateQueries({ queryKey: [key] });
  void queryClient.invalidateQueries({ queryKey: ["visits", "mine"] });
}

/** What a visit may say came of it; that it was one visit is known. */
export function useVisitMeasures() {
  const { data } = useChoices();
  return computed(() => (data.value?.outside_measures ?? []).filter(({ code, kinds }) => kinds.includes("visit.made") && code !== "visits"));
}

/** The visit that I am logging, to one contact or to whomever, and the post of it. */
export function useVisitDraft(contact: number | null) {
  const measures = useVisitMeasures();
  const empty: VisitText = { contact, whom: "", visitedOn: "", body: "", measures: {}, pictures: [] };
  const draft = useDraft("visit", contact ?? "new", {
    empty,
    route: `/visits/new${contact ? `?contact=${contact}` : ""}`,
    title: ({ body }) => (body.trim() ? `走访：${body.trim().slice(0, 30)}` : ""),
  });

  function log(): Promise<unknown> {
    const { contact: contact_id, whom, visitedOn, body, measures: typed, pictures } = draft.value;
    if (!measures.value.length && Object.values(typed).some(Boolean)) throw new UserError("成效的单位还没有读到，请联网后再提交。");
    const said = measures.value.filter(({ code }) => typed[code]);
    return draft.send({
      path: "/api/v1/visits",
      body: {
        contact_id,
        whom: contact_id ? "" : whom.trim(),
        visited_on: visitedOn || today(),
        body: body.trim(),
        measures: Object.fromEntries(said.map(({ code, per_unit }) => [code, Math.round(Number(typed[code]) * per_unit)])),
      },
      pictures: [...pictures],
      label: `走访：${body.trim().slice(0, 30)}`,
      invalidates: [["visits", "mine"], ["contacts"], ["duty"]],
    });
  }

  return { draft, log };
}
