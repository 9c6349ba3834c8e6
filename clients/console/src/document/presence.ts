/** Who else has this open: said every 20 seconds while the window is seen, and anew as they come, go or write. */
import { api, type Schemas } from "@lvyi/api";
import { useLive } from "@lvyi/shared";
import { onScopeDispose, shallowRef, watch, type Ref, type ShallowRef } from "vue";

export type Present = Schemas["Present"];

const EVERY = 20_000;

/** `subject` as the API names it (`proposal:12`); `editing` while I write in it. */
export function usePresence(subject: string, editing: Ref<boolean>): ShallowRef<Present[]> {
  const others = shallowRef<Present[]>([]);
  const channel = subject.replace(":", "_desk:");
  let isOpen = true;

  async function show(): Promise<void> {
    if (!isOpen || document.hidden) return;
    try {
      others.value = (await api.PUT("/api/v1/presence", { body: { subject, editing: editing.value } })).data.items;
    } catch {
      others.value = []; // it is a courtesy: nothing waits for it
    }
  }

  void show();
  const timer = window.setInterval(() => void show(), EVERY);
  watch(editing, () => void show());
  useLive({ reset: () => void show(), [`${channel}/presence.changed`]: () => void show() });
  onScopeDispose(() => {
    isOpen = false;
    clearInterval(timer);
    void api.DELETE("/api/v1/presence", { params: { query: { subject } } }).catch(() => undefined);
  });
  return others;
}
