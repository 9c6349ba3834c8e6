import { clear, createStore, del, get, set, values, type UseStore } from "idb-keyval";
import { toRaw } from "vue";

/** Things of one kind in this phone's database, by key; every method throws when the browser refuses or is full. */
export class Shelf<T> {
  private readonly store: () => UseStore;

  constructor(name: string) {
    let opened: UseStore | undefined;
    this.store = () => (opened ??= createStore(`lvyi-${name}`, name));
  }

  async get(key: string): Promise<T | undefined> {
    return get<T>(key, this.store());
  }

  async all(): Promise<T[]> {
    return values<T>(this.store());
  }

  async put(key: string, value: T): Promise<void> {
    await set(key, plain(value), this.store());
  }

  async remove(key: string): Promise<void> {
    await del(key, this.store());
  }

  async clear(): Promise<void> {
    await clear(this.store());
  }
}

/** A copy without Vue's proxies, which no database takes; blobs stay the same. */
export function plain<T>(value: T): T {
  const raw = toRaw(value);
  if (Array.isArray(raw)) return raw.map(plain) as T;
  if (raw === null || typeof raw !== "object" || Object.getPrototypeOf(raw) !== Object.prototype) return raw;
  return Object.fromEntries(Object.entries(raw).map(([name, part]) => [name, plain(part)])) as T;
}

/** Whether two values say the same; blobs count by their number. */
export function same(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
