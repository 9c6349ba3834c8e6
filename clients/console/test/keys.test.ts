import { afterEach, expect, test, vi } from "vitest";
import { effectScope, type EffectScope } from "vue";
import { activeShortcuts, keyLabel, useShortcuts, type Shortcut } from "../src/frame/shortcuts";

const scopes: EffectScope[] = [];
afterEach(() => {
  scopes.splice(0).forEach((scope) => scope.stop());
  document.body.innerHTML = "";
});

function on(...keys: string[]): Record<string, ReturnType<typeof vi.fn>> {
  const runs = Object.fromEntries(keys.map((key) => [key, vi.fn()]));
  const scope = effectScope();
  scopes.push(scope);
  scope.run(() => useShortcuts(keys.map((key): Shortcut => ({ key, label: key, group: "列表", run: runs[key]! }))));
  return runs;
}
function press(key: string, target: EventTarget = document.body, more: KeyboardEventInit = {}): KeyboardEvent {
  const event = new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true, ...more });
  target.dispatchEvent(event);
  return event;
}
function add<E extends HTMLElement>(html: string): E {
  document.body.insertAdjacentHTML("beforeend", html);
  return document.body.lastElementChild as E;
}

test("a key goes to the innermost part that knows it, and back to the outer one when that is gone", () => {
  const outer = on("j");
  const inner = on("j");
  press("J");
  expect([outer.j!.mock.calls.length, inner.j!.mock.calls.length]).toEqual([0, 1]);
  scopes.pop()!.stop();
  press("j");
  expect(outer.j).toHaveBeenCalledOnce();
});

test("whoever types is left alone, but for keys with Ctrl and Escape", () => {
  const runs = on("e", "Ctrl+Enter", "Escape");
  const field = add<HTMLTextAreaElement>("<textarea></textarea>");
  press("e", field);
  press("Enter", field, { ctrlKey: true });
  press("Escape", field);
  expect([runs.e, runs["Ctrl+Enter"], runs.Escape].map((run) => run!.mock.calls.length)).toEqual([0, 1, 1]);
});

test("letters that are still being composed into Han letters do nothing", () => {
  const runs = on("e");
  press("e", document.body, { isComposing: true });
  expect(runs.e).not.toHaveBeenCalled();
});

test("Enter on a button presses that button, not the list", () => {
  const runs = on("Enter");
  expect(press("Enter", add("<button>立案</button>")).defaultPrevented).toBe(false);
  expect(runs.Enter).not.toHaveBeenCalled();
});

test("behind an open dialog no key works; Escape is left to the browser, which closes it", () => {
  const runs = on("j", "Escape");
  const dialog = add<HTMLElement>("<dialog open><input /></dialog>");
  press("j");
  press("Escape");
  expect(press("Escape", dialog.firstElementChild!).defaultPrevented).toBe(false);
  expect([runs.j, runs.Escape].map((run) => run!.mock.calls.length)).toEqual([0, 0]);
});

test("the help lists each key once, by group", () => {
  on("j");
  on("j", "x");
  expect([...activeShortcuts().get("列表")!].map(({ key }) => keyLabel(key))).toEqual(["J", "X"]);
});
