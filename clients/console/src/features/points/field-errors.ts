/** Faults of a text beside their lines. */
import type { Schemas } from "@lvyi/api";

export type Fault = Schemas["RulesetFaultOut"];

/** What is wrong by line, from 1; a line past the end counts for the last one. */
export function byLine(faults: Fault[], lines: number): Map<number, string[]> {
  const sentences = new Map<number, string[]>();
  for (const { line, detail } of faults) {
    const at = Math.min(Math.max(1, line), Math.max(1, lines));
    sentences.set(at, [...(sentences.get(at) ?? []), detail]);
  }
  return sentences;
}

/** Where a line begins and ends in a text, for selecting it. */
export function rangeOf(text: string, line: number): [from: number, to: number] {
  const lines = text.split("\n");
  const from = lines.slice(0, line - 1).reduce((sum, one) => sum + one.length + 1, 0);
  return [from, from + (lines[line - 1]?.length ?? 0)];
}
