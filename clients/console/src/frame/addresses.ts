/** The screen of the desk that shows what an API path names. */
const SCREENS: [RegExp, string][] = [
  [/^proposals\/(\d+)$/, "/proposals/$1"],
  [/^proposals$/, "/proposals"],
  [/^bulletins$/, "/bulletins"],
  [/^bulletins\/(\d+)$/, "/bulletins/$1"],
  [/^bulletins\/(\d+)\/(records|subjects|members|unmet|unmet\/.+)$/, "/bulletins/$1/$2"],
  [/^issued-cards\/(\d+)$/, "/cards/$1"],
  [/^cards\/(\d+)\/(\d+|term)$/, "/cards/preview/$1/$2"],
  [/^reading\/notes\/(\d+)$/, "/reading/$1"],
  [/^library\/documents\/(\d+)$/, "/library/$1"],
  [/^rulesets\/(\d+)$/, "/rulesets/$1"],
  [/^points-board$/, "/rulesets/board"],
  [/^seats\/(\d+)\/score$/, "/rulesets/scores/$1"],
  [/^seats\/(\d+)\/score\/records\/(.+)$/, "/rulesets/scores/$1/$2"],
];

/** The screen that shows what an API path (of a notice, a queue, a search) names, with its query; null when none does. */
export function screenOf(apiPath: string | null | undefined): string | null {
  const [path, query] = apiPath?.replace(/^\/api\/v1\//, "").split("?") ?? [];
  const screen = path && SCREENS.find(([pattern]) => pattern.test(path));
  return screen ? path.replace(...screen) + (query ? `?${query}` : "") : null;
}
