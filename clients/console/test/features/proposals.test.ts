import { expect, test } from "vitest";
import { leftUntil } from "../../src/features/proposals/lists/columns";
import { screenOf } from "../../src/frame/addresses";

test("what is late, due today, soon or far is said in days", () => {
  const words = ["2026-11-20", "2026-12-02", "2026-12-04", "2026-12-14"].map((due) => leftUntil(due, "2026-12-02"));
  expect(words.map(({ short }) => short)).toEqual(["超期 12 天", "今天到期", "还剩 2 天", "还剩 12 天"]);
  expect(words.map(({ tone }) => tone)).toEqual(["late", "late", "soon", "calm"]);
  expect(words[3]!.text).toBe("12月14日，12 天");
});

test("queues of the proposal desk open the list that they count", () => {
  expect(screenOf("/api/v1/proposals?scope=visible&waits_for=final_review")).toBe("/proposals?scope=visible&waits_for=final_review");
  expect(screenOf("/api/v1/proposal-deadlines?state=overdue")).toBe("/proposals/deadlines?state=overdue");
  expect(screenOf("/api/v1/proposal-commitments?state=open&due_to=2027-01-01")).toBe("/proposals/commitments?state=open&due_to=2027-01-01");
});
