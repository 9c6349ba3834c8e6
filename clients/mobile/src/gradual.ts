import { onScopeDispose, ref, watch, type Ref } from "vue";

const FEW = 2;

/**
 * How many of a list to draw: what has come, a few at a time, so that the first are seen soon and touches are answered
 * meanwhile; everything at once where a page is opened again, which must be as long as it was to be scrolled back.
 */
export function useGradual(total: () => number): Ref<number> {
  const drawn = ref(history.state?.scroll?.top ? total() : 0);
  let frame = 0;
  function more(): void {
    drawn.value = Math.min(drawn.value + FEW, total());
    frame = drawn.value < total() ? requestAnimationFrame(() => setTimeout(more)) : 0;
  }
  watch(
    total,
    () => {
      if (!frame) more();
    },
    { immediate: true },
  );
  onScopeDispose(() => cancelAnimationFrame(frame));
  return drawn;
}
