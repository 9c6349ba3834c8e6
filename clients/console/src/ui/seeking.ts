/** Finding by letters while they are typed, without ever taking what was found for other letters. */
import { queryClient } from "@lvyi/shared";
import { useQuery } from "@tanstack/vue-query";
import { computed, ref, watch, type ComputedRef, type Ref } from "vue";

export interface Seeking<Found> {
  typed: Ref<string>;
  /** The letters that were asked for last. */
  sought: Ref<string>;
  /** The last answer, which is that of other letters until it `isSettled`. */
  found: ComputedRef<Found | undefined>;
  isFetching: Ref<boolean>;
  isSettled: ComputedRef<boolean>;
  /** Asks at once for what is typed, and runs as soon as the answer is that of these letters; more typing calls it off. */
  whenSettled: (run: () => void) => void;
}

/** `wait` is the pause in milliseconds after which what was typed is asked for. */
export function useSeeking<Found>(
  key: string,
  find: (text: string, signal: AbortSignal) => Promise<Found>,
  { wait, enabled }: { wait: number; enabled: (sought: string) => boolean },
): Seeking<Found> {
  const [typed, sought] = [ref(""), ref("")];
  let timer = 0;
  let pending: (() => void) | undefined;
  const ask = () => {
    clearTimeout(timer);
    sought.value = typed.value.trim();
  };
  const query = useQuery<Found>(
    {
      queryKey: computed(() => ["seek", key, sought.value]),
      queryFn: ({ signal }) => find(sought.value, signal),
      enabled: computed(() => enabled(sought.value)),
      placeholderData: (before) => before as undefined,
      gcTime: 0,
    },
    queryClient,
  );
  const isSettled = computed(() => typed.value.trim() === sought.value && !query.isFetching.value && (!enabled(sought.value) || !query.isPlaceholderData.value));
  watch(typed, () => {
    pending = undefined;
    clearTimeout(timer);
    timer = window.setTimeout(ask, wait);
  });
  watch(isSettled, (is) => {
    if (is) pending?.();
    if (is) pending = undefined;
  });
  return {
    ...{ typed, sought, isSettled, isFetching: query.isFetching },
    found: computed(() => query.data.value as Found | undefined),
    whenSettled(run) {
      if (isSettled.value) return run();
      pending = run;
      ask();
    },
  };
}
