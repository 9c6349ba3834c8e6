/** Calls back when the page is hidden or left, after which it may be killed; returns the undo. */
export function onHidden(callback: () => void): () => void {
  const onVisibility = () => document.hidden && callback();
  document.addEventListener("visibilitychange", onVisibility);
  addEventListener("pagehide", callback);
  return () => {
    document.removeEventListener("visibilitychange", onVisibility);
    removeEventListener("pagehide", callback);
  };
}
