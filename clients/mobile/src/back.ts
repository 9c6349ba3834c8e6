import { useRouter } from "vue-router";

/** Goes back to the page before; to the home page when this one was opened by a link. */
export function useBack(): () => void {
  const router = useRouter();
  return () => {
    if (window.history.state?.back) router.back();
    else void router.replace("/");
  };
}
