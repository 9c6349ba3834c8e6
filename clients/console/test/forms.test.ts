import { Problem } from "@lvyi/api";
import { expect, test } from "vitest";
import { changed, fieldErrors, entered, missing, type Field } from "../src/forms/fields";
import { months, parse } from "../src/features/holidays/calendar";
import { alike, cellOf, mendOf, type Fault } from "../src/features/imports/imports";
import { inTree } from "../src/features/organizations/tree";
import { bounds, inWords } from "../src/features/settings/settings";

const FIELDS: Field[] = [
  { key: "role", label: "角色", needed: true },
  { key: "unit_id", label: "单位", kind: "seek", needed: true, when: ({ role }) => role === "unit_officer" },
  { key: "note", label: "说明" },
];

test("a form sends what is shown, blanks as null, and knows what it lacks", () => {
  expect(entered(FIELDS, { role: "auditor", unit_id: { value: "3", label: "市教育局" }, note: "  " })).toEqual({ role: "auditor", note: null });
  expect(entered(FIELDS, { role: "unit_officer", unit_id: { value: "3", label: "市教育局" } })).toEqual({ role: "unit_officer", unit_id: 3, note: null });
  expect(missing(FIELDS, { role: "unit_officer" }).map(({ label }) => label)).toEqual(["单位"]);
  expect(missing(FIELDS, { role: "auditor" })).toEqual([]);
});

test("a change sends what differs, and a refusal is told at its field", () => {
  expect(changed({ name: "提案科", areas: ["proposals"] }, { name: "提案科", areas: ["proposals", "chief"] })).toEqual({ areas: ["proposals", "chief"] });
  const refused = new Problem(422, { errors: [{ field: "body.phone", code: "x", detail: "手机号不对" }] });
  expect(fieldErrors(refused, ["name", "phone"])).toEqual({ phone: "手机号不对" });
  expect(fieldErrors(new Error("x"), ["name"])).toEqual({});
});

test("what is announced of holidays is read line by line", () => {
  const { days, wrong } = parse("10月1日至10月3日 休 国庆节\n2027-10-10 班 国庆节调休\n13月1日 休\n随便写的", 2026);
  expect(days.map(({ day, is_workday, name }) => `${day} ${is_workday} ${name}`)).toEqual(["2026-10-01 false 国庆节", "2026-10-02 false 国庆节", "2026-10-03 false 国庆节", "2027-10-10 true 国庆节调休"]);
  expect(wrong).toEqual(["13月1日 休", "随便写的"]);
  // 2026 began on a Thursday
  expect(months([{ day: "2026-01-01", is_workday: false, name: "元旦", overridden: false }])[0]).toMatchObject({ month: 1, before: 3 });
});

test("mends are sent by place, rows by the present number of their fault", () => {
  const fault = (number: number, row: number, value: string): Fault => ({ id: number, number, sheet: "名册", row, column: "D", header: "界别", value, row_text: "", detail: "", can_leave_out: true });
  const faults = [fault(1, 4, "教遇"), fault(2, 5, "教遇"), fault(3, 6, "")];
  expect(alike(faults[0]!, faults).map(({ number }) => number)).toEqual([2]);
  expect(alike(faults[2]!, faults)).toEqual([]);
  const mends = { cells: { [cellOf(faults[0]!)]: " 教育 ", [cellOf(faults[1]!)]: " " }, leftOut: [cellOf(faults[2]!)] };
  expect(mendOf(mends, faults)).toEqual({
    cells: [
      { sheet: "名册", row: 4, column: "D", value: "教育" },
      { sheet: "名册", row: 5, column: "D", value: null },
    ],
    leave_out: [3],
  });
});

test("organizations stand below their parents, settings in words", () => {
  const rows = [{ id: 3, parent_id: 2 }, { id: 2, parent_id: null }, { id: 5, parent_id: 4 }];
  expect(inTree(rows).map(({ row, depth }) => [row.id, depth])).toEqual([[2, 0], [3, 1], [5, 0]]);
  const none = { minimum: null, maximum: null, max_length: null, unit: "" };
  expect(bounds({ ...none, minimum: 1, maximum: 3, unit: "次" })).toBe("可填 1 到 3 次");
  expect(bounds({ ...none, max_length: 20 })).toBe("最多 20 个字");
  expect(inWords({ value_type: "boolean", unit: "", choices: [] }, false)).toBe("否");
  expect(inWords({ value_type: "map", unit: "", choices: [{ code: "a", label: "甲" }] }, { a: "A", b: "B" })).toBe("甲：A；b：B");
});
