/**
 * The row to open after a decision about the open one: the first behind it that is still listed, else the nearest before
 * it. `order` has the ids as they were listed when the open one was last among them; the list may have been refreshed since.
 */
export function nextRow<Row extends { id: number }>(rows: Row[], order: number[], openId: number): Row | undefined {
  const here = order.indexOf(openId);
  const candidates = [...order.slice(here + 1), ...order.slice(0, Math.max(here, 0)).reverse()];
  const listed = new Map(rows.map((row) => [row.id, row]));
  const id = candidates.find((one) => one !== openId && listed.has(one));
  return id === undefined ? rows.find((row) => row.id !== openId) : listed.get(id);
}
