import { Problem } from "@lvyi/api";
import { expect, test } from "vitest";
import { errorText } from "../src/errors";

const refused = (detail: string) =>
  new Problem(422, { detail: "填写的内容有误，请检查后再提交。", code: "invalid", errors: [{ field: "seat_id", code: "missing", detail }] } as never);

test("what is wrong with a field is one sentence with one full stop", () => {
  expect(errorText(refused("请选择委员。"))).toBe("填写的内容有误：请选择委员。");
  expect(errorText(refused("请选择委员"))).toBe("填写的内容有误：请选择委员。");
});
