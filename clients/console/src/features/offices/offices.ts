/** Offices of the secretariat: what each may do. */
import type { Schemas } from "@lvyi/api";
import type { Field, Values } from "~/forms/fields";
import type { Column } from "~/list/columns";
import { targets } from "../accounts/accounts";

export type Office = Schemas["OfficeOut"];

const AREAS: [Schemas["Area"], string][] = [
  ["proposals", "提案交办和办理"],
  ["first_review", "提案初审"],
  ["joint_review", "提案会审"],
  ["final_review", "提案复审"],
  ["information", "社情民意信息"],
  ["liaison", "委员联络和履职管理"],
  ["committees", "专委会工作"],
  ["general", "会议和综合事务"],
  ["chief", "全面工作"],
];

export const officeFields: Field[] = [
  { key: "name", label: "名称", needed: true, maxLength: 40 },
  { key: "committee_id", label: "只为一个专委会办事时，是哪一个", kind: "seek", find: (q) => targets("committees", q), hint: "这时职责只能是“专委会工作”。" },
  { key: "areas", label: "职责", kind: "choices", choices: AREAS.map(([value, label]) => ({ value, label })), needed: true },
];

export const bodyOf = ({ name, areas, committee_id }: Values): Schemas["OfficeIn"] => ({ name, areas, committee_id: committee_id ?? null });

export const COLUMNS: Column<Office>[] = [
  { key: "name", label: "科室", width: 180, text: ({ name }) => name },
  { key: "areas", label: "职责", width: 260, grows: true, text: ({ areas }) => areas.map(({ area_label }) => area_label).join("、") },
  { key: "committee", label: "专委会", width: 150, text: ({ committee }) => committee?.name ?? "" },
  { key: "staff", label: "人数", width: 60, isNumber: true, text: ({ staff }) => String(staff.length) },
  { key: "state", label: "状态", width: 80, text: ({ closed_at }) => (closed_at ? "已撤销" : "") },
];
