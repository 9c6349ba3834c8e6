import { onBeforeUnmount, onMounted, watch, type Ref } from "vue";

const AHEAD = 600; // pixels below the screen

/** Calls back with whether the end of a `list` is near the screen: when that changes, and again after the list has changed. */
export function useInfiniteScroll(sentinel: Ref<HTMLElement | null>, list: () => unknown, onChange: (isNear: boolean) => void): void {
  let observer: IntersectionObserver | undefined;

  function observe(): void {
    if (!observer || !sentinel.value) return;
    observer.unobserve(sentinel.value); // an observer reports again after this: what was added may be shorter than the screen
    observer.observe(sentinel.value);
  }

  onMounted(() => {
    observer = new IntersectionObserver((entries) => onChange(entries.slice(-1)[0]!.isIntersecting), { rootMargin: `0px 0px ${AHEAD}px` });
    observe();
  });
  onBeforeUnmount(() => observer?.disconnect());
  watch(list, observe, { flush: "post" });
}
