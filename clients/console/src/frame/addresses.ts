import { useSession } from "@lvyi/shared";

const { may } = useSession();
const REVIEWS = ["proposal.review", "proposal.first_review", "proposal.joint_review", "proposal.final_review"];
const handles = () => may("proposal.handle") && !may("proposal.inspect");
const leads = () => may("proposal.inspect") && !REVIEWS.some(may);
const comments = () => may("opinion.comment") && !may("opinion.edit");

/** The screen of the desk that shows what an API path names; some only for those whose desk it is. */
const SCREENS: [pattern: RegExp, screen: string, isMine?: () => boolean][] = [
  [/^proposals\/(\d+)$/, "/work/$1", handles],
  [/^proposals$/, "/work", handles],
  [/^proposal-commitments$/, "/work/commitments", handles],
  [/^proposal-deadlines$/, "/work/deadlines", handles],
  [/^statistics\/units\/(\d+)\/proposals$/, "/work/records", handles],
  [/^leads(\/\d+)?$/, "/work/leads", handles],
  [/^proposals\/(\d+)$/, "/supervision/$1", leads],
  [/^proposals$/, "/supervision", leads],
  [/^opinions\/(\d+)$/, "/comments/$1", comments],
  [/^proposals\/(\d+)$/, "/proposals/$1"],
  [/^proposals$/, "/proposals"],
  [/^proposal-deadlines$/, "/proposals/deadlines"],
  [/^proposal-commitments$/, "/proposals/commitments"],
  [/^opinions\/(\d+)$/, "/opinions/$1"],
  [/^opinions$/, "/opinions"],
  [/^opinions\/statistics\/records$/, "/opinions/statistics"],
  [/^leads\/(\d+)$/, "/leads/$1"],
  [/^leads$/, "/leads"],
  [/^claims\/(\d+)$/, "/claims/$1"],
  [/^claims$/, "/claims"],
  [/^findings\/(\d+)$/, "/findings/$1"],
  [/^findings$/, "/findings"],
  [/^outputs\/(\d+)$/, "/outputs/$1"],
  [/^outputs$/, "/outputs"],
  [/^cases\/(\d+)$/, "/cases/$1"],
  [/^cases$/, "/cases"],
  [/^speeches\/(\d+)$/, "/speeches/$1"],
  [/^speeches$/, "/speeches"],
  [/^speech-calls\/(\d+)$/, "/speeches/calls/$1"],
  [/^contacts\/(\d+)$/, "/contacts/$1"],
  [/^contacts$/, "/contacts"],
  [/^projects\/(\d+)$/, "/projects/$1"],
  [/^projects$/, "/projects"],
  [/^deeds$/, "/projects/deeds"],
  [/^deeds\/members$/, "/projects/members"],
  [/^matters\/(\d+)$/, "/matters/$1"],
  [/^matters$/, "/matters"],
  [/^venues\/(\d+)$/, "/venues/$1"],
  [/^venues$/, "/venues"],
  [/^privacy\/requests\/(\d+)$/, "/privacy/$1"],
  [/^privacy\/requests$/, "/privacy"],
  [/^topics\/(\d+)$/, "/topics/$1"],
  [/^topics$/, "/topics"],
  [/^activities\/(\d+)$/, "/activities/$1"],
  [/^activities$/, "/activities"],
  [/^statistics\/words\/texts$/, "/overview/words"],
  [/^leaderboard$/, "/heat"],
  [/^seats\/(\d+)$/, "/members/$1"],
  [/^imports\/(\d+)$/, "/imports/$1"],
  [/^accounts\/(\d+)$/, "/accounts/$1"],
  [/^bodies\/(\d+)$/, "/members/bodies/$1"],
  [/^bodies\/(\d+)\/(works|records)$/, "/members/bodies/$1/$2"],
  [/^bulletins$/, "/bulletins"],
  [/^bulletins\/(\d+)$/, "/bulletins/$1"],
  [/^bulletins\/(\d+)\/(records|subjects|members|proposals|unmet|unmet\/.+)$/, "/bulletins/$1/$2"],
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
  const screen = path && SCREENS.find(([pattern, , isMine]) => pattern.test(path) && (isMine?.() ?? true));
  return screen ? path.replace(screen[0], screen[1]) + (query ? `?${query}` : "") : null;
}
