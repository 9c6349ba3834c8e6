/** Members' reading (委员读书) at the desk: topics with their books, and the notes on what was read. */
import { useQuery } from "@tanstack/vue-query";
import { api, type Schemas } from "@lvyi/api";
import { day, queryClient, usePages } from "@lvyi/shared";
import { computed, type Ref } from "vue";
import { usePost } from "~/forms/write";
import { type Column, DAY } from "~/list/columns";
import type { FilterField } from "~/list/filters";

export type Note = Schemas["ReadingNoteOut"];
export type NoteRow = Schemas["NoteRow"];
export type Topic = Schemas["ReadingTopicOut"];

export const COLUMNS: Column<NoteRow>[] = [
  { key: "title", label: "题目", width: 300, grows: true, text: ({ title, excerpt }) => title || excerpt },
  { key: "author", label: "委员", width: 96, text: ({ author_name }) => author_name },
  { key: "created_at", label: "发表", width: DAY, text: ({ created_at }) => day(created_at) },
  { key: "commended", label: "评优", width: 76, text: ({ commended_at }) => (commended_at ? "优秀" : "") },
  { key: "book", label: "读的书", width: 150, text: ({ book }) => book },
  { key: "sector", label: "界别", width: 110, isExtra: true, text: ({ author_sector }) => author_sector },
  { key: "replies", label: "交流", width: 60, isNumber: true, isExtra: true, text: ({ reply_count }) => String(reply_count || "") },
];

export const fieldsOf = (topics: Topic[]): FilterField[] => [
  { key: "topic_id", label: "主题", choices: topics.map(({ id, title }) => ({ value: String(id), label: title })) },
  { key: "commended", label: "评优", choices: [{ value: "true", label: "只看优秀笔记" }] },
];

export function useNotes(filters: Ref<Record<string, string>>) {
  return usePages(
    computed(() => ["reading", "notes", filters.value]),
    async (cursor, signal) => {
      const { topic_id, commended } = filters.value;
      const query = { topic_id: topic_id ? Number(topic_id) : undefined, commended: commended === "true", cursor, limit: 50 };
      return (await api.GET("/api/v1/reading/notes", { params: { query }, signal })).data;
    },
  );
}

const at = (id: number) => ({ params: { path: { note_id: id } } });

export function useNote(id: Ref<number>) {
  return useQuery({
    queryKey: computed(() => ["reading", "note", id.value]),
    queryFn: async ({ signal }) => (await api.GET("/api/v1/reading/notes/{note_id}", { ...at(id.value), signal })).data,
  });
}

export function useTopics() {
  return usePages(["reading", "topics"], async (cursor, signal) => {
    return (await api.GET("/api/v1/reading/topics", { params: { query: { when: "all", cursor, limit: 50 } }, signal })).data;
  });
}

export function refresh(): void {
  void queryClient.invalidateQueries({ queryKey: ["reading"] });
}

export async function commend(id: number, yes: boolean): Promise<void> {
  if (yes) await api.PUT("/api/v1/reading/notes/{note_id}/commendation", at(id));
  else await api.DELETE("/api/v1/reading/notes/{note_id}/commendation", at(id));
  refresh();
}

export async function hide(id: number, reason: string): Promise<void> {
  await api.PUT("/api/v1/reading/notes/{note_id}/hidden", { ...at(id), body: { reason } });
  refresh();
}

/** Opens a topic, or changes one; asked again after a lost answer it is not opened twice. */
export function useTopicSaving() {
  const open = usePost();
  return async (body: Schemas["ReadingTopicIn"], id?: number): Promise<void> => {
    try {
      if (id) await api.PATCH("/api/v1/reading/topics/{topic_id}", { params: { path: { topic_id: id } }, body });
      else await open("reading/topics", body);
    } finally {
      refresh();
    }
  };
}

/** Books as they are typed, one a line with its author behind a stroke: 乡土中国 / 费孝通. */
export function booksOf(text: string): Schemas["BookIn"][] {
  return text
    .split("\n")
    .map((line) => line.replace(/[《》]/g, "").split(/[/／]/))
    .filter(([title]) => title?.trim())
    .map(([title, ...author]) => ({ title: title!.trim(), author: author.join("/").trim() }));
}

export const textOf = (books: Topic["books"]) => books.map(({ title, author }) => (author ? `${title} / ${author}` : title)).join("\n");
