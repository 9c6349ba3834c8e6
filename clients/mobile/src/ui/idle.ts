import { ref, type Ref } from "vue";

/** Turns true when the browser is idle. */
export function useIdle(): Ref<boolean> {
  const isIdle = ref(false);
  whenIdle(() => (isIdle.value = true));
  return isIdle;
}

/** Runs low-priority work when the browser is idle, at the latest after some seconds. */
export function whenIdle(work: () => void): void {
  if ("requestIdleCallback" in window) requestIdleCallback(work, { timeout: 5000 });
  else setTimeout(work, 2000); // Safari
}
