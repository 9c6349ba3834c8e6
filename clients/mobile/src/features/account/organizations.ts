/** A member of several conferences: switching between them. */
import { UserError, useOutbox, useSession } from "@lvyi/shared";

/** The address of a page in one of my organizations: opened in another one, it switches first. */
export function at(organization: number, page: string): string {
  return `${page}${page.includes("?") ? "&" : "?"}organization=${organization}`;
}

/** Switches to another of my organizations and opens a page there; what is queued belongs to this one and must be sent first. */
export async function switchTo(organization: number, page = "/"): Promise<void> {
  const { work } = useSession();
  const { pendingCount } = useOutbox();
  if (pendingCount.value) throw new UserError(`还有 ${pendingCount.value} 条没有发出，请先发送或处理，再换到另一个组织。`);
  await work(organization);
  window.location.assign(page.replace(/[?&]organization=\d+/, "")); // a fresh page: nothing of the other one stays in memory
}
