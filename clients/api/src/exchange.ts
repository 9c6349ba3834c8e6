import { Offline, Problem } from "./problem";

const TIMEOUT = 20_000;
const UPLOAD_TIMEOUT = 120_000;
const REFRESH = "/api/v1/auth/refresh";
const SIGNING_IN = [REFRESH, "/api/v1/auth/login"];

const signedOut = new Set<() => void>();
const reached = new Set<(answered: boolean) => void>();
let serverAhead = 0;

/** Calls back whenever the session turns out to be over; returns the undo. */
export function onSignedOut(callback: () => void): () => void {
  signedOut.add(callback);
  return () => void signedOut.delete(callback);
}

/** Calls back after each exchange with whether the server answered; returns the undo. */
export function onReached(callback: (answered: boolean) => void): () => void {
  reached.add(callback);
  return () => void reached.delete(callback);
}

/** The server's time in milliseconds: the phone's clock may be wrong. */
export function now(): number {
  return Date.now() + serverAhead;
}

/**
 * `fetch` with the rules of this API: an answer that refuses is thrown as `Problem`, none as `Offline`;
 * a 401 refreshes the session once for all who wait, and the request is sent once more.
 */
export async function exchange(request: Request): Promise<Response> {
  const again = request.method === "GET" ? request : request.clone(); // one without a body can be sent twice
  const response = await answer(request);
  if (response.status !== 401 || SIGNING_IN.includes(new URL(request.url).pathname)) return passed(response);
  await refreshed();
  return passed(await answer(again));
}

async function passed(response: Response): Promise<Response> {
  if (response.ok) return response;
  throw await Problem.of(response);
}

let refreshing: Promise<void> | null = null;

function refreshed(): Promise<void> {
  refreshing ??= refresh().finally(() => (refreshing = null));
  return refreshing;
}

async function refresh(): Promise<void> {
  const response = await answer(new Request(new URL(REFRESH, location.href), { method: "POST" }));
  if (response.ok) return;
  const problem = await Problem.of(response);
  if (problem.status === 401) for (const callback of signedOut) callback();
  throw problem;
}

/** The whole answer, read within the time limit; `Offline` when none comes, the caller's abort as it is. */
async function answer(request: Request): Promise<Response> {
  const limit = new AbortController();
  const abort = () => limit.abort();
  const isUpload = request.headers.get("Content-Type")?.startsWith("multipart/");
  const timer = setTimeout(abort, isUpload ? UPLOAD_TIMEOUT : TIMEOUT);
  request.signal.addEventListener("abort", abort);
  if (request.signal.aborted) abort();
  try {
    const response = await fetch(request, { signal: limit.signal, credentials: "same-origin" });
    const hasBody = response.status !== 204 && response.status !== 304;
    const body = hasBody ? await response.arrayBuffer() : null;
    const { status, headers } = response;
    keepTime(request, headers);
    for (const callback of reached) callback(true);
    return new Response(body, { status, headers });
  } catch (error) {
    if (request.signal.aborted) throw error;
    for (const callback of reached) callback(false);
    throw new Offline(error);
  } finally {
    clearTimeout(timer);
    request.signal.removeEventListener("abort", abort);
  }
}

/** Only from what is never cached; a difference of less than a minute is the way, not the clock. */
function keepTime(request: Request, headers: Headers): void {
  const date = Date.parse(headers.get("Date") ?? "");
  if (request.method === "GET" || Number.isNaN(date)) return;
  const ahead = date - Date.now();
  serverAhead = Math.abs(ahead) < 60_000 ? 0 : ahead;
}
