import { isPassing } from "./say";
import { uuid } from "./uuid";

/**
 * A write that is done once however often it is tried: `act` gets the idempotency key first. A try whose answer was lost,
 * or that the server could not decide, is repeated under the same key; after a decision, or with other words, the next try is another write.
 */
export function repeatable<A extends unknown[], R>(act: (key: string, ...given: A) => Promise<R>): (...given: A) => Promise<R> {
  let key = uuid();
  let last = "";
  return async (...given) => {
    const words = JSON.stringify(given);
    if (words !== last) [key, last] = [uuid(), words];
    try {
      const answer = await act(key, ...given);
      key = uuid();
      return answer;
    } catch (error) {
      if (!isPassing(error)) key = uuid();
      throw error;
    }
  };
}
