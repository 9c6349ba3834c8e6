/** The desks of the menu: who sees which, by permissions of the API. */
import type { Schemas } from "@lvyi/api";
import type { IconName } from "@lvyi/shared/ui";

type Me = Schemas["MeOut"];

export interface Desk {
  /** As `desk` of the API's counts. */
  key: string;
  label: string;
  icon: IconName;
  path: string;
  /** Any of these permissions opens it; none: every member of staff. */
  needs: string[];
}

const STAFF = ["secretariat", "unit_officer", "leader", "system_admin", "security_admin", "auditor"];
const REVIEWS = ["proposal.review", "proposal.first_review", "proposal.joint_review", "proposal.final_review"];

export const DESKS: Desk[] = [
  { key: "home", label: "工作台", icon: "home", path: "/", needs: [] },
  { key: "proposals", label: "提案", icon: "proposal", path: "/proposals", needs: [...REVIEWS, "proposal.inspect"] },
  { key: "points", label: "积分办法", icon: "star", path: "/rulesets", needs: ["ruleset.manage"] },
  { key: "cards", label: "履职卡", icon: "card", path: "/cards", needs: ["card.issue"] },
  { key: "bulletins", label: "年度通报", icon: "board", path: "/bulletins", needs: ["bulletin.manage"] },
  { key: "reading", label: "委员读书", icon: "book", path: "/reading", needs: ["reading.manage"] },
  { key: "library", label: "资料库", icon: "archive", path: "/library", needs: ["library.read"] },
];

/** Whether somebody has work at a desk: who is a member alone has it on the phone. */
export function isStaff(me: Me): boolean {
  return me.roles.some(({ role }) => STAFF.includes(role));
}

/** The desks that somebody may open. */
export function desksOf(me: Me): Desk[] {
  return DESKS.filter(({ needs }) => !needs.length || needs.some((permission) => me.permissions.includes(permission)));
}
