import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { LISTS, selector, WHOLE, written, type Codes, type PartField, type PartList } from "../src/features/points/form/rule-fields";

const named = (...codes: string[]) => codes.map((code) => ({ code, label: code, forms: [] as string[] }));
const CODES: Codes = {
  kinds: [{ code: "activity.attended", label: "出席", forms: ["plenary"] }, { code: "proposal.filed", label: "立案", forms: ["joint"] }, ...named("reading.noted")],
  forms: named("plenary", "joint"),
  roles: named("lead", "participant"),
  levels: named("city"),
  became: named("filed"),
  posts: named("member"),
};
const field = (fields: PartField[], key: string) => fields.find((one) => one.key === key)!;
const keys = (part: object) => selector(part as Record<string, unknown>, CODES).map(({ key }) => key);

test("what is typed becomes what the text says; what is usual takes the key away", () => {
  const [rules] = LISTS;
  const fields = rules!.fields({ kinds: ["activity.attended"] }, CODES, []);
  expect(written(field(fields, "points"), "1.")).toBe(1);
  expect(written(field(fields, "points"), "-2.5")).toBe(-2.5);
  expect(written(field(fields, "points"), "很多")).toBe("很多"); // the check of the server says what is wrong with it
  expect(written(field(fields, "points"), "")).toBeNull();
  expect(written(field(fields, "every"), "1")).toBeNull();
  expect(written(field(fields, "must_attend"), "false")).toBe(false);
  expect(written(field(fields, "needs_minimums"), false)).toBeNull();
  expect(written(field(WHOLE, "part_year"), "standards")).toBeNull();
  expect(written(field(WHOLE, "year_starts"), "12-01")).toBe("12-01");
});

test("only what records of the chosen kinds can have is asked, and what is set already", () => {
  expect(keys({ kinds: ["reading.noted"] })).toEqual(["kinds", "roles", "levels"]);
  expect(keys({ kinds: ["proposal.filed"] })).toEqual(["kinds", "forms", "roles", "levels", "became"]);
  expect(keys({ kinds: ["reading.noted"], whole: true, forms: ["joint"] })).toEqual(["kinds", "forms", "roles", "levels", "whole"]);
  const forms = selector({ kinds: ["activity.attended"] }, CODES).find(({ key }) => key === "forms");
  expect(forms?.choices).toEqual([{ value: "plenary", label: "plenary" }]);
});

test("the form asks everything that a ruleset can say", () => {
  const { $defs, properties } = JSON.parse(readFileSync("../openapi/ruleset.schema.json", "utf8")) as { $defs: Record<string, { properties: object }>; properties: object };
  const whole = { kinds: ["activity.attended", "proposal.filed"], out_of: {} };
  const asked = (list: PartList, ...more: string[]) => [...list.fields(whole, CODES, []).map(({ key }) => key), ...more].sort();
  const said = (part: string) => Object.keys($defs[part]!.properties).sort();
  const [rules, groups, minimums, scales, boards] = LISTS;
  expect(asked(rules!, "points_by", "out_of")).toEqual(said("Rule"));
  expect(asked(groups!)).toEqual(said("ScoreGroup"));
  expect(asked(minimums!)).toEqual(said("Minimum"));
  expect(asked(scales!, "bands")).toEqual(said("Scale"));
  expect(asked(scales!.inner!)).toEqual(said("Band"));
  expect(asked(boards!)).toEqual(said("ScoreBoard"));
  expect([...WHOLE, ...LISTS].map(({ key }) => key).sort()).toEqual(Object.keys(properties).sort());
});
