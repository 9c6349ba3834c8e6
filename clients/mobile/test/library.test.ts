import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { nextTick, reactive } from "vue";

import { json, noNetwork, problem, fakeServer, type FakeRequest } from "@lvyi/shared/test/server";
import { newPhone, page, setNetwork } from "@lvyi/shared/test/phone";

const PATH = "POST /api/v1/library/similar";

beforeEach(() => {
  newPhone();
  vi.useFakeTimers();
});
afterEach(() => void vi.useRealTimers());

/** The composable beside a text that is typed; each answer names the title that was asked with. */
async function writing(answer = (request: FakeRequest) => json({ items: [{ id: 1, ...(request.body as object) }] }) as Response | Promise<Response>) {
  const requests = fakeServer({ [PATH]: answer });
  vi.resetModules();
  const { useSimilar } = await import("../src/features/library/library");
  const typed = reactive({ title: "", text: "" });
  const { scope, result: cases } = page(() => useSimilar(() => typed));
  const titles = () => requests.filter(({ path }) => PATH.endsWith(path)).map(({ body }) => (body as { title: string }).title);
  const type = async (title: string, pause: number) => {
    typed.title = title;
    await nextTick();
    await vi.advanceTimersByTimeAsync(pause);
  };
  return { titles, cases, type, scope };
}

test("cases are asked for in a pause of typing, not at each key", async () => {
  const { titles, cases, type } = await writing();
  await type("关于充", 2_000);
  expect(titles()).toEqual([]); // too little to compare
  await type("关于充电", 500);
  await type("关于充电桩", 500);
  await type("关于充电桩的建议", 1_000);
  expect(titles()).toEqual(["关于充电桩的建议"]);
  expect(cases.value).toMatchObject([{ title: "关于充电桩的建议" }]);
  await type("", 0);
  expect(cases.value).toEqual([]);
});

test("an answer that comes after newer input is left aside", async () => {
  const waiting: (() => void)[] = [];
  const { cases, type } = await writing(
    ({ body }) => new Promise((done) => waiting.push(() => done(json({ items: [{ id: waiting.length, ...(body as object) }] })))),
  );
  await type("关于托育的建议", 1_000);
  await type("关于养老的建议", 1_000);
  waiting[1]!();
  await vi.advanceTimersByTimeAsync(0);
  waiting[0]!();
  await vi.advanceTimersByTimeAsync(0);
  expect(cases.value).toMatchObject([{ title: "关于养老的建议" }]);
});

test("a failure leaves what was there, and says nothing", async () => {
  let fails: (() => Response) | null = null;
  const { cases, type } = await writing((request) => fails?.() ?? json({ items: [{ id: 1, ...(request.body as object) }] }));
  await type("关于托育的建议", 1_000);
  for (fails of [() => problem(503), noNetwork]) {
    await type(`关于托育的建议${fails.name}`, 1_000);
    expect(cases.value).toMatchObject([{ title: "关于托育的建议" }]);
  }
});

test("without a network nothing is asked until it is back, after leaving nothing ever", async () => {
  const { titles, type, scope } = await writing();
  setNetwork(false);
  await type("关于托育的建议", 2_000);
  expect(titles()).toEqual([]);
  setNetwork(true);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(titles()).toEqual(["关于托育的建议"]);
  await type("关于养老的建议", 100);
  scope.stop();
  await vi.advanceTimersByTimeAsync(2_000);
  expect(titles()).toEqual(["关于托育的建议"]);
});

test("a case says where it comes from, what came of it, how like it is, and opens where it is read", async () => {
  const { likeness, originOf, outcomeOf, pageOf } = await import("../src/features/library/library");
  const blank = { source: null, outcome: null, window_name: null, number: null, result_class_label: null, state_label: null, path: null };
  const imported = { ...blank, id: 3, dated_on: "2019-03-05", source: "四届二次会议第12号", outcome: "市教育局答复：已采纳。" };
  const own = { ...blank, id: 4, dated_on: "2019-03-05", window_name: "五届一次会议", number: 7, state_label: "已办复", result_class_label: "已解决或采纳", path: "/api/v1/proposals/9" };
  const told = [imported, own].map((one) => [originOf(one as never), outcomeOf(one as never), pageOf(one as never)]);
  expect(told).toEqual([
    ["四届二次会议第12号 · 2019年3月5日", "市教育局答复：已采纳。", "/library/3"],
    ["五届一次会议第 7 号 · 2019年3月5日", "已办复，已解决或采纳", "/proposals/9"],
  ]);
  expect([0.9, 0.6, 0.4].map(likeness)).toEqual(["几乎相同", "大部分相近", "部分相近"]);
});
