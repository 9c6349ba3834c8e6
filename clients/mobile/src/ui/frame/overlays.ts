/**
 * What lies over a page (a sheet, a picture) takes an entry of the browser's history: "back" closes it and leaves the page.
 *
 * The router never sees these entries: its own listener is called after this one, which is loaded before it.
 */
const closings: (() => void)[] = [];
/** Steps back over entries of what was closed in another way, until the browser has taken them. */
let stepping: Promise<void> | undefined;
let stepped: (() => void) | undefined;
/** Browsers take a step at once; should one not, nobody waits longer. */
const LONGEST = 500;

addEventListener("popstate", (event) => {
  if (stepped) {
    event.stopImmediatePropagation();
    return stepped();
  }
  const close = closings.pop();
  if (!close) return;
  event.stopImmediatePropagation();
  close();
});

function stepBack(entries: number): Promise<void> {
  stepping = (async () => {
    await stepping;
    await new Promise<void>((done) => {
      stepped = done;
      setTimeout(done, LONGEST);
      history.go(-entries);
    });
    stepping = stepped = undefined;
  })();
  return stepping;
}

/** Call when something is opened; gives what to call when it has been closed, in whichever way. */
export function cover(close: () => void): () => void {
  closings.push(close);
  history.pushState({ ...history.state }, "");
  return () => {
    if (!closings.includes(close)) return;
    closings.splice(closings.indexOf(close), 1);
    void stepBack(1);
  };
}

/** Closes all of it; done when the page's own entry is the current one. */
export async function uncover(): Promise<void> {
  const all = closings.splice(0);
  for (const close of all.reverse()) close();
  if (all.length) void stepBack(all.length);
  await stepping;
}
