import createClient, { type FetchResponse, type MaybeOptionalInit } from "openapi-fetch";
import type {
  HttpMethod,
  MediaType,
  PathsWithMethod,
  RequiredKeysOf,
} from "openapi-typescript-helpers";

import { exchange } from "./exchange";
import type { components, paths } from "./schema";

export { now, onReached, onSignedOut } from "./exchange";
export { Offline, Problem } from "./problem";

/** What the API takes and gives, by name. */
export type Schemas = components["schemas"];

type Given<T> = T extends { data: infer Data; error?: never } ? Data : never;

type Ask<Method extends HttpMethod> = <
  Path extends PathsWithMethod<paths, Method>,
  Init extends MaybeOptionalInit<paths[Path], Method>,
>(
  path: Path,
  ...init: RequiredKeysOf<Init> extends never ? [Init?] : [Init]
) => Promise<{ data: Given<FetchResponse<paths[Path][Method] & {}, Init, MediaType>>; response: Response }>;

interface Api {
  GET: Ask<"get">;
  POST: Ask<"post">;
  PUT: Ask<"put">;
  PATCH: Ask<"patch">;
  DELETE: Ask<"delete">;
}

/** The typed client. `data` is always there: an answer that refuses is thrown as `Problem`, none as `Offline`. */
export const api = createClient<paths>({
  baseUrl: globalThis.location?.origin,
  fetch: exchange,
}) as unknown as Api;

/** Posts JSON or a form to a path that is not known at compile time; gives the parsed answer. */
export function post(path: string, body: unknown, key: string): Promise<unknown> {
  return write("POST", path, body, key);
}

/** As `post`, or a PUT, which may be repeated at any time. */
export async function write(method: "POST" | "PUT", path: string, body: unknown, key: string): Promise<unknown> {
  const isForm = body instanceof FormData;
  const request = new Request(new URL(path, location.href), {
    method,
    headers: { "Idempotency-Key": key, ...(isForm ? {} : { "Content-Type": "application/json" }) },
    body: isForm ? body : JSON.stringify(body ?? {}),
  });
  const response = await exchange(request);
  return response.status === 204 ? null : response.json();
}
