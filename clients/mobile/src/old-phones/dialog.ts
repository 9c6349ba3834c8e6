/** `<dialog>` for Safari before 15.4; loaded by the first sheet there. */
import polyfill from "dialog-polyfill";
import "dialog-polyfill/dist/dialog-polyfill.css";
import "./dialog.css";

/** Gives a dialog its methods, and moves it to the end of the body: these browsers have no top layer. */
export function adopt(dialog: HTMLDialogElement): void {
  if (!dialog.isConnected) return; // closed before this was loaded
  document.body.append(dialog);
  polyfill.registerDialog(dialog);
  const { showModal } = dialog;
  dialog.showModal = () => {
    const before = document.activeElement as HTMLElement | null;
    dialog.addEventListener("close", () => before?.focus(), { once: true });
    showModal.call(dialog);
  };
}
