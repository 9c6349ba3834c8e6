import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { draftRoutes, server } from "./drafts-server";
import { fillUp, newPhone, page, setNetwork, start, until } from "./phone";
import { fakeServer, json, noNetwork, problem } from "./server";

const options = {
  empty: { text: "", pictures: [] as Blob[] },
  route: "/updates/new",
  title: (value: { text: string }) => value.text.slice(0, 10),
};
const post = { path: "/api/v1/updates", label: "动态", invalidates: [["feed"]] };

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

async function open(id = "new") {
  const app = await start();
  const { got: draft, scope } = page(() => app.useDraft("update", id, options));
  await until(() => draft.ready.value);
  return { app, draft, scope };
}

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
  const { got: list } = page(() => again.app.useDrafts());
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
  const { got: other } = page(() => app.useDraft("update", "b", options));
  const { got: list } = page(() => app.useDrafts());
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

test("a sent draft is empty at once, pending without a network, then sent", async () => {
  const asked = fakeServer({ "POST /api/v1/updates": () => json({ id: 5 }, 201), ...draftRoutes() });
  const { draft } = await open();
  draft.value.text = "今天走访";
  setNetwork(false);
  const sent = draft.send({ ...post, body: { body: "今天走访" } });
  await until(() => draft.stateText.value === "待发送");
  expect(draft.value.text).toBe("");
  setNetwork(true);
  expect(await sent).toEqual({ id: 5 });
  expect(draft.stateText.value).toBe("已发送");
  expect(asked.filter(({ method }) => method === "POST")).toHaveLength(1);
});

test("a second tap does not send twice", async () => {
  const asked = fakeServer({ "POST /api/v1/updates": () => json({ id: 5 }, 201), ...draftRoutes() });
  const { draft } = await open();
  draft.value.text = "今天走访";
  const action = { ...post, body: { body: "今天走访" } };
  await Promise.all([draft.send(action), draft.send(action)]);
  expect(asked.filter(({ method }) => method === "POST")).toHaveLength(1);
});

test("a refused draft comes back with the reason", async () => {
  fakeServer({ "POST /api/v1/updates": () => problem(409, { detail: "议题已经结束。" }) });
  const { app, draft } = await open();
  draft.value.text = "今天走访";
  await expect(draft.send({ ...post, body: { body: "今天走访" } })).rejects.toMatchObject({ status: 409 });
  expect(draft.value.text).toBe("今天走访");
  expect(draft.stateText.value).toBe("议题已经结束。");
  expect(app.useOutbox().items.value).toEqual([]);
});

test("a refusal does not displace what was typed meanwhile; it waits in the outbox", async () => {
  fakeServer({ "POST /api/v1/updates": () => problem(409) });
  const { app, draft } = await open();
  draft.value.text = "第一条";
  setNetwork(false);
  const sent = draft.send({ ...post, body: { body: "第一条" } });
  await until(() => draft.state.value === "pending");
  draft.value.text = "第二条";
  await draft.flush();
  setNetwork(true);
  await expect(sent).rejects.toThrow();
  expect(draft.value.text).toBe("第二条");
  const { items, edit } = app.useOutbox();
  await expect(edit(items.value[0]!.id)).rejects.toThrow("正在写另一条");
  draft.value.text = "";
  await draft.flush();
  expect(await edit(items.value[0]!.id)).toBe("/updates/new");
  expect(draft.value.text).toBe("第一条");
  expect(items.value).toEqual([]);
});

test("a discarded draft is gone", async () => {
  const { draft } = await open();
  draft.value.text = "不要了";
  await draft.flush();
  await draft.discard();
  expect((await open()).draft.value.text).toBe("");
});

test("no answer while sending keeps the post waiting", async () => {
  fakeServer({ "POST /api/v1/updates": noNetwork });
  const { app, draft } = await open();
  draft.value.text = "今天走访";
  void draft.send({ ...post, body: { body: "今天走访" } });
  const { items } = app.useOutbox();
  await until(() => items.value[0]?.attempts === 0 && items.value[0].triedAt);
  expect(draft.state.value).toBe("pending");
});

test("a refused reply stays in its place, and comes back only when it is asked for", async () => {
  fakeServer({ ...draftRoutes("reply", "3"), "POST /api/v1/threads/3/replies": () => problem(422, { detail: "填写的内容有误。" }) });
  const app = await start();
  const { got: draft } = page(() => app.useDraft("reply", 3, { ...options, staysInPlace: true }));
  await until(() => draft.ready.value);
  draft.value.text = "不能发的";
  const sent = draft.send({ ...post, path: "/api/v1/threads/3/replies", body: { body: "不能发的" } });
  await expect(sent).rejects.toMatchObject({ status: 422 });
  expect(draft.value.text).toBe("");
  const { items, failedCount, edit } = app.useOutbox();
  expect(items.value[0]).toMatchObject({ state: "failed", isRefused: true, sentence: "填写的内容有误。" });
  expect(failedCount.value).toBe(1);
  await edit(items.value[0]!.id);
  expect(draft.value.text).toBe("不能发的");
  expect(failedCount.value).toBe(0);
});
