/** Long texts that are written over days: proposals and opinion reports. */
import { post, Problem } from "@lvyi/api";
import { uuid } from "@lvyi/shared";
import { useDraft, without, type OpenDraft } from "@lvyi/shared/drafts";
import { computed, type WritableComputedRef } from "vue";
import { useRoute, useRouter } from "vue-router";

/** Where texts of a kind live: lists and single ones under `path` of the API, pages under `/proposals` or the like. */
interface Place<T, Saved extends { version: number; state: string }> {
  kind: string;
  path: string;
  pages: string;
  blank: T;
  title: (text: T) => string;
  read: (id: number) => Promise<Saved>;
  textOf: (saved: Saved) => T;
  save: (id: number, text: T, version: number) => Promise<Saved>;
}

/**
 * A text that is begun on this phone. Some seconds after its first words the server has it, and it has an id there;
 * begun again after a lost answer it is still the same text. `begin` gives the id, null while it cannot be had.
 */
export function useNewText<T extends object, Saved extends { version: number; state: string }>(
  place: Place<T, Saved>,
): { draft: OpenDraft<T>; begin: () => Promise<number | null> } {
  const { kind, path, pages, title, read, textOf, save } = place;
  type Begun = T & { key: string; id: number | null };
  const draft: OpenDraft<Begun> = useDraft<Begun>(kind, "new", {
    empty: { ...place.blank, key: "", id: null },
    route: `${pages}/new`,
    title,
    server: { get, put, value: (saved: Saved) => textOf(saved) as Begun },
  });

  async function get(): Promise<Saved | null> {
    const { id } = draft.value;
    const saved = id ? await read(id).catch(missing) : null;
    return saved?.state === "draft" ? saved : null; // handed in or deleted on another phone
  }

  async function put(begun: Begun, version: number): Promise<Saved> {
    const text: T = without(begun, "key", "id");
    const { value } = draft;
    const saved = value.id && (await save(value.id, text, version).catch(missing));
    if (saved) return saved;
    if (value.id) Object.assign(value, { id: null, key: "" }); // deleted on another phone
    value.key ||= uuid();
    await draft.keep();
    const blank = (await post(path, {}, value.key)) as { id: number; version: number };
    value.id = blank.id;
    return save(blank.id, text, blank.version).catch((error: unknown) => {
      if (!(error instanceof Problem && error.status === 412)) throw error;
      return save(blank.id, text, (error.current as { version: number }).version); // what I sent before
    });
  }

  async function begin(): Promise<number | null> {
    await draft.flush();
    if (draft.value.id) draft.close();
    return draft.value.id;
  }

  return { draft: draft as unknown as OpenDraft<T>, begin };
}

function missing(error: unknown): null {
  if (error instanceof Problem && error.status === 404) return null;
  throw error;
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
