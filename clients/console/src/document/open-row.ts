/** Which row of a list has its document open: the last part of the address, which keeps the filters. */
import { computed, useTemplateRef, type ComputedRef } from "vue";
import { useRoute, useRouter } from "vue-router";

interface Row {
  id: number;
}

/** For a screen `…/[[id]].vue` whose `RecordList` has the template ref `list`. */
export function useOpenRow(): {
  id: ComputedRef<number | null>;
  open: (row: Row) => Promise<unknown>;
  close: () => Promise<unknown>;
  /** After a decision: opens the row behind this one, which may have left the list; nothing when it was the only one. */
  openNext: () => void;
} {
  const route = useRoute();
  const router = useRouter();
  const list = useTemplateRef<{ next: () => Row | undefined }>("list");
  const at = (id: number | "") => ({ params: { id }, query: route.query });

  return {
    id: computed(() => Number((route.params as { id?: string }).id) || null),
    open: ({ id }) => router.push(at(id)),
    close: () => router.push(at("")),
    openNext() {
      const next = list.value?.next();
      if (next) void router.replace(at(next.id));
    },
  };
}
