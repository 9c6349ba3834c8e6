import { afterEach, expect, test, vi } from "vitest";
import { effectScope, nextTick } from "vue";
import { useSeeking } from "../src/ui/seeking";

const scope = effectScope();
afterEach(() => scope.stop());

test("what is taken is what was found for the letters that stand there, however fast Enter came", async () => {
  const answers: Record<string, (names: string[]) => void> = {};
  const find = (text: string) => new Promise<string[]>((resolve) => (answers[text] = resolve));
  const seek = scope.run(() => useSeeking("trial", find, { wait: 1e6, enabled: () => true }))!;
  const answer = async (text: string, ...names: string[]) => {
    await vi.waitFor(() => expect(answers).toHaveProperty([text]));
    answers[text]!(names);
    await vi.waitFor(() => expect(seek.found.value).toEqual(names));
  };
  const taken: (string | undefined)[] = [];
  const enter = () => seek.whenSettled(() => taken.push(seek.found.value?.[0]));
  await answer("", "甲", "乙");
  seek.typed.value = "丙";
  await nextTick();
  expect([seek.isSettled.value, seek.found.value]).toEqual([false, ["甲", "乙"]]);
  enter(); // before the pause, and before the answer
  expect(taken).toEqual([]);
  await answer("丙", "丙");
  expect(taken).toEqual(["丙"]);

  seek.typed.value = "丁";
  await nextTick();
  enter();
  seek.typed.value = "丁戊"; // more letters: who pressed Enter has gone on
  await nextTick();
  await answer("丁", "丁");
  expect(taken).toEqual(["丙"]);
  enter();
  await answer("丁戊", "丁戊");
  expect(taken).toEqual(["丙", "丁戊"]);
});
