/** Speeches at the plenary session: calls, what I handed in, and what was chosen. */
import { api, type Schemas } from "@lvyi/api";
import { queryClient, repeatable, usePages } from "@lvyi/shared";
import { useDraft } from "@lvyi/shared/drafts";
import { useQuery } from "@tanstack/vue-query";
import { computed } from "vue";

export type Speech = Schemas["SpeechOut"];
export type SpeechAction = Speech["actions"][number];
type Seen = Pick<Speech, "id" | "version">;

const PATH = "/api/v1/speeches";

export const useCalls = () =>
  usePages(["speeches", "calls"], async (cursor, signal) => (await api.GET("/api/v1/speech-calls", { params: { query: { cursor } }, signal })).data);

export function useCall(id: number) {
  return useQuery({
    queryKey: ["speeches", "call", id],
    queryFn: async ({ signal }) => (await api.GET("/api/v1/speech-calls/{call_id}", { params: { path: { call_id: id } }, signal })).data,
  });
}

/** The speeches of a call that I may read, or mine of all calls. */
export const useSpeeches = (call_id?: number) =>
  usePages(["speeches", "list", call_id ?? "mine"], async (cursor, signal) => {
    const query = { ...(call_id ? { call_id } : { mine: true }), cursor };
    return (await api.GET(PATH, { params: { query }, signal })).data;
  });

export function useSpeech(id: number) {
  return useQuery({
    queryKey: ["speeches", "one", id],
    queryFn: async ({ signal }) => (await api.GET("/api/v1/speeches/{speech_id}", { params: { path: { speech_id: id } }, signal })).data,
  });
}

/** A speech that is written on this phone, and the verb that hands it in, now or when there is a network. */
export function useSpeechDraft(callId: number) {
  const draft = useDraft("speech", callId, {
    empty: { title: "", body: "", wishes: "oral" as Speech["wishes"], bodyId: 0 },
    route: `/speeches/new?call=${callId}`,
    title: ({ title }) => (title.trim() ? `大会发言：${title.trim().slice(0, 30)}` : ""),
  });
  const submit = () => {
    const { title, body, wishes, bodyId } = draft.value;
    return draft.send({
      path: PATH,
      body: { call_id: callId, title: title.trim(), body: body.trim(), wishes, ...(bodyId && { body_id: bodyId }) },
      label: `大会发言：${title.trim()}`,
      invalidates: [["speeches"]],
    });
  };
  return { draft, submit };
}

/** A text of mine that was asked for again; it stays on the phone until it has arrived. */
export function useTextDraft({ id, title, body }: Speech) {
  return useDraft("speech-text", id, { empty: { title, body }, route: `/speeches/${id}`, title: (text) => `修改发言：${text.title.slice(0, 30)}` });
}

const params = ({ id, version }: Seen, key: string) => ({ path: { speech_id: id }, header: { "if-match": `"${version}"`, "Idempotency-Key": key } });
const refreshed = () => queryClient.invalidateQueries({ queryKey: ["speeches"] });

/** Runs one of its actions; asked again after a lost answer it is not done twice. */
export function useStep() {
  return repeatable(async (key, seen: Seen, action: SpeechAction["action"]) => {
    try {
      await api.POST("/api/v1/speeches/{speech_id}/transitions", { params: params(seen, key), body: { action } });
    } finally {
      void refreshed();
    }
  });
}

/** Saves a text over the version that was read. */
export function useSave() {
  return repeatable(async (key, seen: Seen, body: Schemas["SpeechTextIn"]) => {
    await api.PUT("/api/v1/speeches/{speech_id}/text", { params: params(seen, key), body });
    await refreshed();
  });
}

/** The bodies in whose name I may hand in a speech. */
export function useOwnBodies() {
  const { data } = useQuery({
    queryKey: ["bodies", "mine"],
    queryFn: async ({ signal }) => (await api.GET("/api/v1/bodies", { params: { query: { mine: true } }, signal })).data,
  });
  return computed(() => data.value ?? []);
}
