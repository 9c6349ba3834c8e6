import { expect, test, vi } from "vitest";
import { waited, type PersonalRequest } from "../src/features/privacy/requests";

test("an open request says for how many days it has waited, a closed one does not", () => {
  vi.useFakeTimers({ now: new Date("2026-12-02T10:00:00+08:00"), toFake: ["Date"] });
  const of = (state: string, created_at: string) => waited({ state, created_at } as PersonalRequest);
  expect(of("submitted", "2026-12-02T01:00:00Z")).toBe(0);
  expect(of("accepted", "2026-11-22T01:00:00Z")).toBe(10);
  expect(of("done", "2026-11-22T01:00:00Z")).toBeNull();
  vi.useRealTimers();
});
