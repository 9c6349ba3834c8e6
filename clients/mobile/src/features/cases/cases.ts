/** Calls and problems that I reported: written, followed, judged. */
import { api, type Schemas } from "@lvyi/api";
import { queryClient, repeatable, usePages } from "@lvyi/shared";
import { useDraft } from "@lvyi/shared/drafts";
import { useQuery } from "@tanstack/vue-query";

export type Case = Schemas["CaseOut"];
export type CaseRow = Schemas["CaseRow"];
export type CaseAction = CaseRow["actions"][number];

const PATH = "/api/v1/cases";

export function useCases() {
  return usePages(["cases", "list"], async (cursor, signal) => (await api.GET(PATH, { params: { query: { mine: true, cursor } }, signal })).data);
}

export function useCase(id: number) {
  return useQuery({
    queryKey: ["cases", "one", id],
    queryFn: async ({ signal }) => (await api.GET("/api/v1/cases/{case_id}", { params: { path: { case_id: id } }, signal })).data,
  });
}

/** A case that is written on this phone, and the verb that reports it, now or when there is a network. */
export function useCaseDraft() {
  const draft = useDraft("case", "new", {
    empty: { kind: "call" as Case["kind"], title: "", body: "", company: "", problemClass: "", contact: "" },
    route: "/cases/new",
    title: ({ title }) => (title.trim() ? `履职呼叫：${title.trim().slice(0, 30)}` : ""),
  });
  const report = () => {
    const { kind, title, body, company, problemClass, contact } = draft.value;
    const ofCompany = kind === "company" && { company: company.trim(), problem_class: problemClass, contact: contact.trim() };
    return draft.send({
      path: PATH,
      body: { kind, title: title.trim(), body: body.trim(), ...ofCompany },
      label: `履职呼叫：${title.trim()}`,
      invalidates: [["cases"]],
    });
  };
  return { draft, report };
}

/** Runs one of its actions; asked again after a lost answer it is not done twice. */
export function useStep() {
  return repeatable(async (key, { id, version }: Pick<Case, "id" | "version">, action: CaseAction["action"], words?: string) => {
    const params = { path: { case_id: id }, header: { "if-match": `"${version}"`, "Idempotency-Key": key } };
    try {
      await api.POST("/api/v1/cases/{case_id}/transitions", { params, body: action === "answer" ? { action, answer: words } : { action, reason: words } });
    } finally {
      void queryClient.invalidateQueries({ queryKey: ["cases"] });
    }
  });
}
