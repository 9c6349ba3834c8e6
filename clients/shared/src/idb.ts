import { clear, createStore, del, get, set, values, type UseStore } from "idb-keyval";
import { toRaw } from "vue";

/** A table of this phone's IndexedDB, by key; every method throws when the browser refuses or is full. */
export class IdbStore<T> {
  private store: UseStore | undefined;

  constructor(private readonly name: string) {}

  async get(key: string): Promise<T | undefined> {
    return this.use((store) => get<T>(key, store));
  }

  async all(): Promise<T[]> {
    return this.use((store) => values<T>(store));
  }

  async put(key: string, value: T): Promise<void> {
    const copy = plain(value);
    await this.use((store) => set(key, copy, store));
  }

  async remove(key: string): Promise<void> {
    await this.use((store) => del(key, store));
  }

  async clear(): Promise<void> {
    await this.use((store) => clear(store));
  }

  /** Tries once more on a new connection: browsers silently close one that was idle in the background. */
  private async use<R>(work: (store: UseStore) => Promise<R>): Promise<R> {
    const open = () => (this.store = createStore(`lvyi-${this.name}`, this.name));
    try {
      return await work(this.store ?? open());
    } catch (error) {
      if (isFull(error)) throw error;
      return work(open());
    }
  }
}

/** Whether the browser refused because the phone has no room left. */
export function isFull(error: unknown): boolean {
  return (error as Error | null)?.name === "QuotaExceededError";
}

/** A copy without Vue's proxies, which no database takes; blobs stay the same. */
export function plain<T>(value: T): T {
  const raw = toRaw(value);
  if (Array.isArray(raw)) return raw.map(plain) as T;
  if (raw === null || typeof raw !== "object" || Object.getPrototypeOf(raw) !== Object.prototype) return raw;
  return Object.fromEntries(Object.entries(raw).map(([name, part]) => [name, plain(part)])) as T;
}

/** Whether two values are equal as JSON; of blobs only the number counts. */
export function same(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

/** A value without some of its fields. */
export function without<T extends object>(value: T, ...names: string[]): T {
  return Object.fromEntries(Object.entries(value).filter(([name]) => !names.includes(name))) as T;
}
