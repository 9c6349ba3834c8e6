import { page, start, until } from "../phone";

/** An editor of updates, as the tests of drafts open it. */
export const options = {
  empty: { text: "", pictures: [] as Blob[] },
  route: "/updates/new",
  title: (value: { text: string }) => value.text.slice(0, 10),
};

/** Opens the app anew, and in it the editor. */
export async function open(id = "new") {
  const app = await start();
  const { result: draft, scope } = page(() => app.useDraft("update", id, options));
  await until(() => draft.ready.value);
  return { app, draft, scope };
}
