/** Long texts that are written over days: proposals and opinion reports. */
import { post, Problem } from "@lvyi/api";
import { useDraft, uuid, type OpenDraft } from "@lvyi/shared";
import { computed, toRaw, type WritableComputedRef } from "vue";
import { useRoute, useRouter } from "vue-router";

/** Where texts of a kind live: lists and single ones under `path` of the API, pages under `/proposals` or the like. */
interface Place<T> {
  kind: string;
  path: string;
  pages: string;
  blank: T;
  title: (text: T) => string;
  save: (id: number, text: T, version: number) => Promise<unknown>;
}

/**
 * A text that is begun on this phone; `begin` hands it to the server and gives its id there.
 * Begun again after a lost answer it is still the same text.
 */
export function useNewText<T extends object>(place: Place<T>): { draft: OpenDraft<T>; begin: () => Promise<number> } {
  const { kind, path, pages, blank, title, save } = place;
  const draft = useDraft<T & { key: string }>(kind, "new", { empty: { ...blank, key: "" }, route: `${pages}/new`, title });

  async function begin(): Promise<number> {
    draft.value.key ||= uuid();
    await draft.flush();
    const { key, ...text } = toRaw(draft.value);
    const { id, version } = (await post(path, {}, key)) as { id: number; version: number };
    await save(id, text as unknown as T, version).catch((error: unknown) => {
      if (!(error instanceof Problem && error.status === 412)) throw error;
      return save(id, text as unknown as T, (error.current as { version: number }).version); // what I sent before
    });
    await draft.discard();
    return id;
  }

  return { draft: draft as unknown as OpenDraft<T>, begin };
}

/** The step of an editor, kept in the address so that a reload stays there. */
export function useStep<Step extends string>(steps: readonly Step[]): WritableComputedRef<Step> {
  const route = useRoute();
  const router = useRouter();
  return computed({
    get: () => steps.find((step) => step === route.query.step) ?? steps[0]!,
    set: (step) => void router.replace({ query: { ...route.query, step } }),
  });
}

/** How many characters a text has, blanks left out. */
export function lengthOf(text: string): number {
  return [...text.replace(/\s/g, "")].length;
}

// What the server refuses comes along unseen when text is pasted from other apps.
const UNSEEN = /[\0-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\uffff]/g;

/** A text without characters that nobody sees; `oneLine`: without line breaks either. */
export function tidy(text: string, oneLine = false): string {
  const seen = text.replace(/\r\n?/g, "\n").replace(UNSEEN, "");
  return oneLine ? seen.replace(/[\n\t]+/g, "") : seen;
}
