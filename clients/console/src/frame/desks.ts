/** The desks of the menu under their headings: who sees which, by permissions of the API. */
import type { Schemas } from "@lvyi/api";
import { WORKPLACES } from "@lvyi/shared";
import type { IconName } from "@lvyi/shared/ui";

type Me = Schemas["MeOut"];

/** The headings of the menu, in their order; each is the business of one section of an office. */
const GROUPS = ["待办", "提案", "社情民意", "履职活动", "委员", "通报与纪念卡", "系统"] as const;
type Group = (typeof GROUPS)[number];

export interface Desk {
  /** As `desk` of the API's counts. */
  key: string;
  label: string;
  /** The heading that it stands under. */
  group: Group;
  icon: IconName;
  path: string;
  /** Any of these permissions opens it; none: every member of staff. */
  needs: string[];
  /** Who has one of these does it at another desk. */
  unless?: string[];
}

const REVIEWS = ["proposal.review", "proposal.first_review", "proposal.joint_review", "proposal.final_review"];

export const DESKS: Desk[] = [
  { key: "home", label: "工作台", group: "待办", icon: "home", path: "/", needs: [] },
  { key: "proposals", label: "提案", group: "提案", icon: "proposal", path: "/proposals", needs: [...REVIEWS, "proposal.inspect"] },
  { key: "unit", label: "承办", group: "提案", icon: "pen", path: "/work", needs: ["proposal.handle"] },
  { key: "supervision", label: "督办", group: "提案", icon: "star", path: "/supervision", needs: ["proposal.inspect"], unless: REVIEWS },
  { key: "overview", label: "驾驶舱", group: "提案", icon: "eye", path: "/overview", needs: ["proposal.inspect"] },
  { key: "comments", label: "批示", group: "社情民意", icon: "voice", path: "/comments", needs: ["opinion.comment"], unless: ["opinion.edit"] },
  { key: "opinions", label: "社情民意", group: "社情民意", icon: "voice", path: "/opinions", needs: ["opinion.edit", "opinion.comment"] },
  { key: "leads", label: "线索", group: "社情民意", icon: "link", path: "/leads", needs: ["opinion.edit"] },
  { key: "cases", label: "履职呼叫", group: "履职活动", icon: "talk", path: "/cases", needs: ["case.manage", "case.answer"] },
  { key: "findings", label: "意见建议", group: "履职活动", icon: "voice", path: "/findings", needs: ["finding.manage", "finding.answer"] },
  { key: "outputs", label: "成果件", group: "履职活动", icon: "proposal", path: "/outputs", needs: ["output.manage"] },
  { key: "topics", label: "网络议政", group: "履职活动", icon: "talk", path: "/topics", needs: ["topic.manage"] },
  { key: "activities", label: "会议活动", group: "履职活动", icon: "calendar", path: "/activities", needs: ["activity.manage"] },
  { key: "matters", label: "协商议题", group: "履职活动", icon: "talk", path: "/matters", needs: ["matter.manage"] },
  { key: "speeches", label: "大会发言", group: "履职活动", icon: "voice", path: "/speeches", needs: ["speech.manage"] },
  { key: "venues", label: "议事场所", group: "履职活动", icon: "place", path: "/venues", needs: ["venue.manage"] },
  { key: "reading", label: "委员读书", group: "履职活动", icon: "book", path: "/reading", needs: ["reading.manage"] },
  { key: "library", label: "资料库", group: "履职活动", icon: "archive", path: "/library", needs: ["library.read"] },
  { key: "heat", label: "热力榜", group: "履职活动", icon: "board", path: "/heat", needs: ["ruleset.manage", "proposal.inspect"] },
  { key: "members", label: "委员", group: "委员", icon: "people", path: "/members", needs: ["people.manage"] },
  { key: "contacts", label: "联系走访", group: "委员", icon: "phone", path: "/contacts", needs: ["contact.manage"] },
  { key: "projects", label: "办实事", group: "委员", icon: "people", path: "/projects", needs: ["project.manage"] },
  { key: "claims", label: "申报申诉", group: "委员", icon: "check", path: "/claims", needs: ["duty.record"] },
  { key: "privacy", label: "个人信息", group: "委员", icon: "lock", path: "/privacy", needs: ["people.manage"] },
  { key: "imports", label: "导入", group: "委员", icon: "outbox", path: "/imports", needs: ["people.manage", "activity.manage", "duty.record"] },
  { key: "points", label: "积分办法", group: "委员", icon: "star", path: "/rulesets", needs: ["ruleset.manage"] },
  { key: "bulletins", label: "年度通报", group: "通报与纪念卡", icon: "board", path: "/bulletins", needs: ["bulletin.manage"] },
  { key: "cards", label: "履职卡", group: "通报与纪念卡", icon: "card", path: "/cards", needs: ["card.issue"] },
  { key: "accounts", label: "账号", group: "系统", icon: "person", path: "/accounts", needs: ["account.read"] },
  { key: "offices", label: "科室", group: "系统", icon: "board", path: "/offices", needs: ["account.read"] },
  { key: "organizations", label: "组织", group: "系统", icon: "place", path: "/organizations", needs: ["settings.manage"] },
  { key: "holidays", label: "工作日", group: "系统", icon: "calendar", path: "/holidays", needs: ["workday.manage"] },
  { key: "settings", label: "设置", group: "系统", icon: "gear", path: "/settings", needs: ["settings.manage", "role.grant", "audit.read"] },
  { key: "audit", label: "审计", group: "系统", icon: "eye", path: "/audit", needs: ["audit.read"] },
  { key: "setup", label: "建届引导", group: "系统", icon: "check", path: "/setup", needs: ["settings.read"] },
  { key: "operation", label: "系统运行", group: "系统", icon: "clock", path: "/operation", needs: ["settings.manage"] },
];

/** Whether somebody has work at a desk: who is a member alone has it on the phone. */
export function isStaff(me: Me): boolean {
  return me.roles.some(({ role }) => ["desk", "both"].includes(WORKPLACES[role]));
}

/** What the tab of the browser says: the desk of a path, among many open ones. */
export function titleOf(path: string): string {
  const desk = DESKS.filter((one) => path === one.path || path.startsWith(`${one.path}/`)).pop();
  return `${desk?.label ?? "工作台"} · 履易`;
}

/** The desks that somebody may open. */
export function desksOf(me: Me): Desk[] {
  return DESKS.filter(({ needs, unless = [] }) => {
    const may = (permission: string) => me.permissions.includes(permission);
    return (!needs.length || needs.some(may)) && !unless.some(may);
  });
}

/** The desks that somebody may open under their headings; headings with none are left out. */
export function groupsOf(me: Me): { label: Group; desks: Desk[] }[] {
  const desks = desksOf(me);
  return GROUPS.map((label) => ({ label, desks: desks.filter(({ group }) => group === label) })).filter((one) => one.desks.length);
}
