import { useRouter, type Router } from "vue-router";

/**
 * Goes back to the page before; where this one was opened by a link, to the page above it by its address, or without a
 * network, when that page may not be here yet, home.
 */
export function useBack(): () => void {
  const router = useRouter();
  return () => {
    if (window.history.state?.back) router.back();
    else void router.replace(navigator.onLine ? above(router, router.currentRoute.value.path) : "/");
  };
}

/** Above /proposals/5/rate/7 stands /proposals/5; home where no page does. */
export function above(router: Pick<Router, "resolve">, path: string): string {
  do path = path.slice(0, path.lastIndexOf("/"));
  while (path && router.resolve(path).name === "/[...missing]");
  return path || "/";
}
