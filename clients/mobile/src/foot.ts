import { onBeforeUnmount, onMounted, watch, type Ref } from "vue";

const AHEAD = 600; // pixels below the screen

/** Tells whether the end of a `list` is near the screen: as it comes and goes, and anew whenever the list has changed. */
export function useFoot(foot: Ref<HTMLElement | null>, list: () => unknown, tell: (isNear: boolean) => void): void {
  let watcher: IntersectionObserver | undefined;

  function look(): void {
    if (!watcher || !foot.value) return;
    watcher.unobserve(foot.value); // observed anew it reports anew: what was added may be shorter than the screen
    watcher.observe(foot.value);
  }

  onMounted(() => {
    watcher = new IntersectionObserver((seen) => tell(seen.slice(-1)[0]!.isIntersecting), { rootMargin: `0px 0px ${AHEAD}px` });
    look();
  });
  onBeforeUnmount(() => watcher?.disconnect());
  watch(list, look, { flush: "post" });
}
