/** Keys of the screen: the innermost part that knows a key gets it; typing and the input of Han letters are left alone. */
import { onScopeDispose, shallowReactive, toValue, type MaybeRefOrGetter } from "vue";

export interface Shortcut {
  /** As `KeyboardEvent.key` in lower case for letters: `j`, `Enter`, `?`; with `Ctrl+` before it, also while typing. */
  key: string;
  label: string;
  /** The heading under which the help lists it. */
  group: string;
  run: () => void;
}

const layers = shallowReactive<MaybeRefOrGetter<Shortcut[]>[]>([]);
let listening = false;

/** Shortcuts as long as this part of the screen is there; later ones win. */
export function useShortcuts(shortcuts: MaybeRefOrGetter<Shortcut[]>): void {
  if (!listening) addEventListener("keydown", onKey);
  listening = true;
  layers.push(shortcuts);
  onScopeDispose(() => layers.splice(layers.indexOf(shortcuts), 1));
}

/** All that work now, by group, the innermost first. */
export function activeShortcuts(): Map<string, Shortcut[]> {
  const groups = new Map<string, Shortcut[]>();
  const keys = new Set<string>();
  for (const shortcut of [...layers].reverse().flatMap((layer) => toValue(layer))) {
    if (keys.has(shortcut.key)) continue;
    keys.add(shortcut.key);
    groups.set(shortcut.group, [...(groups.get(shortcut.group) ?? []), shortcut]);
  }
  return groups;
}

/** How a key is written for people. */
export function keyLabel(key: string): string {
  const names: Record<string, string> = { ArrowDown: "↓", ArrowUp: "↑", Escape: "Esc" };
  return names[key] ?? (key.length === 1 ? key.toUpperCase() : key.replace(/\+(\w)$/, (_, last: string) => `+${last.toUpperCase()}`));
}

function onKey(event: KeyboardEvent): void {
  if (event.isComposing || event.altKey || event.defaultPrevented) return;
  const pressed = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  const withControl = event.ctrlKey || event.metaKey;
  if (!withControl && pressed !== "Escape" && isTyping(event.target)) return;
  if (!withControl && (pressed === "Enter" || pressed === " ") && isPressable(event.target)) return;
  // under an open dialog nothing else hears keys, and the browser closes it at Escape
  const dialog = document.querySelector("dialog[open]");
  if (dialog && (!withControl || !dialog.contains(event.target as Node))) return;
  const key = withControl ? `Ctrl+${pressed}` : pressed;
  const shortcut = [...layers].reverse().flatMap((layer) => toValue(layer)).find((one) => one.key === key);
  if (!shortcut) return;
  event.preventDefault();
  shortcut.run();
}

function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target instanceof HTMLInputElement) return !["checkbox", "radio", "button"].includes(target.type);
  return target.isContentEditable || ["TEXTAREA", "SELECT"].includes(target.tagName);
}

function isPressable(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.closest("a, button, summary") !== null;
}
