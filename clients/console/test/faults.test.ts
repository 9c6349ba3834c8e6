import { expect, test } from "vitest";
import { byLine, rangeOf } from "../src/features/points/faults";

const fault = (line: number, detail: string) => ({ line, detail, rule: null });

test("faults stand at their lines, those past the end at the last one", () => {
  const found = byLine([fault(2, "a"), fault(2, "b"), fault(9, "c"), fault(0, "d")], 3);
  expect([...found]).toEqual([[2, ["a", "b"]], [3, ["c"]], [1, ["d"]]]);
});

test("a line is selected from its first to its last character", () => {
  const text = "一\n二二\n\n四";
  expect([1, 2, 3, 4].map((line) => text.slice(...rangeOf(text, line)))).toEqual(["一", "二二", "", "四"]);
});
