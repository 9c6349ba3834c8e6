import { expect, test, vi } from "vitest";
import { screenOf } from "../src/frame/addresses";
import { cellDay, useColumns } from "../src/list/columns";
import { useSelection } from "../src/list/selection";
import { nextRow } from "../src/list/next-row";

test("Shift selects from the last row that was chosen", () => {
  const selection = useSelection();
  selection.toggle(3);
  selection.extend(5, [1, 2, 3, 4, 5, 6]);
  expect(selection.ids.value).toEqual([3, 4, 5]);
  selection.toggle(4);
  expect([selection.has(4), selection.has(5)]).toEqual([false, true]);
});

test("columns are each person's own choice, and one that is no more is left out", () => {
  const all = ["number", "title", "state"].map((key) => ({ key, label: key, width: 80, isExtra: key === "state", text: () => key }));
  const columns = useColumns("trial", all);
  expect(columns.shown.value.map(({ key }) => key)).toEqual(["number", "title"]);
  columns.choose(["state", "title", "gone"]);
  expect(useColumns("trial", all).shown.value.map(({ key }) => key)).toEqual(["state", "title"]);
  columns.reset();
  expect(columns.shown.value).toHaveLength(2);
});

test("an address of the API leads to the screen that shows it, with its query", () => {
  expect(screenOf("/api/v1/proposals/12")).toBe("/proposals/12");
  expect(screenOf("/api/v1/proposals?scope=review&state=submitted")).toBe("/proposals?scope=review&state=submitted");
  expect(screenOf("/api/v1/nothing")).toBeNull();
});

test("a day in a list is written as everywhere else, with its year when that is another", () => {
  vi.setSystemTime(new Date("2026-12-02T10:00:00+08:00"));
  expect([cellDay("2026-12-03"), cellDay("2027-01-12"), cellDay(null)]).toEqual(["12月3日", "2027年1月12日", ""]);
  vi.useRealTimers();
});

test("after a decision the next row is opened, however often the list was refreshed meanwhile", () => {
  const rows = (...ids: number[]) => ids.map((id) => ({ id }));
  expect(nextRow(rows(7, 8, 9), [7, 8, 9], 8)?.id).toBe(9); // the decided one is still listed
  expect(nextRow(rows(7, 9), [7, 8, 9], 8)?.id).toBe(9);
  expect(nextRow(rows(9), [6, 7, 8, 9], 8)?.id).toBe(9); // others before it have left as well: none is passed over
  expect(nextRow(rows(6), [6, 7, 8], 8)?.id).toBe(6);
  expect(nextRow(rows(4), [], 8)?.id).toBe(4); // its document was opened by its address, it was never listed
  expect(nextRow(rows(8), [8], 8)).toBeUndefined();
  expect(nextRow([], [7], 7)).toBeUndefined();
});
