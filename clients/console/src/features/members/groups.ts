/** What the roster stands on: sectors, committees, terms, and units that handle proposals. */
import { api } from "@lvyi/api";
import { days } from "@lvyi/shared";
import { changed, type Field, type Values } from "~/forms/fields";

export type GroupKind = "sectors" | "committees" | "terms" | "units";

/** A row of any of them, in words. */
export interface GroupRow {
  id: number;
  name: string;
  note: string;
  /** What its form begins with. */
  values: Values;
  /** The members that are in it. */
  members?: string;
}

const POSITION: Field = { key: "position", label: "排在第几", kind: "number" };
const NAME: Field = { key: "name", label: "名称", needed: true, maxLength: 60 };
const UNIT_KINDS = [
  { value: "government", label: "政府部门" },
  { value: "party", label: "党委部门" },
  { value: "court", label: "法院、检察院" },
  { value: "enterprise", label: "企业事业单位" },
  { value: "other", label: "其他" },
];
const FIRST: Field = { key: "starts_on", label: "第一天", kind: "date", needed: true };
const LAST: Field = { key: "ends_on", label: "最后一天", kind: "date", needed: true };

export const GROUPS: Record<GroupKind, { label: string; add: Field[]; edit: Field[]; empty: string }> = {
  sectors: { label: "界别", add: [NAME, POSITION], edit: [NAME, POSITION], empty: "还没有界别。导入名册时可以一并建立。" },
  committees: { label: "专委会", add: [NAME, POSITION], edit: [NAME, POSITION], empty: "还没有专委会。导入名册时可以一并建立。" },
  terms: {
    label: "届",
    add: [{ key: "ordinal", label: "第几届", kind: "number", needed: true }, FIRST, LAST],
    edit: [NAME, FIRST, LAST],
    empty: "还没有届。",
  },
  units: {
    label: "承办单位",
    add: [NAME, { key: "kind", label: "类别", kind: "choice", choices: UNIT_KINDS, needed: true }],
    edit: [NAME, { key: "kind", label: "类别", kind: "choice", choices: UNIT_KINDS, needed: true }],
    empty: "还没有承办单位。可以在“导入”里整份导入。",
  },
};

export async function rowsOf(kind: GroupKind, signal: AbortSignal): Promise<GroupRow[]> {
  if (kind === "terms") {
    const { data } = await api.GET("/api/v1/terms", { signal });
    return data.map(({ id, name, starts_on, ends_on, current }) => ({ id, name, note: `${days(starts_on, ends_on)}${current ? "，本届" : ""}`, values: { name, starts_on, ends_on }, members: `term_id=${id}` }));
  }
  if (kind === "units") {
    const { data } = await api.GET("/api/v1/units", { signal });
    return data.map(({ id, name, kind_label, kind: sort }) => ({ id, name, note: kind_label, values: { name, kind: sort } }));
  }
  const { data } = await api.GET(`/api/v1/${kind}`, { signal });
  const key = kind === "sectors" ? "sector_id" : "committee_id";
  return data.map(({ id, name, position, seat_count }) => ({ id, name, note: `${seat_count} 人`, values: { name, position }, members: `${key}=${id}` }));
}

export async function edit(kind: GroupKind, id: number, before: Values, after: Values): Promise<void> {
  const body = changed(before, after);
  if (kind === "sectors") await api.PATCH("/api/v1/sectors/{sector_id}", { params: { path: { sector_id: id } }, body });
  else if (kind === "committees") await api.PATCH("/api/v1/committees/{committee_id}", { params: { path: { committee_id: id } }, body });
  else if (kind === "terms") await api.PATCH("/api/v1/terms/{term_id}", { params: { path: { term_id: id } }, body });
  else await api.PATCH("/api/v1/units/{unit_id}", { params: { path: { unit_id: id } }, body });
}
