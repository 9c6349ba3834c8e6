import { Offline, Problem } from "@lvyi/api";
import { toastMessage } from "@lvyi/shared/ui";
import { expect, test } from "vitest";
import { sayRejections } from "../src/ui/rejections";

function reject(reason: unknown): Event {
  const event = Object.assign(new Event("unhandledrejection", { cancelable: true }), { reason });
  dispatchEvent(event);
  return event;
}

test("an undo that comes too late says so, a fault of our own stays in the log", () => {
  sayRejections();
  expect(reject(new Problem(409, { detail: "已由他人办理。" })).defaultPrevented).toBe(true);
  expect(toastMessage.value?.text).toBe("已由他人办理。");
  reject(new Offline());
  expect(toastMessage.value?.text).toContain("网络不通");
  expect(reject(new TypeError("bug")).defaultPrevented).toBe(false);
});
