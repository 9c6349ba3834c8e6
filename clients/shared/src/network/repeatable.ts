import { isTransient } from "../errors";
import { uuid } from "../uuid";

/**
 * An idempotent write: `act` gets the idempotency key first. A try without an answer, or with a transient error, is retried
 * under the same key; after a clear answer the next try gets a new one. Other arguments have a key of their own, so that a
 * write begun meanwhile leaves that of the first alone.
 */
export function repeatable<A extends unknown[], R>(act: (key: string, ...args: A) => Promise<R>): (...args: A) => Promise<R> {
  const undecided = new Map<string, string>();
  return async (...args) => {
    const content = JSON.stringify(args);
    const key = undecided.get(content) ?? uuid();
    undecided.set(content, key);
    const decided = () => undecided.get(content) === key && undecided.delete(content);
    try {
      const answer = await act(key, ...args);
      decided();
      return answer;
    } catch (error) {
      if (!isTransient(error)) decided();
      throw error;
    }
  };
}
