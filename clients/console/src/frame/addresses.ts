/** The screen of the desk that shows what an API path names. */
const SCREENS: [RegExp, string][] = [
  [/^proposals\/(\d+)$/, "/proposals/$1"],
  [/^proposals$/, "/proposals"],
  [/^seats\/(\d+)$/, "/members/$1"],
  [/^imports\/(\d+)$/, "/imports/$1"],
  [/^accounts\/(\d+)$/, "/accounts/$1"],
];

/** The screen that shows what an API path (of a notice, a queue, a search) names, with its query; null when none does. */
export function screenOf(apiPath: string | null | undefined): string | null {
  const [path, query] = apiPath?.replace(/^\/api\/v1\//, "").split("?") ?? [];
  const screen = path && SCREENS.find(([pattern]) => pattern.test(path));
  return screen ? path.replace(...screen) + (query ? `?${query}` : "") : null;
}
