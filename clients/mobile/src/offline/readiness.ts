/** Pictures and files of a form that are not ready when it is handed in. */
import { computed, onBeforeUnmount, ref, watch, type Ref } from "vue";
import { onBeforeRouteLeave } from "vue-router";
import { confirm, toast } from "@lvyi/shared/ui";

/** How many are being prepared or sent, and how many could not be. */
export interface Unready {
  working: number;
  failed: number;
}

/**
 * `ready()` resolves to true once nothing is pending; to false with a toast when some failed, and silently when it is
 * called again or the page is left. `waitText` is the label of the button meanwhile. `what`: 张图片正在处理.
 */
export function useReadiness(unready: Readonly<Ref<Unready>>, what: string) {
  const isAwaited = ref(false);
  const waitText = computed(() => (isAwaited.value ? `还有 ${unready.value.working} ${what}…` : ""));
  let settle: (isReady: boolean) => void = () => {};

  function decide(): void {
    const { working, failed } = unready.value;
    isAwaited.value = working > 0;
    if (working) return;
    if (failed) toast(`有 ${failed} ${what.slice(0, 3)}没有成功，请重试或移除后再提交。`);
    settle(!failed);
  }
  watch(unready, () => isAwaited.value && decide());
  onBeforeUnmount(() => settle(false));

  function ready(): Promise<boolean> {
    settle(false);
    return new Promise((resolve) => {
      settle = resolve;
      decide();
    });
  }

  return { ready, waitText };
}

/** The same for pictures, which are prepared on the page: who leaves it too early is asked. */
export function usePictureReadiness() {
  const unready = ref<Unready>({ working: 0, failed: 0 });
  onBeforeRouteLeave(() => {
    const unfinished = unready.value.working + unready.value.failed;
    const text = `有 ${unfinished} 张图片还没有处理好，现在离开，它们不会留在草稿里。`;
    return unfinished === 0 || confirm({ title: "离开这一页？", text, yes: "离开", no: "留在这一页" });
  });
  return { unready, ...useReadiness(unready, "张图片正在处理") };
}
