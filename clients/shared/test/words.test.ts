import { Offline, Problem } from "@lvyi/api";
import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { fit } from "../src/picture";
import { routeOf } from "../src/routes";
import { errorText, UserError } from "../src/errors";
import { uuid } from "../src/uuid";
import { clock, count, day, days, grouped, moment, phoneText, since } from "../src/text/words";

beforeEach(() => void vi.useFakeTimers({ now: new Date(2026, 2, 10, 15, 0) }));
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test.each([
  [new Date(2026, 2, 10, 14, 59, 30), "刚刚"],
  [new Date(2026, 2, 10, 15, 0, 30), "刚刚"],
  [new Date(2026, 2, 10, 14, 55), "5分钟前"],
  [new Date(2026, 2, 10, 9, 30), "今天 09:30"],
  [new Date(2026, 2, 9, 14, 5), "昨天 14:05"],
  [new Date(2026, 2, 2, 14, 5), "3月2日"],
  [new Date(2025, 11, 31, 23, 0), "2025年12月31日"],
])("since %s: %s", (at, words) => {
  expect(since(at.toISOString())).toBe(words);
});

test("days and times", () => {
  expect(day("2026-03-02")).toBe("3月2日");
  expect(day("2025-03-02")).toBe("2025年3月2日");
  expect(days("2026-03-02", "2026-11-30")).toBe("3月2日至11月30日");
  expect(days("2025-12-01", "2026-11-30")).toBe("2025年12月1日至2026年11月30日");
  const at = new Date(2026, 4, 6, 7, 8).toISOString();
  expect(clock(at)).toBe("07:08");
  expect(moment(at)).toBe("5月6日 07:08");
});

test.each([[0, "0"], [9999, "9999"], [10_000, "1万"], [12_345, "1.2万"], [99_999, "9.9万"], [1_234_567, "123万"]])(
  "count %d: %s",
  (n, words) => {
    expect(count(n)).toBe(words);
  },
);

test("a count in full is grouped by thousands", () => {
  expect([0, 999, 1000, 1234567].map(grouped)).toEqual(["0", "999", "1,000", "1,234,567"]);
});

test("a UUID, also without a secure context", () => {
  const shape = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
  expect(uuid()).toMatch(shape);
  vi.stubGlobal("crypto", { getRandomValues: (bytes: Uint8Array) => bytes.fill(255) });
  expect(uuid()).toMatch(shape);
});

test.each([
  ["/api/v1/updates/7", "/updates/7"],
  ["/api/v1/topics/7/papers/3", "/topics/7/papers/3"],
  ["/api/v1/reading/topics/4", "/reading/4"],
  ["/api/v1/reading/notes/4", "/reading/notes/4"],
  ["/api/v1/replies/9", "/replies/9"],
  ["/api/v1/seats/2", "/members/2"],
  ["/api/v1/leaderboard/2/records?window=year", "/leaderboard/2?window=year"],
  ["/api/v1/seats/2/records?year=2026&kind=update.posted", "/archive/2/records?year=2026&kind=update.posted"],
  ["/api/v1/cards/2/2025", "/cards/2/2025"],
  ["/api/v1/issued-cards/7", "/cards"],
  ["/api/v1/outside-acts/2", null],
  [null, null],
])("the page of %s is %s", (path, page) => {
  expect(routeOf(path)).toBe(page);
});

test.each([
  [new Problem(409, { detail: "议题已经结束，不能再发表意见。" }), "议题已经结束，不能再发表意见。"],
  [
    new Problem(422, {
      detail: "填写的内容有误，请检查后再提交。",
      errors: [{ field: "body.title", code: "string_too_long", detail: "太长了，最多 40 个字" }],
    }),
    "填写的内容有误：太长了，最多 40 个字。",
  ],
  [new Problem(413), "内容太大，无法发送。"],
  [new Problem(502), "服务暂时不可用，请稍后再试。"],
  [new Problem(418), "没有成功，请检查后再试。"],
  [new Offline(), "网络不通，请检查网络后再试。"],
  [new UserError("这张照片打不开。"), "这张照片打不开。"],
  [new TypeError("x is undefined"), "出了点问题，请再试一次。"],
])("%s is told in one sentence", (error, sentence) => {
  expect(errorText(error)).toBe(sentence);
});

test("pictures shrink, keep their shape and never grow", () => {
  expect(fit(4000, 3000)).toEqual({ width: 1600, height: 1200 });
  expect(fit(300, 400)).toEqual({ width: 300, height: 400 });
});

test("a phone number of the mainland is written as people write it, one of another country with its code", () => {
  expect(phoneText("+8613800000012")).toBe("138 0000 0012");
  expect(phoneText("+85291234567")).toBe("+85291234567");
  expect(phoneText("199****0141")).toBe("199****0141");
});
