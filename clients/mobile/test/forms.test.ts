import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { above } from "../src/ui/frame/back";
import { fieldError } from "../src/ui/field-errors";

beforeEach(() => void vi.useFakeTimers({ now: new Date("2026-03-10T10:00:00+08:00"), toFake: ["Date"] }));
afterEach(() => void vi.useRealTimers());

const fault = (type: string, validity: Partial<ValidityState>, more = {}) =>
  fieldError({ type, min: "", max: "", minLength: -1, validity: validity as ValidityState, ...more });

test("a fault of a field is said in our own words", () => {
  expect(fault("date", { rangeOverflow: true }, { max: "2026-03-10" })).toBe("日期不能晚于今天。");
  expect(fault("date", { rangeUnderflow: true }, { min: "2026-03-01" })).toBe("日期不能早于3月1日。");
  expect(fault("date", { valueMissing: true })).toBe("请选择日期。");
  expect(fault("date", { badInput: true, valueMissing: true })).toBe("日期不完整，请重新选择。");
  expect(fault("number", { rangeOverflow: true }, { max: "1440" })).toBe("最多填 1440。");
  expect(fault("text", { valueMissing: true })).toBe("这一项还没有填写。");
  expect(fault("password", { tooShort: true }, { minLength: 10 })).toBe("至少要写 10 个字。");
});

test("above a page stands the one that its address leads to", () => {
  const pages = ["/proposals", "/proposals/5", "/claims"];
  const router = { resolve: (path: string) => ({ name: pages.includes(path) ? path : "/[...missing]" }) };
  const from = (path: string) => above(router as never, path);
  expect(from("/proposals/5/rate/7")).toBe("/proposals/5");
  expect(from("/proposals/5")).toBe("/proposals");
  expect(from("/claims/new")).toBe("/claims");
  expect(from("/members/9")).toBe("/");
});
