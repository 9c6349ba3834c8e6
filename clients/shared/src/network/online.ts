import { onReached } from "@lvyi/api";
import { computed, ref, type ComputedRef } from "vue";

const PROBE_EVERY = 15_000;

let timer = 0;
const hasNetwork = ref(navigator.onLine);
const isAnswered = ref(true);
const online = computed(() => hasNetwork.value && isAnswered.value);

addEventListener("online", () => {
  hasNetwork.value = true;
  void probe();
});
addEventListener("offline", () => (hasNetwork.value = false));
document.addEventListener("visibilitychange", () => void probe());
onReached((yes) => {
  isAnswered.value = yes;
  if (!yes) probeLater();
});

/** Whether the server can be reached: the phone has a network, and the last request was answered. */
export function useOnline(): ComputedRef<boolean> {
  return online;
}

/** Asks until the server answers again; rests while the page is hidden. */
async function probe(): Promise<void> {
  if (isAnswered.value || document.hidden) return;
  isAnswered.value = await fetch("/healthz", { cache: "no-store" }).then(
    (response) => response.ok,
    () => false,
  );
  if (!isAnswered.value) probeLater();
}

function probeLater(): void {
  clearTimeout(timer);
  timer = window.setTimeout(() => void probe(), PROBE_EVERY);
}
