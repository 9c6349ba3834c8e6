/** Reading: topics with their books, my log, notes. */
import { api, type Schemas } from "@lvyi/api";
import { today, usePages } from "@lvyi/shared";
import { useDraft, type OpenDraft } from "@lvyi/shared/drafts";
import { useQuery } from "@tanstack/vue-query";
import { computed, toValue, type MaybeRefOrGetter } from "vue";

export type Topic = Schemas["ReadingTopicOut"];

/** Which notes: all, those of a topic, of a member, or the commended ones. */
export interface NoteFilter {
  topic_id?: number;
  seat_id?: number;
  commended?: boolean;
}

/** What is typed to log reading; `readOn` empty means today. */
export interface LogDraft {
  book: string;
  amount: number | "";
  unit: "minutes" | "pages";
  readOn: string;
}

export interface NoteDraft {
  book: string;
  title: string;
  body: string;
}

/** The reading topics of today. */
export function useCurrentTopics() {
  return useQuery({
    queryKey: ["reading", "topics", "current"],
    queryFn: async ({ signal }) => (await api.GET("/api/v1/reading/topics", { signal })).data.items,
  });
}

export function usePastTopics() {
  return usePages(["reading", "topics", "past"], async (cursor, signal) => {
    const query = { when: "past" as const, cursor };
    return (await api.GET("/api/v1/reading/topics", { params: { query }, signal })).data;
  });
}

/** One reading topic; none is asked for while `id` is null. */
export function useTopic(id: MaybeRefOrGetter<number | null>) {
  return useQuery({
    queryKey: computed(() => ["reading", "topics", toValue(id)]),
    queryFn: async ({ signal }) => {
      const path = { topic_id: toValue(id) ?? 0 };
      return (await api.GET("/api/v1/reading/topics/{topic_id}", { params: { path }, signal })).data;
    },
    enabled: () => toValue(id) !== null,
  });
}

/** My reading in the present duty year. */
export function useReadingYear(enabled: MaybeRefOrGetter<boolean>) {
  return useQuery({
    queryKey: ["reading", "year"],
    queryFn: async ({ signal }) => (await api.GET("/api/v1/reading/year", { signal })).data,
    enabled,
  });
}

export function useMyLog() {
  return usePages(["reading", "logs"], async (cursor, signal) => {
    return (await api.GET("/api/v1/reading/logs", { params: { query: { cursor } }, signal })).data;
  });
}

export function useLogEntry(id: MaybeRefOrGetter<number>) {
  return useQuery({
    queryKey: computed(() => ["reading", "logs", toValue(id)]),
    queryFn: async ({ signal }) => {
      const path = { log_id: toValue(id) };
      return (await api.GET("/api/v1/reading/logs/{log_id}", { params: { path }, signal })).data;
    },
  });
}

export function useNotes(filter: MaybeRefOrGetter<NoteFilter>) {
  return usePages(
    computed(() => ["reading", "notes", toValue(filter)]),
    async (cursor, signal) => {
      const query = { ...toValue(filter), cursor };
      return (await api.GET("/api/v1/reading/notes", { params: { query }, signal })).data;
    },
  );
}

export function useNote(id: MaybeRefOrGetter<number>) {
  return useQuery({
    queryKey: computed(() => ["reading", "notes", toValue(id)]),
    queryFn: async ({ signal }) => {
      const path = { note_id: toValue(id) };
      return (await api.GET("/api/v1/reading/notes/{note_id}", { params: { path }, signal })).data;
    },
  });
}

/** What I am logging, and the post of it. `topics` are those among whose books the one read may be. */
export function useLogDraft(): { draft: OpenDraft<LogDraft>; log: (topics: Topic[]) => Promise<unknown> } {
  const draft = useDraft<LogDraft>("reading-log", "new", {
    empty: { book: "", amount: "", unit: "minutes", readOn: "" },
    route: "/reading/log",
    title: ({ book }) => (book ? `读书记录：${book}` : "读书记录"),
  });

  function log(topics: Topic[]): Promise<unknown> {
    const { amount, unit, readOn } = draft.value;
    const book = bare(draft.value.book);
    const topic = topics.find(({ books }) => books.some(({ title }) => title === book));
    return draft.send({
      path: "/api/v1/reading/logs",
      body: { book, [unit]: amount, read_on: readOn || today(), topic_id: topic?.id ?? null },
      label: `读书记录：${book}`,
      invalidates: [["reading"], ["duty"]],
    });
  }

  return { draft, log };
}

/** The note that I am writing, on a reading topic or on none, and the post of it. */
export function useNoteDraft(topic: number | null): { draft: OpenDraft<NoteDraft>; publish: () => Promise<unknown> } {
  const draft = useDraft<NoteDraft>("reading-note", topic ?? "new", {
    empty: { book: "", title: "", body: "" },
    route: `/reading/notes/new${topic ? `?topic=${topic}` : ""}`,
    title: ({ book, title }) => title || (book ? `读书笔记：${book}` : "读书笔记"),
  });

  function publish(): Promise<unknown> {
    const { title, body } = draft.value;
    return draft.send({
      path: "/api/v1/reading/notes",
      body: { book: bare(draft.value.book), title, body, topic_id: topic },
      label: `读书笔记：${title}`,
      invalidates: [["reading"], ["duty"]],
    });
  }

  return { draft, publish };
}

/** Minutes in words: 45 分钟, 32 小时. */
export function duration(minutes: number): [value: string, unit: string] {
  return minutes < 120 ? [String(minutes), "分钟"] : [String(Math.round(minutes / 60)), "小时"];
}

/** What an entry of the log counts: 25 分钟 · 30 页. */
export function amountOf({ minutes, pages }: { minutes: number; pages: number }): string {
  return [minutes && `${minutes} 分钟`, pages && `${pages} 页`].filter(Boolean).join(" · ");
}

/** A book's title without title marks, which people type and the API adds nowhere. */
function bare(book: string): string {
  return book.trim().replace(/^《(.*)》$/, "$1");
}
