import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { open, options } from "./editor";
import { draftRoutes, server } from "./server-drafts";
import { fillUp, newPhone, page, until } from "../phone";
import { fakeServer } from "../server";

beforeEach(() => {
  server.clear();
  newPhone();
  fakeServer(draftRoutes());
});
const phone = navigator;
afterEach(() => {
  vi.stubGlobal("navigator", phone);
  vi.restoreAllMocks();
});

// first: phones of other tests would ask too
test("the browser is asked once to keep what lies here", async () => {
  const persist = vi.fn(async () => true);
  vi.stubGlobal("navigator", Object.assign(Object.create(navigator), { storage: { persist } }));
  const { draft } = await open();
  expect(persist).not.toHaveBeenCalled();
  draft.value.text = "一";
  await draft.flush();
  draft.value.text = "一二";
  await draft.flush();
  expect(persist).toHaveBeenCalledTimes(1);
});

test("what is typed without a pause is in the journal within 0.3 s, and there after a crash", async () => {
  const { draft } = await open();
  let newest = 0;
  for (let typed = 1; typed <= 60; typed++) {
    draft.value.text += "字";
    await new Promise((done) => setTimeout(done, 20)); // never as long as a pause
    if (typed % 20 === 0) {
      const again = await open();
      expect(again.draft.value.text.length).toBeGreaterThan(newest);
      newest = again.draft.value.text.length;
      expect(typed - newest).toBeLessThanOrEqual(16); // 0.3 s of typing
    }
  }
});

test("what is typed is there at once when the page is hidden or left, though the database is slow", async () => {
  const { draft } = await open();
  vi.spyOn(IDBObjectStore.prototype, "put").mockImplementation(() => ({}) as IDBRequest); // never done
  draft.value.text = "刚写下";
  dispatchEvent(new Event("pagehide"));
  vi.restoreAllMocks();
  expect((await open()).draft.value.text).toBe("刚写下");
});

test("a connection that the browser closed is opened again", async () => {
  const { draft } = await open();
  draft.value.text = "一";
  await draft.flush();
  const real = IDBDatabase.prototype.transaction;
  vi.spyOn(IDBDatabase.prototype, "transaction").mockImplementationOnce(() => {
    throw new DOMException("The database connection is closing.", "InvalidStateError");
  });
  draft.value.text = "一二";
  expect(await draft.flush()).toBe(true);
  expect(IDBDatabase.prototype.transaction).not.toBe(real);
  localStorage.removeItem("lvyi.draft/7/update/new"); // only the database has it
  expect((await open()).draft.value.text).toBe("一二");
});

test("trouble with the database that is not a full phone keeps the words and says nothing of room", async () => {
  const { draft } = await open();
  vi.spyOn(IDBObjectStore.prototype, "put").mockImplementation(() => {
    throw new DOMException("Connection to Indexed Database server lost", "UnknownError");
  });
  draft.value.text = "还在";
  await until(() => draft.state.value === "saved", 6_000);
  vi.restoreAllMocks();
  expect((await open()).draft.value.text).toBe("还在");
});

test("of journal and database the newer one wins, with the pictures of the same text", async () => {
  const { draft } = await open();
  draft.value.text = "旧";
  await draft.flush();
  const kept = { account: 7, kind: "update", id: "new", text: "别的", title: "新", route: "/updates/new", version: null, dirty: true };
  const journal = (editedAt: number) => JSON.stringify({ ...kept, elsewhere: 0, editedAt, value: { text: "新" } });
  localStorage.setItem("lvyi.draft/7/update/new", journal(1));
  expect((await open()).draft.value.text).toBe("旧");
  localStorage.setItem("lvyi.draft/7/update/new", journal(Date.now() + 60_000));
  expect((await open()).draft.value.text).toBe("新");
});

test("characters that nobody sees are taken out while typing, families stay together", async () => {
  const { draft } = await open();
  draft.value.text = "一家👨‍👩‍👧，医生👩🏽‍⚕️\u2028零\u200b宽\u000b行\ud83d";
  expect(draft.value.text).toBe("一家👨‍👩‍👧，医生👩🏽‍⚕️\n零宽\n行");
  draft.value.text = "甲\u200d乙";
  expect(draft.value.text).toBe("甲乙");
  await draft.discard();
});

test("what is typed is on the phone, and there after a crash", async () => {
  const { draft } = await open();
  expect(draft.stateText.value).toBe("");
  draft.value.text = "走访三户老人";
  expect(draft.stateText.value).toBe("正在保存…");
  await until(() => draft.stateText.value === "草稿已保存", 5_000);

  const again = await open();
  expect(again.draft.value.text).toBe("走访三户老人");
  const { result: list } = page(() => again.app.useDrafts());
  await until(() => list.items.value.length === 1);
  expect(list.items.value[0]).toMatchObject({ title: "走访三户老人", route: "/updates/new" });
});

test("what was typed just now is kept when the page is left", async () => {
  const { draft, scope } = await open();
  draft.value.text = "刚写下";
  scope.stop();
  await new Promise((done) => setTimeout(done, 50));
  expect((await open()).draft.value.text).toBe("刚写下");
});

test("several drafts stand side by side, and an emptied one is gone", async () => {
  const { app, draft } = await open("a");
  const { result: other } = page(() => app.useDraft("update", "b", options));
  const { result: list } = page(() => app.useDrafts());
  await until(() => other.ready.value);
  draft.value.text = "一";
  other.value.text = "二";
  await until(() => list.items.value.length === 2);
  draft.value.text = "";
  await until(() => list.items.value.map(({ title }) => title).join() === "二");
});

test("another account sees nothing of it, its own finds it again", async () => {
  fakeServer({});
  const { draft } = await open();
  draft.value.text = "我的";
  await draft.flush();
  localStorage.setItem("lvyi.me", JSON.stringify({ account_id: 8 }));
  expect((await open()).draft.value.text).toBe("");
  localStorage.setItem("lvyi.me", JSON.stringify({ account_id: 7 }));
  expect((await open()).draft.value.text).toBe("我的");
});

test("a full phone is told, and the text stays on the screen", async () => {
  const { draft } = await open();
  fillUp();
  draft.value.text = "写不下";
  await until(() => draft.state.value === "failed");
  expect(draft.stateText.value).toContain("存储已满");
  expect(draft.value.text).toBe("写不下");
});

test("a discarded draft is gone", async () => {
  const { draft } = await open();
  draft.value.text = "不要了";
  await draft.flush();
  await draft.discard();
  expect((await open()).draft.value.text).toBe("");
});

test("what staff type at their desk is no draft of the phone's list", async () => {
  const { app, draft } = await open();
  const { result: form } = page(() => app.useDraft("desk-form", "account:new", { ...options, route: "" }));
  const { result: list } = page(() => app.useDrafts());
  await until(() => form.ready.value);
  form.value.text = "赵新雨";
  draft.value.text = "走访三户老人";
  await until(() => list.items.value.length > 0 && form.stateText.value === "草稿已保存", 5_000);
  expect(list.items.value.map(({ title }) => title)).toEqual(["走访三户老人"]);
});
