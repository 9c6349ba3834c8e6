import { onScopeDispose, ref, watch, type Ref } from "vue";

const FEW = 2;

/**
 * How many rows of a list to render: a few per frame, so that the first appear soon and the page stays responsive; all at
 * once when a page is opened again, which must have its old length to restore the scroll position.
 */
export function useLazyRender(total: () => number): Ref<number> {
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
