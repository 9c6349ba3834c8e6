/** The screen of the desk that shows what an API path names. */
const SCREENS: [RegExp, string][] = [
  [/^proposals\/(\d+)$/, "/proposals/$1"],
  [/^proposals$/, "/proposals"],
  [/^opinions\/(\d+)$/, "/opinions/$1"],
  [/^opinions$/, "/opinions"],
  [/^opinions\/statistics\/records$/, "/opinions/statistics"],
  [/^leads\/(\d+)$/, "/leads/$1"],
  [/^leads$/, "/leads"],
  [/^claims\/(\d+)$/, "/claims/$1"],
  [/^claims$/, "/claims"],
  [/^privacy\/requests\/(\d+)$/, "/privacy/$1"],
  [/^privacy\/requests$/, "/privacy"],
];

/** The screen that shows what an API path (of a notice, a queue, a search) names, with its query; null when none does. */
export function screenOf(apiPath: string | null | undefined): string | null {
  const [path, query] = apiPath?.replace(/^\/api\/v1\//, "").split("?") ?? [];
  const screen = path && SCREENS.find(([pattern]) => pattern.test(path));
  return screen ? path.replace(...screen) + (query ? `?${query}` : "") : null;
}
