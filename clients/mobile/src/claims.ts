/** Claims of acts done elsewhere and appeals against records: handed in, followed, withdrawn. */
import { api, Problem, type Schemas } from "@lvyi/api";
import { queryClient, today, useDraft, usePages, uuid } from "@lvyi/shared";
import { useQuery } from "@tanstack/vue-query";

export type Claim = Schemas["ClaimOut"];
export type ClaimRow = Schemas["ClaimRow"];
type Act = Schemas["ActIn"];

/** What was done elsewhere, while it is written; an empty day is today. */
export interface ClaimText {
  kind: Act["kind"];
  title: string;
  heldOn: string;
  place: string;
  role: Act["role"];
  level: Act["level"];
  body: string;
  pictures: Blob[];
}

const PATH = "/api/v1/claims";
const LIST = ["claims", "list"];

export function useClaims() {
  return usePages(LIST, async (cursor, signal) => (await api.GET(PATH, { params: { query: { cursor } }, signal })).data);
}

export function useClaim(id: number) {
  return useQuery({
    queryKey: ["claims", "one", id],
    queryFn: async ({ signal }) => (await api.GET("/api/v1/claims/{claim_id}", { params: { path: { claim_id: id } }, signal })).data,
  });
}

/** A claim that is written on this phone, and the verb that hands it in, now or when there is a network. */
export function useClaimDraft() {
  const empty: ClaimText = {
    kind: "speech.delivered",
    title: "",
    heldOn: "",
    place: "",
    role: "lead",
    level: "city",
    body: "",
    pictures: [],
  };
  const draft = useDraft("claim", "new", {
    empty,
    route: "/claims/new",
    title: ({ title }) => (title.trim() ? `申报：${title.trim().slice(0, 30)}` : ""),
  });
  const handIn = () => {
    const { kind, heldOn, role, level, body, pictures } = draft.value;
    const [title, place] = [draft.value.title.trim(), draft.value.place.trim()];
    return draft.send({
      path: PATH,
      body: { act: { kind, title, held_on: heldOn || today(), place, role, level }, body: body.trim() },
      pictures: [...pictures],
      picturesAs: "files",
      label: `申报：${title}`,
      invalidates: [["claims"]],
    });
  };
  return { draft, handIn };
}

/** What is wrong with a record of mine, or which one is missing (no `record`). */
export function useAppealDraft(record: number | undefined, about = "") {
  const draft = useDraft("appeal", record ?? "missing", {
    empty: { body: "", pictures: [] as Blob[] },
    route: record ? `/claims/appeal?record=${record}&about=${encodeURIComponent(about)}` : "/claims/appeal",
    title: ({ body }) => (body.trim() ? `申诉：${body.trim().slice(0, 30)}` : ""),
  });
  const handIn = () => {
    const body = draft.value.body.trim();
    return draft.send({
      path: PATH,
      body: { record_id: record ?? null, body },
      pictures: [...draft.value.pictures],
      picturesAs: "files",
      label: `申诉：${body.slice(0, 30)}`,
      invalidates: [["claims"]],
    });
  };
  return { draft, handIn };
}

/** Takes a claim back; asked again after a lost answer it is not done twice. */
export function useWithdrawal({ id, version }: Pick<Claim, "id" | "version">) {
  let key = uuid();
  return async () => {
    const headers = { "idempotency-key": key, "if-match": `"${version}"` };
    try {
      const params = { path: { claim_id: id }, header: headers };
      await api.POST("/api/v1/claims/{claim_id}/transitions", { params, body: { action: "withdraw" } });
    } catch (error) {
      if (error instanceof Problem) key = uuid();
      throw error;
    } finally {
      void queryClient.invalidateQueries({ queryKey: ["claims"] });
    }
  };
}

/** The colour of a state's tag. */
export function toneOf(state: Claim["state"]): string {
  return { waiting: "", confirmed: "good", refused: "warn", withdrawn: "" }[state];
}
