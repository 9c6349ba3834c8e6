/** The visits that I log: written, followed, edited, withdrawn. */
import { api, type Schemas } from "@lvyi/api";
import { queryClient, today, uploadFile, usePages } from "@lvyi/shared";
import { useDraft } from "@lvyi/shared/drafts";
import { useQuery } from "@tanstack/vue-query";
import { amountsOf, typedOf, useMeasures, type Typed } from "@/features/measures";

export type Visit = Schemas["VisitOut"];

/** A visit while it is written: to a contact, or to somebody named; an empty day is today. */
export interface VisitText {
  contact: number | null;
  whom: string;
  visitedOn: string;
  body: string;
  /** What came of it, as typed in units, by measure. */
  measures: Typed;
  pictures: Blob[];
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
  show(data);
}

/** What a visit may say came of it; that it was one visit is known. */
export function useVisitMeasures() {
  return useMeasures(({ kinds, code }) => kinds.includes("visit.made") && code !== "visits");
}

function bodyOf({ contact, whom, visitedOn, body, measures }: VisitText, offered: Schemas["MeasureChoice"][]) {
  return {
    contact_id: contact,
    whom: contact ? "" : whom.trim(),
    visited_on: visitedOn || today(),
    body: body.trim(),
    measures: amountsOf(measures, offered),
  };
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
    const { body, pictures } = draft.value;
    return draft.send({
      path: "/api/v1/visits",
      body: bodyOf(draft.value, measures.value),
      pictures: [...pictures],
      label: `走访：${body.trim().slice(0, 30)}`,
      invalidates: [["visits", "mine"], ["contacts"], ["duty"]],
    });
  }

  return { draft, log };
}

/** A visit of mine while it is edited; `save` needs a network, until then it is kept on this phone. */
export function useVisitEdit({ id, version, contact_id: contact, whom, visited_on: visitedOn, body, measures: said, pictures: kept }: Visit) {
  const measures = useVisitMeasures();
  const empty: VisitText & { kept: string[] } = { contact, whom: contact ? "" : whom, visitedOn, body, measures: typedOf(said), pictures: [], kept: kept.map(({ key }) => key) };
  const draft = useDraft("visit-edit", id, { empty, route: `/visits/${id}/edit`, title: ({ body: words }) => `修改走访：${words.trim().slice(0, 30)}` });

  async function save() {
    const { value } = draft;
    const added = await Promise.all(value.pictures.map((picture, place) => uploadFile(picture, `${place + 1}.jpg`)));
    const params = { path: { visit_id: id }, header: { "if-match": `"${version}"` } };
    const pictures = [...value.kept, ...added.map(({ key }) => key)];
    const { data } = await api.PUT("/api/v1/visits/{visit_id}", { params, body: { ...bodyOf(value, measures.value), pictures } });
    await draft.discard();
    show(data);
  }
  return { draft, save };
}

/** What changed shows everywhere. */
function show(visit: Visit) {
  queryClient.setQueryData(["visits", "one", visit.id], visit);
  for (const key of [["contacts"], ["duty"], ["visits", "mine"]]) void queryClient.invalidateQueries({ queryKey: key });
}
