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
  /** The queues that it shows, where several desks of the menu share one of the API. */
  queues?: string[];
}

const STAFF = ["secretariat", "unit_officer", "leader", "system_admin", "security_admin", "auditor"];
const REVIEWS = ["proposal.review", "proposal.first_review", "proposal.joint_review", "proposal.final_review"];

export const DESKS: Desk[] = [
  { key: "home", label: "工作台", icon: "home", path: "/", needs: [] },
  { key: "proposals", label: "提案", icon: "proposal", path: "/proposals", needs: [...REVIEWS, "proposal.inspect"] },
  { key: "unit", label: "承办", icon: "pen", path: "/work", needs: ["proposal.handle"] },
  { key: "supervision", label: "督办", icon: "star", path: "/supervision", needs: ["proposal.inspect"], unless: REVIEWS },
  { key: "comments", label: "批示", icon: "voice", path: "/comments", needs: ["opinion.comment"], unless: ["opinion.edit"] },
  { key: "opinions", label: "社情民意", icon: "voice", path: "/opinions", needs: ["opinion.edit", "opinion.comment"], queues: ["opinions_submitted", "opinions_in_editing"] },
  { key: "leads", label: "线索", icon: "link", path: "/leads", needs: ["opinion.edit"], queues: ["leads_received"] },
  { key: "topics", label: "网络议政", icon: "talk", path: "/topics", needs: ["topic.manage"] },
  { key: "activities", label: "会议活动", icon: "calendar", path: "/activities", needs: ["activity.manage"] },
  { key: "heat", label: "热力榜", icon: "board", path: "/heat", needs: ["ruleset.manage", "proposal.inspect"] },
  { key: "overview", label: "驾驶舱", icon: "eye", path: "/overview", needs: ["proposal.inspect"] },
  { key: "reading", label: "委员读书", icon: "book", path: "/reading", needs: ["reading.manage"] },
  { key: "members", label: "委员", icon: "people", path: "/members", needs: ["people.manage"] },
  { key: "claims", label: "申报申诉", icon: "check", path: "/claims", needs: ["duty.record"], queues: ["claims_waiting", "appeals_waiting"] },
  { key: "privacy", label: "个人信息", icon: "lock", path: "/privacy", needs: ["people.manage"], queues: ["privacy_submitted", "privacy_accepted"] },
  { key: "points", label: "积分办法", icon: "star", path: "/rulesets", needs: ["ruleset.manage"] },
  { key: "cards", label: "履职卡", icon: "card", path: "/cards", needs: ["card.issue"] },
  { key: "bulletins", label: "年度通报", icon: "board", path: "/bulletins", needs: ["bulletin.manage"] },
  { key: "library", label: "资料库", icon: "archive", path: "/library", needs: ["library.read"] },
  { key: "imports", label: "导入", icon: "outbox", path: "/imports", needs: ["people.manage", "activity.manage", "duty.record"] },
  { key: "holidays", label: "工作日", icon: "calendar", path: "/holidays", needs: ["workday.manage"] },
  { key: "accounts", label: "账号", icon: "person", path: "/accounts", needs: ["account.read"] },
  { key: "offices", label: "科室", icon: "board", path: "/offices", needs: ["account.read"] },
  { key: "organizations", label: "组织", icon: "place", path: "/organizations", needs: ["settings.manage"] },
  { key: "settings", label: "设置", icon: "gear", path: "/settings", needs: ["settings.manage", "role.grant", "audit.read"] },
  { key: "audit", label: "审计", icon: "eye", path: "/audit", needs: ["audit.read"] },
  { key: "operation", label: "系统运行", icon: "clock", path: "/operation", needs: ["settings.manage"] },
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

/** The desk of the menu that shows a queue. */
export function deskOf({ key, desk }: { key: string; desk: string }): string {
  return DESKS.find(({ queues }) => queues?.includes(key))?.key ?? desk;
}
