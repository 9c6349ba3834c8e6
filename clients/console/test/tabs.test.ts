import { useSession } from "@lvyi/shared";
import { expect, test } from "vitest";

const STORED = "lvyi.tabs";
const draft = { path: "/opinions/3", title: "送审稿" };

test("tabs are those of whoever opened them, and nobody else reads their titles", async () => {
  const { me } = useSession();
  me.value = { account_id: 8, organization: { id: 1 } } as NonNullable<typeof me.value>;
  sessionStorage.setItem(STORED, JSON.stringify({ of: "7:1", tabs: [draft] }));
  const { addTab, forgetTabs, tabs } = await import("../src/frame/tabs");
  expect(tabs.value).toEqual([]);
  expect(sessionStorage.getItem(STORED)).toBeNull();

  addTab(draft);
  expect(JSON.parse(sessionStorage.getItem(STORED)!)).toEqual({ of: "8:1", tabs: [draft] });
  forgetTabs();
  expect([tabs.value, sessionStorage.getItem(STORED)?.includes(draft.title)]).toEqual([[], false]);
});
