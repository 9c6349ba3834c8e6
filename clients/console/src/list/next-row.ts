/** The row to open after a decision about the open one: the one behind it, or what stands in its place once it has left the list. */
export function nextRow<Row extends { id: number }>(rows: Row[], openId: number | null | undefined, at: number): Row | undefined {
  const index = rows.findIndex(({ id }) => id === openId);
  return index < 0 ? rows[at] : (rows[index + 1] ?? rows[index - 1]);
}
