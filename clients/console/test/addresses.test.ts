import { useSession } from "@lvyi/shared";
import { afterEach, expect, test, vi } from "vitest";
import { screenOf } from "../src/frame/addresses";
import { deadlineTone, deadlineWords } from "../src/features/handling/words";

const { me } = useSession();
afterEach(() => {
  me.value = null;
  vi.useRealTimers();
});
const as = (...permissions: string[]) => (me.value = { permissions } as unknown as NonNullable<typeof me.value>);

test("one API path leads each to the screen of their own desk", () => {
  const path = "/api/v1/proposals/12";
  as("proposal.handle", "proposal.read");
  expect(screenOf(path)).toBe("/work/12");
  expect(screenOf("/api/v1/proposal-commitments?state=open&unit_id=3")).toBe("/work/commitments?state=open&unit_id=3");
  as("proposal.inspect", "opinion.comment");
  expect(screenOf(path)).toBe("/supervision/12");
  expect(screenOf("/api/v1/opinions/7")).toBe("/comments/7");
  as("proposal.inspect", "proposal.review");
  expect(screenOf(path)).toBe("/proposals/12");
});

test("a deadline says how many working days are left", () => {
  vi.useFakeTimers({ now: new Date("2026-12-02T02:00:00Z") });
  const due = { state: "open", starts_on: "2026-11-01", due_on: "2026-12-20", workdays_left: 13 } as Parameters<typeof deadlineWords>[0];
  expect([deadlineWords(due), deadlineTone(due)]).toEqual(["还有13个工作日", "plain"]);
  expect(deadlineTone({ ...due, workdays_left: 2 })).toBe("warn");
  expect([deadlineWords({ ...due, state: "overdue", workdays_left: -4 }), deadlineTone({ ...due, state: "overdue" })]).toEqual(["已超期4个工作日", "mine"]);
});
