/** Promises that nobody waits for: an undo, a step run by a key. What the server refused is said all the same. */
import { Offline, Problem } from "@lvyi/api";
import { errorText } from "@lvyi/shared";
import { toast } from "@lvyi/shared/ui";

export function sayRejections(): void {
  addEventListener("unhandledrejection", (event) => {
    const { reason } = event as PromiseRejectionEvent;
    if (!(reason instanceof Problem || reason instanceof Offline)) return;
    event.preventDefault();
    toast(errorText(reason));
  });
}
