/** Rows that are selected; they stay selected after an act on them, as the filter stays. */
import { computed, shallowRef, type ComputedRef } from "vue";

export interface Selection {
  ids: ComputedRef<number[]>;
  has: (id: number) => boolean;
  toggle: (id: number) => void;
  /** Selects all from the last one that was toggled up to this one, as Shift does. */
  extend: (id: number, order: number[]) => void;
  set: (ids: number[]) => void;
  clear: () => void;
}

export function useSelection(): Selection {
  const chosen = shallowRef(new Set<number>());
  let last = 0;

  function toggle(id: number) {
    const next = new Set(chosen.value);
    if (!next.delete(id)) next.add(id);
    last = id;
    chosen.value = next;
  }

  return {
    ids: computed(() => [...chosen.value]),
    has: (id) => chosen.value.has(id),
    toggle,
    extend(id, order) {
      const [from, to] = [order.indexOf(last), order.indexOf(id)];
      if (from < 0) return toggle(id);
      chosen.value = new Set([...chosen.value, ...order.slice(Math.min(from, to), Math.max(from, to) + 1)]);
    },
    set: (ids) => (chosen.value = new Set(ids)),
    clear: () => (chosen.value = new Set()),
  };
}
