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
  /** Who has one of these does it at another desk. */
  unless?: string[];
}

const STAFF = ["secretariat", "unit_officer", "leader", "system_admin", "security_admin", "auditor"];
const REVIEWS = ["proposal.review", "proposal.first_review", "proposal.joint_review", "proposal.final_review"];

export const DESKS: Desk[] = [
  { key: "home", label: "工作台", icon: "home", path: "/", needs: [] },
  { key: "proposals", label: "提案", icon: "proposal", path: "/proposals", needs: [...REVIEWS, "proposal.inspect"] },
  { key: "unit", label: "承办", icon: "pen", path: "/work", needs: ["proposal.handle"] },
  { key: "supervision", label: "督办", icon: "star", path: "/supervision", needs: ["proposal.inspect"], unless: REVIEWS },
  { key: "comments", label: "批示", icon: "voice", path: "/comments", needs: ["opinion.comment"], unless: ["opinion.edit"] },
];

/** Whether somebody has work at a desk: who is a member alone has it on the phone. */
export function isStaff(me: Me): boolean {
  return me.roles.some(({ role }) => STAFF.includes(role));
}

/** The desks that somebody may open. */
export function desksOf(me: Me): Desk[] {
  return DESKS.filter(({ needs, unless = [] }) => {
    const may = (permission: string) => me.permissions.includes(permission);
    return (!needs.length || needs.some(may)) && !unless.some(may);
  });
}
