import { expect, test } from "vitest";
import { compare } from "../src/text/diff";

const changed = (pieces: { text: string; changed: boolean }[]) => pieces.filter((one) => one.changed).map((one) => one.text);

test("equal texts have nothing marked", () => {
  expect(compare("甲，乙。", "甲，乙。")).toEqual([[{ text: "甲，乙。", changed: false }], [{ text: "甲，乙。", changed: false }]]);
});

test("each text has marked what the other lacks", () => {
  const [one, other] = compare("开头。有一千二百辆，充电口八十个。结尾。", "开头。有一千三百辆，充电口八十个。又补一句。结尾。");
  expect(changed(one)).toEqual(["有一千二百辆，"]);
  expect(changed(other)).toEqual(["有一千三百辆，", "又补一句。"]);
});

test("an empty text lacks everything, and no character is lost", () => {
  const text = "一、甲；\n二、乙";
  const [one, other] = compare(text, "");
  expect(changed(one)).toEqual([text]);
  expect(other).toEqual([]);
});

test("two long texts are compared at once", () => {
  const long = (word: string) => Array.from({ length: 2500 }, (_, i) => `${word}${i}。`).join("");
  const [one] = compare(long("甲"), long("乙"));
  expect(one.map(({ text }) => text).join("")).toBe(long("甲"));
});
