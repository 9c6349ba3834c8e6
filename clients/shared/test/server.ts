import { vi } from "vitest";

/** A request that a fake server got. */
export interface FakeRequest {
  method: string;
  path: string;
  search: string;
  key: string | null;
  ifMatch: string | null;
  body: unknown;
}

type Answer = (request: FakeRequest) => Response | Promise<Response>;

/** Takes the place of the network; `answers` are by method and path, e.g. `POST /api/v1/updates`. */
export function fakeServer(answers: Record<string, Answer>): FakeRequest[] {
  const requests: FakeRequest[] = [];
  vi.stubGlobal("fetch", async (input: Request | string) => {
    const request = typeof input === "string" ? new Request(new URL(input, location.href)) : input;
    const { pathname: path, search } = new URL(request.url);
    const isJson = request.headers.get("Content-Type") === "application/json";
    const [key, ifMatch] = ["Idempotency-Key", "If-Match"].map((name) => request.headers.get(name));
    const one = { method: request.method, path, search, key: key!, ifMatch: ifMatch!, body: isJson ? await request.json() : null };
    requests.push(one);
    return (answers[`${one.method} ${path}`] ?? (() => problem(404)))(one);
  });
  return requests;
}

export function json(body: unknown, status = 200): Response {
  return new Response(JSON.stringify(body), { status, headers: { "Content-Type": "application/json" } });
}

export function problem(status: number, more: object = {}, headers: Record<string, string> = {}): Response {
  return new Response(JSON.stringify({ status, code: "refused", detail: "没有成功。", ...more }), {
    status,
    headers: { "Content-Type": "application/problem+json", ...headers },
  });
}

export function noNetwork(): never {
  throw new TypeError("Failed to fetch");
}
