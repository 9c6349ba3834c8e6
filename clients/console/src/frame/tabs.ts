/** The documents that were opened lately, as tabs that can be closed; they last as long as the window and its user. */
import { useSession } from "@lvyi/shared";
import { shallowRef } from "vue";

export interface Tab {
  path: string;
  title: string;
}

const MOST = 8;
const STORED = "lvyi.tabs";

const { me } = useSession();

export const tabs = shallowRef<Tab[]>(stored());

/** Shows a document among the tabs; one that is there keeps its place. */
export function addTab(tab: Tab): void {
  const known = tabs.value.some(({ path }) => path === tab.path);
  set(known ? tabs.value.map((one) => (one.path === tab.path ? tab : one)) : [...tabs.value, tab].slice(-MOST));
}

export function closeTab(path: string): void {
  set(tabs.value.filter((tab) => tab.path !== path));
}

/** Whoever logs in next in this window does not read what was open. */
export function forgetTabs(): void {
  set([]);
}

/** Whose tabs these are: their titles are words of documents that others may not see. */
function owner(): string {
  return me.value ? `${me.value.account_id}:${me.value.organization.id}` : "";
}

function set(next: Tab[]): void {
  tabs.value = next;
  try {
    sessionStorage.setItem(STORED, JSON.stringify({ of: owner(), tabs: next }));
  } catch {
    // they last until the page is closed
  }
}

function stored(): Tab[] {
  try {
    const { of, tabs: open } = JSON.parse(sessionStorage.getItem(STORED) ?? "{}") as { of?: string; tabs?: Tab[] };
    if (of && of === owner()) return open ?? [];
    sessionStorage.removeItem(STORED);
    return [];
  } catch {
    return [];
  }
}
