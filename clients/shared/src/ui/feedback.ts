/** What the app says to the member in passing, and what it asks before something weighty. */
import { ref, shallowRef } from "vue";

interface ToastMessage {
  key: number;
  text: string;
  act?: { label: string; run: () => void };
}

interface Question {
  title: string;
  text?: string;
  /** The word on the button that does it. */
  yes: string;
  no?: string;
  danger?: boolean;
}

export const toastMessage = shallowRef<ToastMessage | null>(null);
export const question = ref<Question | null>(null);

let settle: (yes: boolean) => void = () => {};
let timer = 0;

/** One sentence for some seconds, longer the more there is to read; `act` adds a button. */
export function toast(text: string, act?: { label: string; run: () => void }): void {
  const key = (toastMessage.value?.key ?? 0) + 1;
  const close = () => {
    if (toastMessage.value?.key === key) toastMessage.value = null;
  };
  toastMessage.value = { key, text, act: act && { label: act.label, run: () => (close(), act.run()) } };
  clearTimeout(timer);
  timer = window.setTimeout(close, (act ? 6000 : 2500) + text.length * 80);
}

/** Asks on a sheet; true when the member agrees. */
export function confirm(next: Question): Promise<boolean> {
  settle(false);
  question.value = next;
  return new Promise((resolve) => {
    settle = resolve;
  });
}

export function answer(yes: boolean): void {
  question.value = null;
  settle(yes);
  settle = () => {};
}
