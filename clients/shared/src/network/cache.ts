import { QueryClient } from "@tanstack/vue-query";

import { isTransient } from "../errors";

/** The one cache of answers: pages read through it, the outbox and live events invalidate it. */
export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      networkMode: "always", // offline, the service worker answers
      staleTime: 30_000,
      retry: (failures, error) => failures < 1 && isTransient(error),
    },
    mutations: { networkMode: "always" },
  },
});

/** Forgets every answer of the server: in memory and in the service worker; the app's own files stay. */
export async function clearCaches(): Promise<void> {
  queryClient.clear();
  if (!("caches" in globalThis)) return; // plain HTTP
  const names = await caches.keys();
  await Promise.all(names.filter((name) => !name.includes("precache")).map((name) => caches.delete(name)));
}
