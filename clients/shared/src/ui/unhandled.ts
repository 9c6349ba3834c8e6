/** Errors that nobody caught: the page says so in one sentence instead of standing broken. */
import { Offline, Problem } from "@lvyi/api";
import { errorText } from "../errors";
import { ref } from "vue";
import { toast } from "./feedback";

/** Whether the page on the screen is broken. */
export const isBroken = ref(false);

/** Vue's names of where an error was thrown: a handler, in development and in the built app. */
const IN_HANDLER = /event handler|#runtime-[56]$/;

/**
 * Told of every error of a component or route. What the server refused, and what a touch set off, is said in passing;
 * a page that cannot be drawn is replaced.
 */
export function unhandled(error: unknown, _where?: unknown, info = ""): void {
  const isRefusal = error instanceof Problem || error instanceof Offline;
  if (!isRefusal) console.error(error);
  if (isRefusal || IN_HANDLER.test(info)) toast(errorText(error));
  else isBroken.value = true;
}

/** The address of the screen that is being opened. */
export const opening = { address: "" };

// After an update of the server the parts of the old version are gone: the new one is fetched, where it was to open.
addEventListener("vite:preloadError", (event) => {
  if (!navigator.onLine || Date.now() - Number(sessionStorage.getItem("reloaded") ?? 0) < 10_000) return;
  event.preventDefault();
  sessionStorage.setItem("reloaded", String(Date.now()));
  if (opening.address) location.assign(opening.address);
  else location.reload();
});
