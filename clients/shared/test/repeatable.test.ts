import { Offline, Problem } from "@lvyi/api";
import { expect, test } from "vitest";
import { repeatable } from "../src/network/repeatable";

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

test("a write with other words that begins while one is in flight leaves the key of the first alone", async () => {
  const sent: [words: string, key: string][] = [];
  const lost: ((error: Error) => void)[] = [];
  const write = repeatable((key: string, words: string) => {
    sent.push([words, key]);
    return words === "first" && lost.length === 0 ? new Promise<void>((_, reject) => lost.push(reject)) : Promise.resolve();
  });
  const first = write("first");
  await write("second");
  lost[0]!(new Offline()); // its answer got lost: the server may have done it
  await expect(first).rejects.toThrow();
  await write("first");
  await write("first");
  const keys = sent.filter(([words]) => words === "first").map(([, key]) => key);
  expect(keys[1]).toBe(keys[0]);
  expect(keys[2]).not.toBe(keys[0]); // decided: the next one is another write
  expect(sent.find(([words]) => words === "second")![1]).not.toBe(keys[0]);
});
