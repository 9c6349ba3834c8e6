import { Offline, Problem } from "@lvyi/api";
import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { newPhone, page, setNetwork, start, until } from "../phone";

interface Text {
  title: string;
  body: string;
}
type Saved = Text & { version: number; state: string };

let saved: Saved;
const get = vi.fn();
const put = vi.fn();

beforeEach(() => {
  newPhone();
  saved = { title: "托育", body: "", version: 1, state: "draft" };
  get.mockReset().mockImplementation(async () => saved);
  put.mockReset().mockImplementation(save);
});
afterEach(() => void vi.restoreAllMocks());

async function save(value: Text, version: number): Promise<Saved> {
  const app = await import("@lvyi/api"); // the error class of the app that runs now
  if (version !== saved.version) throw new app.Problem(412, { current: { ...saved } });
  return (saved = { ...saved, ...value, version: version + 1 });
}

async function open() {
  const app = await start();
  const { result: draft, scope } = page(() =>
    app.useDraft<Text>("proposal", 3, {
      empty: { title: "", body: "" },
      route: "/proposals/3/edit",
      title: (value) => value.title,
      server: { get, put, value: ({ title, body }: Saved) => ({ title, body }) },
    }),
  );
  await until(() => draft.ready.value || draft.problem.value);
  return { draft, scope };
}

test("the server's text is shown and changes are saved to it with its version", async () => {
  const { draft } = await open();
  expect(draft.value).toEqual({ title: "托育", body: "" });
  draft.value.body = "一、";
  expect(await draft.flush()).toBe(true);
  draft.value.body = "一、利用闲置用房";
  expect(await draft.flush()).toBe(true);
  expect(put.mock.calls.map(([, version]) => version)).toEqual([1, 2]);
  expect(saved.body).toBe("一、利用闲置用房");
  expect(draft.stateText.value).toBe("草稿已保存");
});

test("changes reach the server some seconds after typing, once", async () => {
  const { draft } = await open();
  for (const body of ["一", "一、", "一、利"]) draft.value.body = body;
  await until(() => saved.body === "一、利", 5_000);
  expect(put).toHaveBeenCalledTimes(1);
});

test("without a network the draft waits, and is saved once there is one", async () => {
  const { draft } = await open();
  setNetwork(false);
  draft.value.body = "在路上写";
  await until(() => draft.stateText.value === "已存在本机，联网后同步");
  expect(put).not.toHaveBeenCalled();
  setNetwork(true);
  await until(() => saved.body === "在路上写");
});

test("what was written offline before a crash is saved at the next start", async () => {
  const first = await open();
  put.mockImplementation(async () => Promise.reject(new Offline()));
  setNetwork(false);
  first.draft.value.body = "没有发出";
  await until(() => first.draft.state.value === "onPhone");
  first.scope.stop();
  setNetwork(true);
  put.mockImplementation(save);
  const { draft } = await open();
  await until(() => saved.body === "没有发出");
  expect(draft.value.body).toBe("没有发出");
});

test("a text saved elsewhere meanwhile is a conflict; mine may win", async () => {
  const { draft } = await open();
  saved = { ...saved, body: "电脑上写", version: 2 };
  draft.value.body = "手机上写";
  expect(await draft.flush()).toBe(false);
  expect(draft.conflict.value).toEqual({
    mine: { title: "托育", body: "手机上写" },
    theirs: { title: "托育", body: "电脑上写" },
  });
  expect(saved.body).toBe("电脑上写");
  await draft.keepMine();
  expect(draft.conflict.value).toBeNull();
  expect(saved).toMatchObject({ body: "手机上写", version: 3 });
});

test("a conflict found at the next start; theirs may win", async () => {
  const first = await open();
  setNetwork(false);
  first.draft.value.body = "手机上写";
  await until(() => first.draft.state.value === "onPhone");
  first.scope.stop();
  saved = { ...saved, body: "电脑上写", version: 5 };
  setNetwork(true);
  const { draft } = await open();
  expect(draft.conflict.value?.mine.body).toBe("手机上写");
  await draft.keepTheirs();
  expect(draft.value.body).toBe("电脑上写");
  draft.value.body = "接着写";
  expect(await draft.flush()).toBe(true);
  expect(saved.version).toBe(6);
});

test("an old answer out of a cache does not replace a newer text", async () => {
  const first = await open();
  const old = saved;
  first.draft.value.body = "新写的";
  await first.draft.flush();
  first.scope.stop();
  get.mockResolvedValue(old);
  const { draft } = await open();
  await new Promise((done) => setTimeout(done, 50));
  expect(draft.value.body).toBe("新写的");
  draft.value.body = "接着写";
  expect(await draft.flush()).toBe(true);
});

test("a save whose answer was lost is no conflict", async () => {
  const { draft } = await open();
  put.mockImplementationOnce(async (value: Text, version: number) => {
    await save(value, version);
    const app = await import("@lvyi/api");
    throw new app.Offline();
  });
  draft.value.body = "一、";
  expect(await draft.flush()).toBe(false);
  expect(draft.state.value).toBe("onPhone");
  expect(await draft.flush()).toBe(true);
  expect(draft.conflict.value).toBeNull();
  expect(draft.state.value).toBe("saved");
});

test("a refused save is told and the text stays", async () => {
  const { draft } = await open();
  const app = await import("@lvyi/api");
  put.mockRejectedValue(new app.Problem(409, { detail: "提案已经提交，不能再修改。" }));
  draft.value.body = "晚了";
  expect(await draft.flush()).toBe(false);
  expect(draft.stateText.value).toBe("提案已经提交，不能再修改。");
  expect(draft.value.body).toBe("晚了");
});

test("what can be read neither here nor there is a problem", async () => {
  get.mockRejectedValue(new Problem(404));
  const { draft } = await open();
  expect(draft.problem.value).toMatchObject({ status: 404 });
  expect(draft.ready.value).toBe(false);
});
