import { expect, test } from "vitest";
import { byLine, rangeOf } from "../../src/features/points/field-errors";
import { faultAt, faultOf, faultsIn } from "../../src/features/points/form/places";

const fault = (line: number, detail: string) => ({ line, detail, rule: null, place: [] });

test("faults stand at their lines, those past the end at the last one", () => {
  const found = byLine([fault(2, "a"), fault(2, "b"), fault(9, "c"), fault(0, "d")], 3);
  expect([...found]).toEqual([[2, ["a", "b"]], [3, ["c"]], [1, ["d"]]]);
});

test("a line is selected from its first to its last character", () => {
  const text = "一\n二二\n\n四";
  expect([1, 2, 3, 4].map((line) => text.slice(...rangeOf(text, line)))).toEqual(["一", "二二", "", "四"]);
});

test("a fault stands at its field, without the name of the part around it", () => {
  const faults = [{ ...fault(4, "“plenary”的 points：最多两位小数"), place: ["rules", 0, "points"] }, { ...fault(9, "boards：职务“chair”不在任何榜上"), place: ["boards"] }];
  expect(faultAt(faults, ["rules", 0, "points"])).toBe("最多两位小数");
  expect(faultAt(faults, ["rules", 1, "points"])).toBeUndefined();
  expect(faultOf(faults, ["boards"])).toBe("职务“chair”不在任何榜上");
  expect(faultOf(faults, ["rules"])).toBeUndefined(); // it is of one of them
  expect([faultsIn(faults, ["rules", 0]), faultsIn(faults, ["rules", 1]), faultsIn(faults, [])]).toEqual([1, 0, 2]);
});
