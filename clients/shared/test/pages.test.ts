import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { ref } from "vue";

import { newPhone, page, start, until } from "./phone";

const fetchPage = vi.fn();

beforeEach(() => {
  newPhone();
  fetchPage.mockReset();
});
afterEach(() => vi.useRealTimers());

async function open(key: string | { value: string } = "feed") {
  const app = await start();
  const queryKey = () => [typeof key === "string" ? key : key.value];
  const api = await import("@lvyi/api"); // the error classes of the app that runs now
  const { result: list } = page(() => app.usePages(queryKey, fetchPage));
  return { list, ...api };
}

test("pages follow each other by cursor until the end", async () => {
  fetchPage.mockResolvedValueOnce({ items: [1, 2], next: "c2" }).mockResolvedValueOnce({ items: [3], next: null });
  const { list } = await open();
  expect(list.state.value).toBe("loading");
  await until(() => list.state.value === "ready");
  expect([list.items.value, list.end.value]).toEqual([[1, 2], false]);
  await list.more();
  expect([list.items.value, list.end.value]).toEqual([[1, 2, 3], true]);
  expect(fetchPage.mock.calls.map(([cursor]) => cursor)).toEqual([undefined, "c2"]);
  await list.more();
  expect(fetchPage).toHaveBeenCalledTimes(2);
});

test("an empty list is empty, not loading", async () => {
  fetchPage.mockResolvedValue({ items: [], next: null });
  const { list } = await open();
  await until(() => list.state.value === "empty");
  expect(list.end.value).toBe(true);
});

test("an error and no network are two states, and refresh leads out of them", async () => {
  fetchPage.mockRejectedValue(new TypeError("a fault in the page"));
  const { list, Offline } = await open();
  await until(() => list.state.value === "error");
  fetchPage.mockRejectedValue(new Offline());
  void list.refresh();
  await until(() => list.state.value === "offline", 4_000);
  fetchPage.mockResolvedValue({ items: [1], next: null });
  await list.refresh();
  expect(list.state.value).toBe("ready");
});

test("a further page that fails keeps the items and may be tried again", async () => {
  fetchPage.mockResolvedValueOnce({ items: [1], next: "c2" });
  const { list, Problem } = await open();
  await until(() => list.state.value === "ready");
  fetchPage.mockRejectedValueOnce(new Problem(404));
  await list.more();
  expect([list.state.value, list.moreState.value, list.items.value]).toEqual(["ready", "error", [1]]);
  fetchPage.mockResolvedValueOnce({ items: [2], next: null });
  await list.more();
  expect([list.moreState.value, list.items.value]).toEqual(["idle", [1, 2]]);
});

test("refresh begins anew with the first page", async () => {
  fetchPage.mockResolvedValueOnce({ items: [2], next: "c2" }).mockResolvedValueOnce({ items: [1], next: null });
  const { list } = await open();
  await until(() => list.state.value === "ready");
  await list.more();
  fetchPage.mockResolvedValueOnce({ items: [3], next: "c1" });
  await list.refresh();
  expect(list.items.value).toEqual([3]);
});

test("another key is another list", async () => {
  const key = ref("全部");
  fetchPage.mockImplementation(async () => ({ items: [key.value], next: null }));
  const { list } = await open(key);
  await until(() => list.items.value[0] === "全部");
  key.value = "我的界别";
  await until(() => list.items.value[0] === "我的界别");
});
