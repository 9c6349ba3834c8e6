/** The library (资料库): documents found by words, and earlier cases that are like what is being written. */
import { api, Offline, Problem, type Schemas } from "@lvyi/api";
import { day, routeOf, useOnline } from "@lvyi/shared";
import { useQuery } from "@tanstack/vue-query";
import { onScopeDispose, shallowRef, watch, type ShallowRef } from "vue";

export type Document = Schemas["FoundRow"];
/** What every document says of itself, looked for or not. */
type Facts = Omit<Document, "excerpt">;
export type Case = Schemas["SimilarRow"];
export type Kind = Document["kind"];
/** What is being written. */
export type Typed = Pick<Required<Schemas["SimilarIn"]>, "title" | "text">;

/** How long a pause in typing is, how much must be written to compare it, and how much of a text is compared. */
const PAUSE = 800;
const LEAST = 4;
const COMPARED = 2_000;
const MOST_OF_TITLE = 120;

/** Earlier cases beside what is typed, asked for in its pauses; without an answer those of before stay. */
export function useSimilar(typed: () => Typed): ShallowRef<Case[]> {
  const online = useOnline();
  const cases = shallowRef<Case[]>([]);
  let timer = 0;
  let asking = new AbortController();

  function stop(): void {
    clearTimeout(timer);
    asking.abort();
  }

  async function ask(body: Typed): Promise<void> {
    asking = new AbortController();
    const { signal } = asking;
    try {
      const { data } = await api.POST("/api/v1/library/similar", { body, signal });
      if (!signal.aborted) cases.value = data.items;
    } catch (error) {
      if (!signal.aborted && !(error instanceof Offline) && !(error instanceof Problem)) throw error;
    }
  }

  watch(
    [() => beginning(typed().title, MOST_OF_TITLE), () => beginning(typed().text, COMPARED), online] as const,
    ([title, text, isOnline]) => {
      stop();
      if (title.length + text.length < LEAST) cases.value = [];
      else if (isOnline) timer = window.setTimeout(() => void ask({ title, text }), PAUSE);
    },
    { immediate: true },
  );
  onScopeDispose(stop);
  return cases;
}

/** Its first characters, of which none is cut in two. */
function beginning(text: string, most: number): string {
  const trimmed = text.trim();
  return trimmed.length <= most ? trimmed : [...trimmed].slice(0, most).join("");
}

/** How like it is, in words. */
export function likeness(similarity: number): string {
  if (similarity >= 0.8) return "几乎相同";
  return similarity >= 0.55 ? "大部分相近" : "部分相近";
}

/** Where a document comes from: 四届二次会议第 12 号 · 2019年3月5日. */
export function originOf({ source, window_name, number, dated_on }: Facts): string {
  const platform = [window_name, number && `第 ${number} 号`].filter(Boolean).join("");
  return [source ?? platform, day(dated_on)].filter(Boolean).join(" · ");
}

/** What came of it. */
export function outcomeOf({ outcome, result_class_label, state_label }: Facts): string | null {
  return outcome ?? ([state_label, result_class_label].filter(Boolean).join("，") || null);
}

/** The page on which it is read: its own when it was written on the platform. */
export function pageOf({ id, path }: Facts): string {
  return routeOf(path) ?? `/library/${id}`;
}

export function useDocument(id: number) {
  const params = { path: { document_id: id } };
  return useQuery({
    queryKey: ["library", "one", id],
    queryFn: async ({ signal }) => (await api.GET("/api/v1/library/documents/{document_id}", { params, signal })).data,
  });
}
