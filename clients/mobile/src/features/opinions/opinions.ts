/** Opinion reports: what is read of them, and the verbs of their author and of leaders. */
import { useQuery } from "@tanstack/vue-query";
import { api, post, type Schemas } from "@lvyi/api";
import { queryClient, repeatable } from "@lvyi/shared";
import { useDraft, type OpenDraft } from "@lvyi/shared/drafts";
import { useNewText } from "@/features/writing/writing";

export type Opinion = Schemas["OpinionOut"];
export type OpinionRow = Schemas["OpinionRow"];
export type OpinionText = Required<Schemas["OpinionIn"]>;

const blank: OpinionText = { title: "", body: "" };
const at = (id: number) => ({ report_id: id });
const keyOf = (id: number) => ["opinions", "one", id];

async function read(id: number): Promise<Opinion> {
  return (await api.GET("/api/v1/opinions/{report_id}", { params: { path: at(id) } })).data;
}

/** Shows a report as the server just gave it, and lists anew. */
function keep(opinion: Opinion): Opinion {
  queryClient.setQueryData(keyOf(opinion.id), opinion);
  void queryClient.invalidateQueries({ queryKey: ["opinions", "list"] });
  return opinion;
}

async function save(id: number, text: OpinionText, version: number): Promise<Opinion> {
  const params = { path: at(id), header: { "if-match": `"${version}"` } };
  return keep((await api.PUT("/api/v1/opinions/{report_id}", { params, body: text })).data);
}

const textOf = ({ title, body }: Opinion): OpinionText => ({ title, body });

export function useOpinion(id: number) {
  return useQuery({ queryKey: keyOf(id), queryFn: () => read(id) });
}

export function useOpinionTrack(id: number) {
  return useQuery({
    queryKey: ["opinions", "track", id],
    queryFn: async () => (await api.GET("/api/v1/opinions/{report_id}/track", { params: { path: at(id) } })).data,
  });
}

/** The text of my report while it is written, on the phone and on the server at once. */
export function useOpinionDraft(id: number): OpenDraft<OpinionText> {
  return useDraft("opinion", id, {
    empty: blank,
    route: `/opinions/${id}/edit`,
    title: ({ title }) => title,
    server: {
      get: async () => keep(await read(id)),
      put: (text, version) => save(id, text, version),
      value: textOf,
    },
  });
}

/** A report that is begun on this phone. */
export function useNewOpinion() {
  const title = (text: OpinionText) => text.title;
  return useNewText({ kind: "opinion", path: "/api/v1/opinions", pages: "/opinions", blank, title, read, textOf, save });
}

/** Runs a step of the life cycle; asked again after a lost answer it is not done twice. */
export function useOpinionSteps(id: number) {
  const run = repeatable((key, body: object) => post(`/api/v1/opinions/${id}/transitions`, body, key) as Promise<Opinion>);
  return (action: Schemas["OpinionActionOut"]["action"], more: { words?: string } = {}): Promise<Opinion> =>
    run({ action, ...more }).finally(() => void queryClient.invalidateQueries({ queryKey: ["opinions"] }));
}

export async function deleteOpinion(id: number): Promise<void> {
  await api.DELETE("/api/v1/opinions/{report_id}", { params: { path: at(id) } });
  await queryClient.invalidateQueries({ queryKey: ["opinions"] });
}
