import { useRouter, type Router } from "vue-router";
import { uncover } from "./overlays";

/**
 * Goes back in history; where the page was opened by a link, to its parent by address, or home without a network, when
 * the code of the parent page may not be loaded yet.
 */
export function useBack(): () => Promise<void> {
  const router = useRouter();
  return async () => {
    await uncover();
    if (window.history.state?.back) router.back();
    else void router.replace(navigator.onLine ? above(router, router.currentRoute.value.path) : "/");
  };
}

/** The nearest page above an address: /proposals/5 for /proposals/5/rate/7, else home. */
export function above(router: Pick<Router, "resolve">, path: string): string {
  do path = path.slice(0, path.lastIndexOf("/"));
  while (path && router.resolve(path).name === "/[...missing]");
  return path || "/";
}
