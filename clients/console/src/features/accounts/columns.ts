/** The columns and filters of the list of accounts. */
import { day } from "@lvyi/shared";
import { computed } from "vue";
import { type Column, DAY } from "~/list/columns";
import type { FilterField } from "~/list/filters";
import { stateOfAccount, type Account } from "./accounts";
import { useRoles } from "./roles";

const YES_NO = (yes: string, no: string) => [
  { value: "true", label: yes },
  { value: "false", label: no },
];

export const COLUMNS: Column<Account>[] = [
  { key: "name", label: "姓名", width: 110, text: ({ name }) => name },
  { key: "state", label: "状态", width: 110, text: stateOfAccount },
  { key: "roles", label: "角色", width: 220, grows: true, text: ({ roles }) => roles.map(({ role_label }) => role_label).join("、") || "还没有角色" },
  { key: "phone", label: "手机号", width: 120, text: ({ phone }) => phone },
  { key: "factor", label: "动态验证码", width: 96, text: ({ second_factor }) => (second_factor ? "已启用" : "") },
  { key: "created_at", label: "开立", width: DAY, isExtra: true, text: ({ created_at }) => day(created_at) },
];

/** The filters of the list. */
export function useFields() {
  const roles = useRoles();
  return computed<FilterField[]>(() => [
    { key: "role", label: "角色", choices: roles.value },
    { key: "locked", label: "锁定", choices: YES_NO("已锁定", "未锁定") },
    { key: "disabled", label: "关闭", choices: YES_NO("已关闭", "在用") },
  ]);
}
