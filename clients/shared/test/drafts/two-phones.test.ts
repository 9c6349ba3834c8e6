import { IDBFactory } from "fake-indexeddb";
import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { draftRoutes, server } from "./server-drafts";
import { newPhone, page, setNetwork, start, until } from "../phone";
import { fakeServer, json, noNetwork, problem, type FakeRequest } from "../server";

const options = {
  empty: { text: "", pictures: [] as Blob[] },
  route: "/updates/new",
  title: (value: { text: string }) => value.text.slice(0, 10),
};
const post = { path: "/api/v1/updates", label: "动态", invalidates: [] };
let requests: FakeRequest[];

beforeEach(() => {
  server.clear();
  newPhone();
  requests = fakeServer({ ...draftRoutes(), "POST /api/v1/updates": () => json({ id: 5 }, 201) });
});
afterEach(() => void vi.restoreAllMocks());

/** What lies on a phone, to be taken up again. */
function takeUp(phone = { database: new IDBFactory(), local: {} as Record<string, string> }) {
  vi.stubGlobal("indexedDB", phone.database);
  const me = localStorage.getItem("lvyi.me")!;
  localStorage.clear();
  for (const [name, value] of Object.entries({ ...phone.local, "lvyi.me": me })) localStorage.setItem(name, value);
}

const layDown = () => ({ database: indexedDB, local: { ...localStorage } as Record<string, string> });

async function open() {
  const app = await start();
  const { result: draft, scope } = page(() => app.useDraft("update", "new", options));
  await until(() => draft.ready.value);
  return { app, draft, scope };
}

const onServer = (text: string) => server.get("update/new")?.words.text === text;

test("what is written on one phone is on the other within seconds, in the list and in the editor", async () => {
  const { draft } = await open();
  draft.value.text = "路上写的";
  await until(() => onServer("路上写的"), 5_000);
  await until(() => draft.stateText.value === "草稿已保存");

  takeUp();
  const { app, draft: there } = await open();
  const { result: list } = page(() => app.useDrafts());
  await until(() => list.items.value.length === 1);
  expect(list.items.value[0]).toMatchObject({ title: "路上写的", route: "/updates/new", device: "Android HUAWEI MicroMessenger" });
  expect(there.value.text).toBe("路上写的");
  there.value.text = "路上写的，家里接着写";
  await there.flush();
  expect(onServer("路上写的，家里接着写")).toBe(true);
});

test("written on both without a network: both are shown, and the chosen one stays", async () => {
  const one = await open();
  one.draft.value.text = "第一句";
  await one.draft.flush();
  setNetwork(false);
  vi.stubGlobal("fetch", noNetwork);
  one.draft.value.text = "第一句，路上";
  await until(() => one.draft.state.value === "onPhone");
  one.scope.stop();
  await new Promise((done) => setTimeout(done, 50));
  const pocket = layDown();

  fakeServer(draftRoutes());
  setNetwork(true);
  takeUp();
  const two = await open();
  two.draft.value.text = "第一句，家里";
  await two.draft.flush();
  two.scope.stop();

  takeUp(pocket);
  const back = await open();
  await until(() => back.app.draftConflict.value);
  expect(back.app.draftConflict.value!.conflict).toMatchObject({ mine: { text: "第一句，路上" }, theirs: { text: "第一句，家里" } });
  expect(onServer("第一句，家里")).toBe(true);
  await back.app.draftConflict.value!.settle({ text: "第一句，家里，路上" });
  expect(onServer("第一句，家里，路上")).toBe(true);
  expect(back.app.draftConflict.value).toBeNull();
});

test("sent on one phone it is gone from the other", async () => {
  const one = await open();
  one.draft.value.text = "要发的";
  await one.draft.flush();
  one.scope.stop();
  const pocket = layDown();

  takeUp();
  const two = await open();
  await two.draft.send({ ...post, body: { body: "要发的" } });
  await until(() => server.size === 0);
  two.scope.stop();

  takeUp(pocket);
  const { app, draft } = await open();
  await until(() => draft.value.text === "");
  const { result: list } = page(() => app.useDrafts());
  await new Promise((done) => setTimeout(done, 50));
  expect(list.items.value).toEqual([]);
});

test("a queued post keeps its copy on the server until it was sent, and the next text is not taken along", async () => {
  const { app, draft } = await open();
  draft.value.text = "第一条";
  await draft.flush();
  setNetwork(false);
  const sent = draft.send({ ...post, body: { body: "第一条" } });
  await until(() => draft.state.value === "pending");
  expect(onServer("第一条")).toBe(true);
  const { result: list } = page(() => app.useDrafts());
  await new Promise((done) => setTimeout(done, 50));
  expect(list.items.value).toEqual([]); // it stands among what waits
  draft.value.text = "第二条";
  await until(() => draft.state.value === "onPhone");
  setNetwork(true);
  await sent;
  await draft.flush();
  await until(() => onServer("第二条"), 5_000);
  expect(app.draftConflict.value).toBeNull();
  expect(draft.value.text).toBe("第二条");
});

test("a crash between sending and deleting leaves no draft of what was sent", async () => {
  const { draft, scope } = await open();
  draft.value.text = "要发的";
  await draft.flush();
  let isDead = true;
  requests = fakeServer({
    ...draftRoutes(),
    "POST /api/v1/updates": () => json({ id: 5 }, 201),
    "DELETE /api/v1/drafts/update/new": (one) => {
      if (isDead) throw new TypeError("Failed to fetch");
      return draftRoutes()["DELETE /api/v1/drafts/update/new"]!(one);
    },
  });
  await draft.send({ ...post, body: { body: "要发的" } });
  scope.stop();
  expect(onServer("要发的")).toBe(true);
  isDead = false;
  const { app } = await open();
  await app.syncDrafts(7);
  await until(() => server.size === 0);
  expect(requests.filter(({ method }) => method === "POST")).toHaveLength(1);
});

test("what was left unsaved without a network is saved at the next start, though nobody opens it", async () => {
  setNetwork(false);
  const { draft, scope } = await open();
  draft.value.text = "没有信号";
  await until(() => draft.state.value === "onPhone");
  scope.stop();
  setNetwork(true);
  const app = await start();
  await app.syncDrafts(7);
  expect(onServer("没有信号")).toBe(true);
});

test("pictures stay on their phone, and the other one says so", async () => {
  server.set("update/new", {
    ...{ kind: "update", key: "new", text_id: "t", version: 3, title: "有图", path: "/updates/new", pictures: 2, device: "x" },
    edited_at: new Date().toISOString(),
    words: { text: "有图" },
  });
  const { app, draft } = await open();
  await until(() => draft.value.text === "有图");
  expect(draft.elsewhere.value).toBe(2);
  const { result: list } = page(() => app.useDrafts());
  await until(() => list.items.value[0]?.elsewhere === 2);
  draft.value.text = "有图，改了字";
  await draft.flush();
  expect(server.get("update/new")!.pictures).toBe(2);
});

test("a draft that is deleted is deleted everywhere, without a network a little later", async () => {
  const { app, draft } = await open();
  draft.value.text = "不要了";
  await draft.flush();
  const { result: list } = page(() => app.useDrafts());
  await until(() => list.items.value.length === 1);
  const routes = draftRoutes();
  fakeServer({ ...routes, "DELETE /api/v1/drafts/update/new": () => problem(503) });
  await draft.discard();
  expect(server.size).toBe(1);
  await until(() => list.items.value.length === 0);
  fakeServer(routes);
  await app.syncDrafts(7);
  expect(server.size).toBe(0);
});

test("a text that is emptied while the server is asked does not come back with its answer", async () => {
  const { draft, scope } = await open();
  draft.value.text = "上一条";
  await draft.flush();
  scope.stop();

  let answer = () => {};
  const path = "GET /api/v1/drafts/update/new";
  const routes = draftRoutes();
  fakeServer({ ...routes, [path]: (request) => new Promise((done) => (answer = () => done(routes[path]!(request)))) });
  const app = await start();
  const { result: again } = page(() => app.useDraft("update", "new", options));
  await until(() => again.value.text === "上一条");
  const late = server.get("update/new")!;
  again.value.text = "";
  await until(() => server.size === 0);
  server.set("update/new", late); // the answer left before the deletion, and arrives after it
  answer();
  await new Promise((done) => setTimeout(done, 100));
  expect(again.value.text).toBe("");
});

test("the server is not told of drafts that it has as something of its own", async () => {
  const { app } = await open();
  const { result: draft } = page(() => app.useDraft("public-lead", "new", { ...options, route: "/lead" }));
  draft.value.text = "市民的话";
  await draft.flush();
  await new Promise((done) => setTimeout(done, 3_200));
  expect(requests.filter(({ method }) => method === "PUT")).toEqual([]);
});
