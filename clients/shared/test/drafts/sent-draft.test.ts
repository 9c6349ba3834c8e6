import { beforeEach, expect, test } from "vitest";

import { open, options } from "./editor";
import { draftRoutes, server } from "./server-drafts";
import { newPhone, page, setNetwork, start, until } from "../phone";
import { fakeServer, json, noNetwork, problem } from "../server";

const post = { path: "/api/v1/updates", label: "动态", invalidates: [["feed"]] };

beforeEach(() => {
  server.clear();
  newPhone();
});

test("a sent draft is empty at once, pending without a network, then sent", async () => {
  const requests = fakeServer({ "POST /api/v1/updates": () => json({ id: 5 }, 201), ...draftRoutes() });
  const { draft } = await open();
  draft.value.text = "今天走访";
  setNetwork(false);
  const sent = draft.send({ ...post, body: { body: "今天走访" } });
  await until(() => draft.stateText.value === "待发送");
  expect(draft.value.text).toBe("");
  setNetwork(true);
  expect(await sent).toEqual({ id: 5 });
  expect(draft.stateText.value).toBe("已发送");
  expect(requests.filter(({ method }) => method === "POST")).toHaveLength(1);
});

test("a second tap does not send twice", async () => {
  const requests = fakeServer({ "POST /api/v1/updates": () => json({ id: 5 }, 201), ...draftRoutes() });
  const { draft } = await open();
  draft.value.text = "今天走访";
  const action = { ...post, body: { body: "今天走访" } };
  await Promise.all([draft.send(action), draft.send(action)]);
  expect(requests.filter(({ method }) => method === "POST")).toHaveLength(1);
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
  const { result: draft } = page(() => app.useDraft("reply", 3, { ...options, staysInPlace: true }));
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
