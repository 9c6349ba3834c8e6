/** The documents that were opened lately, as tabs that can be closed; they last as long as the window. */
import { shallowRef } from "vue";

export interface Tab {
  path: string;
  title: string;
}

const MOST = 8;
const STORED = "lvyi.tabs";

export const tabs = shallowRef<Tab[]>(stored());

/** Shows a document among the tabs; one that is there keeps its place. */
export function addTab(tab: Tab): void {
  const known = tabs.value.some(({ path }) => path === tab.path);
  set(known ? tabs.value.map((one) => (one.path === tab.path ? tab : one)) : [...tabs.value, tab].slice(-MOST));
}

export function closeTab(path: string): void {
  set(tabs.value.filter((tab) => tab.path !== path));
}

function set(next: Tab[]): void {
  tabs.value = next;
  try {
    sessionStorage.setItem(STORED, JSON.stringify(next));
  } catch {
    // they last until the page is closed
  }
}

function stored(): Tab[] {
  try {
    return JSON.parse(sessionStorage.getItem(STORED) ?? "[]") as Tab[];
  } catch {
    return [];
  }
}
