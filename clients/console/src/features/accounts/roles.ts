/** Roles that the security administrator grants, and what each stands for. */
import type { Choice } from "~/list/filters";

export const ROLES: Choice[] = [
  { value: "secretariat", label: "机关工作人员" },
  { value: "unit_officer", label: "承办单位人员" },
  { value: "member", label: "委员" },
  { value: "leader", label: "主席会议成员" },
  { value: "information_officer", label: "信息员" },
  { value: "system_admin", label: "系统管理员" },
  { value: "security_admin", label: "安全管理员" },
  { value: "auditor", label: "审计员" },
];
