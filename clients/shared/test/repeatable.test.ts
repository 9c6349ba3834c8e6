import { Offline, Problem } from "@lvyi/api";
import { expect, test } from "vitest";
import { repeatable } from "../src/repeatable";

test("what was not decided is tried again under the same key, what was decided is another write", async () => {
  const keys: string[] = [];
  const answers: unknown[] = [new Offline(), new Problem(503), new Problem(409), null, null];
  const write = repeatable(async (key: string) => {
    keys.push(key);
    const answer = answers.shift();
    if (answer) throw answer;
  });
  for (let i = 0; i < 5; i++) await write().catch(() => {});
  expect(keys[1]).toBe(keys[0]);
  expect(keys[2]).toBe(keys[0]); // the server may have done it before it was away
  expect(new Set(keys.slice(2)).size).toBe(3);
});
