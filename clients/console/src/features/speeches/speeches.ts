/** Speeches at the desk: calls, speeches, the order of the oral ones. */
import { api, type Schemas } from "@lvyi/api";
import { day, queryClient, uuid } from "@lvyi/shared";
import { useQuery } from "@tanstack/vue-query";
import { computed, type Ref } from "vue";
import type { Field } from "~/forms/fields";
import { recount } from "~/frame/counts";
import { choicesOf, useCodes } from "~/list/codes";
import { cellDay, type Column, DAY } from "~/list/columns";
import type { FilterField } from "~/list/filters";

export type Speech = Schemas["SpeechOut"];
export type SpeechRow = Schemas["SpeechRow"];
export type SpeechAction = SpeechRow["actions"][number];
export type Call = Schemas["SpeechCallOut"];
export type CallAction = Call["actions"][number];
type Seen = { id: number; version: number };

/** The screens of the desk. */
export const LINKS: [string, string][] = [
  ["大会发言", "/speeches"],
  ["征集和编排", "/speeches/calls"],
];

export function refresh(): void {
  void queryClient.invalidateQueries({ queryKey: ["speeches"] });
  recount();
}
const at = ({ version }: Seen, key: string) => ({ "if-match": `"${version}"`, "Idempotency-Key": key });

/** Does what is changed, and reads all anew, also when it was refused. */
async function changing<T>(run: () => Promise<{ data: T }>): Promise<T> {
  try {
    return (await run()).data;
  } finally {
    refresh();
  }
}

export function useSpeech(id: Ref<number>) {
  return useQuery({
    queryKey: computed(() => ["speeches", "one", id.value]),
    queryFn: async ({ signal }) => (await api.GET("/api/v1/speeches/{speech_id}", { params: { path: { speech_id: id.value } }, signal })).data,
  });
}
export const step = (seen: Seen, body: Schemas["SpeechStepIn"], key = uuid()) =>
  changing(() => api.POST("/api/v1/speeches/{speech_id}/transitions", { params: { path: { speech_id: seen.id }, header: at(seen, key) }, body }));
export const saveText = (seen: Seen, body: Schemas["SpeechTextIn"], key = uuid()) =>
  changing(() => api.PUT("/api/v1/speeches/{speech_id}/text", { params: { path: { speech_id: seen.id }, header: at(seen, key) }, body }));

export function useCall(id: Ref<number>) {
  return useQuery({
    queryKey: computed(() => ["speeches", "call", id.value]),
    queryFn: async ({ signal }) => (await api.GET("/api/v1/speech-calls/{call_id}", { params: { path: { call_id: id.value } }, signal })).data,
  });
}
export const callStep = (seen: Seen, action: CallAction["action"], key = uuid()) =>
  changing(() => api.POST("/api/v1/speech-calls/{call_id}/transitions", { params: { path: { call_id: seen.id }, header: at(seen, key) }, body: { action } }));
export const editCall = (seen: Seen, body: Schemas["SpeechCallIn"], key = uuid()) =>
  changing(() => api.PUT("/api/v1/speech-calls/{call_id}", { params: { path: { call_id: seen.id }, header: at(seen, key) }, body }));
export const putInOrder = (seen: Seen, speech_ids: number[], key = uuid()) =>
  changing(() => api.PUT("/api/v1/speech-calls/{call_id}/order", { params: { path: { call_id: seen.id }, header: at(seen, key) }, body: { speech_ids } }));

/** All speeches of a call that have a place in the order, the first one first. */
export function useOrder(call_id: Ref<number>) {
  return useQuery({
    queryKey: computed(() => ["speeches", "order", call_id.value]),
    queryFn: async ({ signal }) => {
      const found: SpeechRow[] = [];
      let cursor: string | undefined;
      do {
        const { items, next } = (await api.GET("/api/v1/speeches", { params: { query: { call_id: call_id.value, limit: 50, cursor } }, signal })).data;
        found.push(...items.filter(({ place }) => place !== null));
        cursor = items.at(-1)?.place == null ? undefined : (next ?? undefined); // those without a place come last
      } while (cursor);
      return found;
    },
  });
}

/** The newest calls, to narrow the list by. */
export const useCalls = () => useQuery({ queryKey: ["speeches", "calls", "newest"], queryFn: async ({ signal }) => (await api.GET("/api/v1/speech-calls", { params: { query: { limit: 50 } }, signal })).data.items });

export const COLUMNS: Column<SpeechRow>[] = [
  { key: "place", label: "次序", width: 60, text: ({ place }) => (place === null ? "" : String(place)) },
  { key: "title", label: "题目", width: 280, grows: true, text: ({ title }) => title },
  { key: "author", label: "发言人", width: 84, text: ({ author }) => author },
  { key: "body_name", label: "单位", width: 150, text: ({ body_name }) => body_name ?? "" },
  { key: "state", label: "状态", width: 84, text: ({ state_label }) => state_label },
  { key: "wishes", label: "希望的形式", width: 96, text: ({ wishes_label }) => wishes_label },
  { key: "call", label: "征集", width: 180, text: ({ call }) => call },
  { key: "created_at", label: "提交", width: DAY, text: ({ created_at }) => cellDay(created_at) },
];
export const CALL_COLUMNS: Column<Call>[] = [
  { key: "name", label: "名称", width: 280, grows: true, text: ({ name }) => name },
  { key: "state", label: "状态", width: 84, text: ({ state_label }) => state_label },
  { key: "closes_on", label: "截止日期", width: 110, text: ({ closes_on }) => day(closes_on) },
  { key: "speeches", label: "发言", width: 60, text: ({ speeches }) => String(speeches) },
];

/** What the list is narrowed by. */
export function useFields() {
  const [{ data: codes }, { data: calls }] = [useCodes(), useCalls()];
  return computed<FilterField[]>(() => [
    { key: "q", label: "题目里的字词", kind: "text" },
    { key: "call_id", label: "征集", choices: calls.value?.map(({ id, name }) => ({ value: String(id), label: name })) ?? [] },
    { key: "state", label: "状态", choices: choicesOf(codes.value?.speech_states) },
    { key: "wishes", label: "希望的形式", choices: choicesOf(codes.value?.speech_forms) },
  ]);
}
export function useCallFields() {
  const { data: codes } = useCodes();
  return computed<FilterField[]>(() => [{ key: "state", label: "状态", choices: choicesOf(codes.value?.speech_call_states) }]);
}

/** What is asked of a call, and of a text. */
export const CALL_ENTRY: Field[] = [
  { key: "name", label: "名称", needed: true, maxLength: 120, hint: "例如：市政协六届六次会议大会发言" },
  { key: "body", label: "征集的要求", kind: "area", rows: 6, needed: true, maxLength: 2000 },
  { key: "closes_on", label: "截止日期", kind: "date", needed: true },
  { key: "most_characters", label: "发言稿最多多少字", kind: "number", needed: true },
];
export const textEntry = (most: number): Field[] => [
  { key: "title", label: "题目", needed: true, maxLength: 120 },
  { key: "body", label: "发言稿", kind: "area", rows: 14, needed: true, maxLength: most },
];
