import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { fillUp, newPhone, page, setNetwork, start, until } from "./phone";
import { fakeServer, json, noNetwork, problem } from "./server";

const options = {
  empty: { text: "", pictures: [] as Blob[] },
  route: "/updates/new",
  title: (value: { text: string }) => value.text.slice(0, 10),
};
const post = { path: "/api/v1/updates", label: "动态", invalidates: [["feed"]] };

beforeEach(() => newPhone());
afterEach(() => void vi.restoreAllMocks());

async function open(id = "new") {
  const app = await start();
  const { got: draft, scope } = page(() => app.useDraft("update", id, options));
  await until(() => draft.ready.value);
  return { app, draft, scope };
}

test("what is typed is on the phone after 0.4 s, and there after a crash", async () => {
  const { draft } = await open();
  expect(draft.stateText.value).toBe("");
  draft.value.text = "走访三户老人";
  expect(draft.stateText.value).toBe("正在保存…");
  await until(() => draft.stateText.value === "草稿已保存");

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
  expect(draft.stateText.value).toContain("存储空间不足");
  expect(draft.value.text).toBe("写不下");
});

test("a sent draft is empty at once, pending without a network, then sent", async () => {
  const asked = fakeServer({ "POST /api/v1/updates": () => json({ id: 5 }, 201) });
  const { draft } = await open();
  draft.value.text = "今天走访";
  setNetwork(false);
  const sent = draft.send({ ...post, body: { body: "今天走访" } });
  await until(() => draft.stateText.value === "待发送");
  expect(draft.value.text).toBe("");
  setNetwork(true);
  expect(await sent).toEqual({ id: 5 });
  expect(draft.stateText.value).toBe("已发送");
  expect(asked).toHaveLength(1);
});

test("a second tap does not send twice", async () => {
  const asked = fakeServer({ "POST /api/v1/updates": () => json({ id: 5 }, 201) });
  const { draft } = await open();
  draft.value.text = "今天走访";
  const action = { ...post, body: { body: "今天走访" } };
  await Promise.all([draft.send(action), draft.send(action)]);
  expect(asked).toHaveLength(1);
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
