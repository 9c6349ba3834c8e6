/** Matters of consultation: brought, followed, prepared; for who convenes a venue also led from step to step. */
import { api, type Schemas } from "@lvyi/api";
import { queryClient, repeatable, today, usePages, useSession } from "@lvyi/shared";
import { useDraft } from "@lvyi/shared/drafts";
import { useQuery } from "@tanstack/vue-query";
import { computed } from "vue";

export type Matter = Schemas["MatterOut"];
export type MatterRow = Schemas["MatterRow"];
export type MatterAction = MatterRow["actions"][number];
type Seen = Pick<Matter, "id" | "version">;

const PATH = "/api/v1/matters";
/** Which matters a list holds: my own, those of the venues that I convene, all that I may see. */
export type Whose = "mine" | "convened" | "all";

export function useMatters(whose: () => Whose) {
  return usePages(
    () => ["matters", "list", whose()],
    async (cursor, signal) => {
      const query = { cursor, mine: whose() === "mine" || undefined, convened: whose() === "convened" || undefined };
      return (await api.GET(PATH, { params: { query }, signal })).data;
    },
  );
}

export function useMatter(id: number) {
  return useQuery({
    queryKey: ["matters", "one", id],
    queryFn: async ({ signal }) => (await api.GET("/api/v1/matters/{matter_id}", { params: { path: { matter_id: id } }, signal })).data,
  });
}

/** The venues where I am posted, or which I convene. */
export function useMyVenues() {
  return useQuery({
    queryKey: ["venues", "mine"],
    queryFn: async ({ signal }) => (await api.GET("/api/v1/venues", { params: { query: { mine: true, current: true } }, signal })).data.items,
  });
}

/** Whether I may bring a matter: as a member, or at a venue that I convene. */
export function useMayBring() {
  const { may, me } = useSession();
  const { data: venues } = useMyVenues();
  return computed(() => may("matter.bring") && Boolean(me.value?.seat || venues.value?.length));
}

/** The consultations that a matter may be met on in. */
export function useMeetings() {
  return useQuery({
    queryKey: ["activities", "consultations"],
    queryFn: async ({ signal }) => (await api.GET("/api/v1/activities", { params: { query: { kind: "consultation" } }, signal })).data.items,
  });
}

/** A matter that is written on this phone, and the verb that brings it, now or when there is a network. */
export function useMatterDraft() {
  const draft = useDraft("matter", "new", {
    empty: { venue: null as number | null, title: "", body: "" },
    route: "/matters/new",
    title: ({ title }) => (title.trim() ? `议题：${title.trim().slice(0, 30)}` : ""),
  });
  const bring = () => {
    const { venue, title, body } = draft.value;
    return draft.send({
      path: PATH,
      body: { venue_id: venue, title: title.trim(), body: body.trim() },
      label: `议题：${title.trim()}`,
      invalidates: [["matters"], ["duty"]],
    });
  };
  return { draft, bring };
}

/** A note of a visit or of research for a matter, with its pictures. */
export function useNoteDraft(id: number) {
  const draft = useDraft("matter-note", id, {
    empty: { kind: "visit", notedOn: "", body: "", pictures: [] as Blob[] },
    route: `/matters/${id}/note`,
    title: ({ body }) => (body.trim() ? `走访调研：${body.trim().slice(0, 30)}` : ""),
  });
  const log = () => {
    const { kind, notedOn, body, pictures } = draft.value;
    return draft.send({
      path: `${PATH}/${id}/notes`,
      body: { kind, noted_on: notedOn || today(), body: body.trim() },
      pictures: [...pictures],
      label: `走访调研：${body.trim().slice(0, 30)}`,
      invalidates: [["matters"], ["duty"]],
    });
  };
  return { draft, log };
}

async function kept(write: () => Promise<{ data: Matter }>): Promise<void> {
  try {
    const { data } = await write();
    queryClient.setQueryData(["matters", "one", data.id], data);
  } finally {
    void queryClient.invalidateQueries({ queryKey: ["matters"] });
  }
}
const seen = ({ id, version }: Seen) => ({ path: { matter_id: id }, header: { "if-match": `"${version}"` } });

/** Runs one of its actions; asked again after a lost answer it is not done twice. */
export function useStep() {
  return repeatable((key, matter: Seen, body: Schemas["MatterStepIn"]) => {
    const { path, header } = seen(matter);
    return kept(() => api.POST("/api/v1/matters/{matter_id}/transitions", { params: { path, header: { ...header, "Idempotency-Key": key } }, body }));
  });
}
export const link = (matter: Seen, activity_id: number | null) => kept(() => api.PUT("/api/v1/matters/{matter_id}/meeting", { params: seen(matter), body: { activity_id } }));
export const release = (matter: Seen, body: Schemas["ReleaseIn"]) => kept(() => api.PUT("/api/v1/matters/{matter_id}/release", { params: seen(matter), body }));
export const withhold = (matter: Seen) => kept(() => api.DELETE("/api/v1/matters/{matter_id}/release", { params: seen(matter) }));
export const withdrawNote = (id: number, action: "withdraw" | "restore") => {
  const params = { path: { note_id: id } };
  return kept(() => (action === "withdraw" ? api.PUT("/api/v1/matters/notes/{note_id}/withdrawal", { params }) : api.DELETE("/api/v1/matters/notes/{note_id}/withdrawal", { params })));
};
