/** A part of a text, and whether the other text lacks it. */
export interface Piece {
  text: string;
  changed: boolean;
}

const CLAUSE = /[^，。；：！？\n]*[，。；：！？\n]|[^，。；：！？\n]+$/g;
/** Above this many comparisons the whole middle counts as changed. */
const MOST = 4_000_000;

/** Two texts in clauses; changed are those that the other one has not got in this order. */
export function compare(one: string, other: string): [Piece[], Piece[]] {
  const [a, b] = [one.match(CLAUSE) ?? [], other.match(CLAUSE) ?? []];
  let head = 0;
  while (head < a.length && head < b.length && a[head] === b[head]) head++;
  let tail = 0;
  while (tail < Math.min(a.length, b.length) - head && a[a.length - 1 - tail] === b[b.length - 1 - tail]) tail++;
  const [keptA, keptB] = common(a.slice(head, a.length - tail), b.slice(head, b.length - tail));
  const pieces = (clauses: string[], kept: Set<number>) =>
    clauses.map((text, i) => ({ text, changed: i >= head && i < clauses.length - tail && !kept.has(i - head) }));
  return [joined(pieces(a, keptA)), joined(pieces(b, keptB))];
}

/** The places in both lists of a longest common subsequence. */
function common(a: string[], b: string[]): [Set<number>, Set<number>] {
  const [inA, inB] = [new Set<number>(), new Set<number>()];
  if (a.length * b.length > MOST) return [inA, inB];
  const width = b.length + 1;
  const longest = new Uint16Array((a.length + 1) * width);
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      longest[i * width + j] =
        a[i] === b[j]
          ? longest[(i + 1) * width + j + 1]! + 1
          : Math.max(longest[(i + 1) * width + j]!, longest[i * width + j + 1]!);
    }
  }
  for (let i = 0, j = 0; i < a.length && j < b.length; ) {
    if (a[i] === b[j]) {
      inA.add(i++);
      inB.add(j++);
    } else if (longest[(i + 1) * width + j]! >= longest[i * width + j + 1]!) i++;
    else j++;
  }
  return [inA, inB];
}

function joined(pieces: Piece[]): Piece[] {
  const together: Piece[] = [];
  for (const piece of pieces) {
    const last = together[together.length - 1];
    if (last && last.changed === piece.changed) last.text += piece.text;
    else together.push({ ...piece });
  }
  return together;
}
