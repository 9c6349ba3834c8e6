import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { numberOf } from "../src/features/proposals/proposals";
import { deadlineWords, toRate, type Deadline, type Handling } from "../src/features/handling/handling";
import { trackOf } from "../src/features/track/track";

beforeEach(() => void vi.useFakeTimers({ now: new Date("2026-03-10T10:00:00+08:00"), toFake: ["Date"] }));
afterEach(() => void vi.useRealTimers());

const deadline = (more: Partial<Deadline>) =>
  deadlineWords({ state: "open", starts_on: "2026-03-02", due_on: "2026-03-20", met_on: null, is_late: false, ...more } as Deadline);

test("a deadline says how it stands, and what is overdue says so", () => {
  expect(deadline({ workdays_left: 8 })).toBe("还有8个工作日");
  expect(deadline({ due_on: "2026-03-10", workdays_left: 0 })).toBe("今天到期");
  expect(deadline({ due_on: "2026-03-14", workdays_left: 0 })).toBe("3月14日到期"); // a Saturday after the last working day
  expect(deadline({ state: "overdue", due_on: "2026-03-05", workdays_left: -3 })).toBe("已超期3个工作日");
  expect(deadline({ state: "overdue", due_on: "2026-03-08", workdays_left: 0 })).toBe("已超期");
  expect(deadline({ state: "lapsed", due_on: "2026-03-06" })).toBe("期限已过"); // no fault of anybody
  expect(deadline({ starts_on: "2026-09-01", due_on: "2026-09-22", workdays_left: 130 })).toBe("9月1日开始");
  expect(deadline({ state: "met", met_on: "2026-03-04" })).toBe("3月4日完成");
  expect(deadline({ state: "met", met_on: "2026-03-24", is_late: true })).toBe("3月24日超期完成");
  expect(deadline({ state: "lifted" })).toBe("已解除");
});

test("a proposal is known by its session and its number", () => {
  expect(numberOf({ window_name: "十六届二次会议", number: 12 })).toBe("十六届二次会议第 12 号");
  expect(numberOf({ window_name: "十六届二次会议", number: null })).toBe("");
});

test("first ratings come before second ones, and nothing is asked for twice", () => {
  const replies = [{ id: 1 }, { id: 2 }, { id: 3 }];
  const unrated = toRate({ replies, to_rate: [2], to_rate_again: [1, 2] } as Handling);
  expect(unrated.map(({ reply, stage }) => [reply.id, stage])).toEqual([[2, 1], [1, 2]]);
});

test("a track says what belongs to each step, and of an undone one why", () => {
  const step = (id: number, action_label: string, more: object = {}) => ({
    id,
    at: "2026-03-02T01:00:00Z",
    actor: "蒋湛",
    action_label,
    reason: null,
    reason_code_label: null,
    undoes_id: null,
    data: {},
    ...more,
  });
  const steps = [
    step(1, "立案", { data: { number: 12, version: 3 } }),
    step(2, "撤销上一步", { reason: "案由有待核对。", undoes_id: 1, data: { undone: "立案" } }),
    step(3, "签收", { data: { unit: "市教育局" } }),
    step(4, "确定督办领导", { data: { month: "2026-06" } }),
    step(5, "评价办理", { data: { attitude: "满意", result: "基本满意", stage: 2 } }),
    step(6, "延长期限", { reason: "跨年实施。", data: { deadline: "答复提案人", from_on: "2026-06-02", to_on: "2026-07-02" } }),
  ];
  expect(trackOf(steps as unknown as Parameters<typeof trackOf>[0]).map(({ label, notes, undone }) => [label, notes, undone])).toEqual([
    ["立案", ["编号：第 12 号", "已撤销：案由有待核对。"], true],
    ["撤销上一步 · 立案", ["案由有待核对。"], false],
    ["签收 · 市教育局", [], false],
    ["确定督办领导", ["督办月：2026年6月"], false],
    ["评价办理", ["再次评价：态度满意，结果基本满意"], false],
    ["延长期限", ["答复提案人：6月2日延至7月2日", "跨年实施。"], false],
  ]);
});

test("a recalculated deadline and unconfirmed signatures are told in words", () => {
  const moves = [{ what: "市教育局首次联系提案人", from_on: "2027-02-15", to_on: "2027-02-19" }];
  const step = { id: 1, at: "2027-01-25T02:00:00Z", actor: "系统", undoes_id: null, reason: null, reason_code_label: null };
  const steps = [
    { ...step, action_label: "提交", data: { not_counted: 2 } },
    { ...step, id: 2, action_label: "期限随放假安排调整", data: { moves } },
  ];
  expect(trackOf(steps as unknown as Parameters<typeof trackOf>[0]).map(({ notes }) => notes)).toEqual([
    ["2 位委员没有再次确认，不计为联名人"],
    [expect.stringMatching(/^市教育局首次联系提案人：.*2月15日改为.*2月19日$/)],
  ]);
});
