/** Claims of acts done elsewhere and appeals against records: handed in, followed, withdrawn. */
import { api, type Schemas } from "@lvyi/api";
import { queryClient, repeatable, today, uploadFile, usePages } from "@lvyi/shared";
import { useDraft } from "@lvyi/shared/drafts";
import { useQuery } from "@tanstack/vue-query";
import { amountsOf, typedOf, useMeasures, type Typed } from "@/features/measures";

export type Claim = Schemas["ClaimOut"];
export type ClaimRow = Schemas["ClaimRow"];
type Act = Schemas["ActIn"];

/** What was done elsewhere, while it is written; an empty day is today. */
export interface ClaimText {
  kind: Act["kind"];
  /** One of its kind; empty: not said. */
  form?: string;
  title: string;
  heldOn: string;
  place: string;
  role: Act["role"];
  level: Act["level"];
  /** What came of it, as typed in units, by measure. */
  measures?: Typed;
  body: string;
  pictures: Blob[];
  /** In which it was done; none: in no project. */
  project?: number | null;
}

/** A deed for a project, maybe one that others have logged: `act` is theirs. */
export interface DeedOf {
  project: number;
  act?: number;
  title?: string;
  on?: string;
  place?: string;
}

const DEED: Act["kind"] = "service.rendered";
export const routeOfDeed = ({ project, act, ...said }: DeedOf) => `/claims/new?${new URLSearchParams({ project: `${project}`, ...(act && { act: `${act}` }), ...said })}`;

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

const blank: ClaimText = {
  kind: "speech.delivered",
  form: "",
  title: "",
  heldOn: "",
  place: "",
  role: "lead",
  level: "city",
  measures: {},
  body: "",
  pictures: [],
};

function actOf({ kind, form, title, heldOn, place, role, level, measures }: ClaimText, offered: Schemas["MeasureChoice"][]): Act {
  const takes = offered.filter(({ kinds }) => kinds.includes(kind));
  const amounts = amountsOf(measures ?? {}, takes, !offered.length);
  return { kind, form: form || null, title: title.trim(), held_on: heldOn || today(), place: place.trim(), role, level, measures: amounts };
}

function textOf({ kind, form, title, held_on: heldOn, place, role, level, measures: said }: Schemas["ClaimActOut"]): Partial<ClaimText> {
  return { kind: kind as Act["kind"], form: form ?? "", title, heldOn, place, role, level, measures: typedOf(said) };
}

/** A claim that is written on this phone, and the verb that hands it in, now or when there is a network. */
export function useClaimDraft(of?: DeedOf) {
  const offered = useMeasures();
  const draft = useDraft("claim", of ? `project-${of.project}-${of.act ?? "new"}` : "new", {
    empty: of ? { ...blank, kind: DEED, project: of.project, title: of.title ?? "", heldOn: of.on ?? "", place: of.place ?? "" } : blank,
    route: of ? routeOfDeed(of) : "/claims/new",
    title: ({ title }) => (title.trim() ? `申报：${title.trim().slice(0, 30)}` : ""),
  });
  const handIn = () => {
    const { body, pictures, title, project } = draft.value;
    return draft.send({
      path: PATH,
      body: { act: actOf(draft.value, offered.value), project_id: project ?? null, body: body.trim() },
      pictures: [...pictures],
      picturesAs: "files",
      label: `申报：${title.trim()}`,
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

/** A claim or appeal that waits, while it is edited; `save` needs a network, until then it is kept on this phone. */
export function useClaimEdit({ id, version, act, body, files, record, project }: Claim) {
  const offered = useMeasures();
  const draft = useDraft("claim-edit", id, {
    empty: {
      ...blank,
      ...(act && textOf(act)),
      project: project?.id ?? null,
      body,
      files: files.map(({ key }) => key),
    },
    route: `/claims/${id}/edit`,
    title: ({ title, body: words }) => `修改：${title || words.slice(0, 30)}`,
  });
  const save = async () => {
    const { value } = draft;
    const added = await Promise.all(value.pictures.map((picture, place) => uploadFile(picture, `${place + 1}.jpg`)));
    const params = { path: { claim_id: id }, header: { "if-match": `"${version}"` } };
    const fields = { act: act && actOf(value, offered.value), project_id: project?.id ?? null, record_id: record?.id ?? null, body: value.body.trim() };
    const keys = [...value.files, ...added.map(({ key }) => key)];
    await api.PUT("/api/v1/claims/{claim_id}", { params, body: { ...fields, files: keys } });
    await draft.discard();
    await queryClient.invalidateQueries({ queryKey: ["claims"] });
  };
  return { draft, save };
}

/** Takes a claim back; asked again after a lost answer it is not done twice. */
export function useWithdrawal({ id, version }: Pick<Claim, "id" | "version">) {
  const withdraw = repeatable((key) => {
    const headers = { "idempotency-key": key, "if-match": `"${version}"` };
    const params = { path: { claim_id: id }, header: headers };
    return api.POST("/api/v1/claims/{claim_id}/transitions", { params, body: { action: "withdraw" } });
  });
  return () => withdraw().finally(() => void queryClient.invalidateQueries({ queryKey: ["claims"] }));
}

/** The colour of a state's tag. */
export function toneOf(state: Claim["state"]): string {
  return { waiting: "", confirmed: "good", refused: "warn", withdrawn: "" }[state];
}
