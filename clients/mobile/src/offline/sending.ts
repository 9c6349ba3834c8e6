import { useOnline } from "@lvyi/shared";

const online = useOnline();

/** Waits a moment for what was queued; false when it is still on its way: no network, or a slow one. */
export function arrived(sent: Promise<unknown>): Promise<boolean> {
  const later = new Promise<false>((done) => setTimeout(() => done(false), online.value ? 6000 : 300));
  return Promise.race([sent.then(() => true), later]);
}
