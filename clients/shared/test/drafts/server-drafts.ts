import { json, problem, type FakeRequest } from "../server";

/** What the server keeps of my drafts, by kind and key; every phone of a test shares it. */
export interface Kept {
  kind: string;
  key: string;
  text_id: string;
  version: number;
  title: string;
  path: string;
  pictures: number;
  device: string;
  edited_at: string;
  words: Record<string, unknown>;
}

export const server = new Map<string, Kept>();

type Answer = (request: FakeRequest) => Response;

/** The answers of `/api/v1/drafts` for one name, as `fakeServer` takes them. */
export function draftRoutes(kind = "update", key = "new"): Record<string, Answer> {
  const name = `${kind}/${key}`;
  const path = `/api/v1/drafts/${name}`;
  return {
    "GET /api/v1/drafts": () => json({ items: [...server.values()].map((row) => ({ ...row, words: undefined })) }),
    [`GET ${path}`]: () => (server.has(name) ? json(server.get(name)) : problem(404)),
    [`PUT ${path}`]: ({ body, ifMatch }) => {
      const present = server.get(name);
      const version = Number(ifMatch?.replaceAll('"', ""));
      if ((present?.version ?? 0) !== version) return problem(412, { current: present ?? null });
      const edited_at = new Date().toISOString();
      const row = { ...(body as Kept), kind, key, version: version + 1, device: "Android HUAWEI MicroMessenger", edited_at };
      server.set(name, row);
      return json(row);
    },
    [`DELETE ${path}`]: ({ search }) => {
      if (server.get(name)?.text_id === new URLSearchParams(search).get("text_id")) server.delete(name);
      return new Response(null, { status: 204 });
    },
  };
}
