import { expect, test } from "vitest";
import { detailsInWords } from "../../src/features/audit/audit";

test("what is on record of an entry is named in words, and unknown names stand as recorded", () => {
  expect(detailsInWords({ detail: { session: 7, reason: "account_locked", filters: { result: "ok" }, odd: true } })).toEqual([
    ["会话", "7"],
    ["原因", "account_locked"],
    ["筛选", '{"result":"ok"}'],
    ["odd", "true"],
  ]);
});
