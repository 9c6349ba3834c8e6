import { onReached } from "@lvyi/api";
import { computed, ref, type ComputedRef } from "vue";

const PROBE_EVERY = 15_000;

let timer = 0;
const linked = ref(navigator.onLine);
const answered = ref(true);
const online = computed(() => linked.value && answered.value);

addEventListener("online", () => {
  linked.value = true;
  void probe();
});
addEventListener("offline", () => (linked.value = false));
document.addEventListener("visibilitychange", () => void probe());
onReached((yes) => {
  answered.value = yes;
  if (!yes) probeLater();
});

/** Whether the server can be reached: the phone has a network, and the last request was answered. */
export function useOnline(): ComputedRef<boolean> {
  return online;
}

/** Asks until the server answers again; rests while the page is hidden. */
async function probe(): Promise<void> {
  if (answered.value || document.hidden) return;
  answered.value = await fetch("/healthz", { cache: "no-store" }).then(
    (response) => response.ok,
    () => false,
  );
  if (!answered.value) probeLater();
}

function probeLater(): void {
  clearTimeout(timer);
  timer = window.setTimeout(() => void probe(), PROBE_EVERY);
}
