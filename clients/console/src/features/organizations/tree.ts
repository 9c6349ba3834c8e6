/** Rows that name their parent, in the order of a tree. */
interface Row {
  id: number;
  parent_id: number | null;
}

/** Each row below its parent, with its depth; those whose parent is not among them stand at the top. */
export function inTree<R extends Row>(rows: R[]): { row: R; depth: number }[] {
  const ids = new Set(rows.map(({ id }) => id));
  const below = (parent: number | null, depth: number): { row: R; depth: number }[] =>
    rows
      .filter(({ parent_id }) => (parent === null ? parent_id === null || !ids.has(parent_id) : parent_id === parent))
      .flatMap((row) => [{ row, depth }, ...below(row.id, depth + 1)]);
  return below(null, 0);
}
