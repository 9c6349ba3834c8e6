/** Several conferences, one member: going over from one to the other. */
import { Told, useOutbox, useSession } from "@lvyi/shared";

/** The address of a page in one of my organizations: opened elsewhere, it goes over first. */
export function at(organization: number, page: string): string {
  return `${page}${page.includes("?") ? "&" : "?"}organization=${organization}`;
}

/** Goes over to another of my organizations and opens a page there. What waits to be sent is of this one: it goes first. */
export async function goOver(organization: number, page = "/"): Promise<void> {
  const { work } = useSession();
  const { pendingCount } = useOutbox();
  if (pendingCount.value) throw new Told(`还有 ${pendingCount.value} 条没有发出，请先发送或处理，再换到另一个组织。`);
  await work(organization);
  window.location.assign(page.replace(/[?&]organization=\d+/, "")); // a fresh page: nothing of the other one stays in memory
}
