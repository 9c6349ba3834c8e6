const PAGES: [RegExp, string][] = [
  [/^updates\/(\d+)$/, "/updates/$1"],
  [/^topics\/(\d+)$/, "/topics/$1"],
  [/^topics\/(\d+)\/papers\/(\d+)$/, "/topics/$1/papers/$2"],
  [/^replies\/(\d+)$/, "/replies/$1"],
  [/^proposals\/(\d+)$/, "/proposals/$1"],
  [/^opinions\/(\d+)$/, "/opinions/$1"],
  [/^library\/documents\/(\d+)$/, "/library/$1"],
  [/^leads\/\d+$/, "/leads"],
  [/^outputs\/(\d+)$/, "/outputs/$1"],
  [/^findings\/\d+$/, "/findings"],
  [/^cases\/(\d+)$/, "/cases/$1"],
  [/^cases$/, "/cases"],
  [/^speeches\/(\d+)$/, "/speeches/$1"],
  [/^speeches$/, "/speeches"],
  [/^speech-calls\/(\d+)$/, "/speeches/calls/$1"],
  [/^contacts\/\d+$/, "/contacts"],
  [/^visits\/(\d+)$/, "/visits/$1"],
  [/^projects\/(\d+)$/, "/projects/$1"],
  [/^matters\/(\d+)$/, "/matters/$1"],
  [/^matters$/, "/matters"],
  [/^venues\/(\d+)$/, "/venues/$1"],
  [/^claims\/(\d+)$/, "/claims/$1"],
  [/^reading\/topics\/(\d+)$/, "/reading/$1"],
  [/^reading\/notes\/(\d+)$/, "/reading/notes/$1"],
  [/^reading\/logs\/(\d+)$/, "/reading/logs/$1"],
  [/^activities\/(\d+)$/, "/activities/$1"],
  [/^seats\/(\d+)$/, "/members/$1"],
  [/^seats\/(\d+)\/records$/, "/archive/$1/records"],
  [/^leaderboard\/(\d+)\/records$/, "/leaderboard/$1"],
  [/^seats\/(\d+)\/score$/, "/points/$1"],
  [/^seats\/(\d+)\/score\/records\/([a-z0-9_:]+)$/, "/points/$1/$2"],
  [/^statistics\/units\/(\d+)\/proposals$/, "/units/$1/proposals"],
  [/^bodies\/(\d+)$/, "/bodies/$1"],
  [/^bodies\/(\d+)\/(works|records)$/, "/bodies/$1/$2"],
  [/^bulletins\/(\d+)$/, "/bulletins/$1"],
  [/^bulletins\/(\d+)\/(records|subjects|members|kinds|proposals|unmet)$/, "/bulletins/$1/$2"],
  [/^cards\/(\d+)\/(\w+)$/, "/cards/$1/$2"],
  [/^issued-cards\/\d+$/, "/cards"],
  [/^auth\/sessions$/, "/sessions"],
  [/^privacy\/requests\/\d+$/, "/privacy"],
];

/** The page that shows what an API path (`path` of a notification or record) names, with its query; null when none does. */
export function routeOf(apiPath: string | null | undefined): string | null {
  const [path, query] = apiPath?.replace(/^\/api\/v1\//, "").split("?") ?? [];
  const page = path && PAGES.find(([pattern]) => pattern.test(path));
  return page ? path.replace(...page) + (query ? `?${query}` : "") : null;
}
