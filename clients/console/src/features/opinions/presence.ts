/** Who else has a document open: said every 20 seconds, and asked anew when somebody comes, goes or begins to write. */
import { api, type Schemas } from "@lvyi/api";
import { useLive } from "@lvyi/shared";
import { onScopeDispose, shallowRef, watch, type Ref } from "vue";

const EVERY = 20_000;

/** The others at `subject`, e.g. `opinion_report:12`; `editing` says whether I am writing in it. */
export function usePresence(subject: string, editing: Ref<boolean>): Ref<Schemas["Present"][]> {
  const others = shallowRef<Schemas["Present"][]>([]);
  let isGone = false;
  async function show(): Promise<void> {
    if (document.hidden || isGone) return;
    try {
      others.value = (await api.PUT("/api/v1/presence", { body: { subject, editing: editing.value } })).data.items;
    } catch {
      others.value = []; // who is not at this desk sees nobody, and the document needs nobody
    }
  }
  const timer = window.setInterval(() => void show(), EVERY);
  const [kind, id] = subject.split(":");
  useLive({ reset: () => void show(), [`${kind}_desk:${id}/presence.changed`]: () => void show() });
  watch(editing, () => void show(), { immediate: true });
  onScopeDispose(() => {
    isGone = true;
    clearInterval(timer);
    void api.DELETE("/api/v1/presence", { params: { query: { subject } } }).catch(() => undefined);
  });
  return others;
}
