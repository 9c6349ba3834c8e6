import { IDBFactory } from "fake-indexeddb";
import { effectScope, type EffectScope } from "vue";
import { vi } from "vitest";

const pages: EffectScope[] = [];

/** A phone without anything on it, used by one account; `start` opens the app on it anew, as after a crash. */
export function newPhone(account = 7): void {
  for (const scope of pages.splice(0)) scope.stop();
  vi.stubGlobal("indexedDB", new IDBFactory());
  localStorage.clear();
  localStorage.setItem("lvyi.me", JSON.stringify({ account_id: account, name: "沈文" }));
  setNetwork(true);
}

type App = typeof import("../src/index") & typeof import("../src/drafts/index");

export async function start(): Promise<App> {
  vi.resetModules();
  return { ...(await import("../src/index")), ...(await import("../src/drafts/index")) };
}

export function setNetwork(isThere: boolean): void {
  vi.spyOn(navigator, "onLine", "get").mockReturnValue(isThere);
  dispatchEvent(new Event(isThere ? "online" : "offline"));
}

/** Runs as a page does; `stop` of the scope leaves the page. */
export function page<T>(run: () => T): { scope: EffectScope; result: T } {
  const scope = effectScope();
  pages.push(scope);
  return { scope, result: scope.run(run)! };
}

export async function until(holds: () => unknown, within = 2_000): Promise<void> {
  await vi.waitFor(() => {
    if (!holds()) throw new Error(`not within ${within} ms: ${String(holds)}`);
  }, within);
}

/** Makes every write to the phone's database fail, as when it is full. */
export function fillUp(): void {
  vi.spyOn(IDBObjectStore.prototype, "put").mockImplementation(() => {
    throw new DOMException("full", "QuotaExceededError");
  });
}
