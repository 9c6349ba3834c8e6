import { expect, it } from "vitest";
import { isAwaited } from "../src/features/home/waiting";

it.each([
  [["sign_in"], "invited", true],
  [["sign_in"], "excused", false],
  [[], "attended", false],
  [[], "invited", false], // cancelled, or the doors are not open
  [[], null, false], // the seat has ended
] as const)("asks to sign in who may %j and is %s: %s", (may, my_state, asked) => {
  expect(isAwaited({ may: [...may], my_state })).toBe(asked);
});
