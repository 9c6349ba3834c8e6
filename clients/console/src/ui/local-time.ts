/** Moments as the fields of a form write them: `2026-03-02T14:05`, by the clock of this computer. */
export function toField(iso: string): string {
  const at = new Date(iso);
  return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

export function fromField(local: string): string {
  return new Date(local).toISOString();
}

/** So many days from now at an hour, for a form that is empty. */
export function inDays(days: number, hour: number): string {
  const at = new Date();
  at.setDate(at.getDate() + days);
  at.setHours(hour, 0, 0, 0);
  return toField(at.toISOString());
}
