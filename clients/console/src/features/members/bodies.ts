/** Bodies that take part in the conference: parties, people's organizations, groups. */
import { useQuery } from "@tanstack/vue-query";
import { api, type Schemas } from "@lvyi/api";
import { day, usePages } from "@lvyi/shared";
import { computed, type Ref } from "vue";
import type { LocationQuery } from "vue-router";
import { screenOf } from "~/frame/addresses";
import type { Field } from "~/forms/fields";
import type { Column } from "~/list/columns";
import type { Choice } from "~/list/filters";
import { seekSeats, type Body } from "./members";

export type Kinds = Choice[];
export const KINDS: Kinds = [
  { value: "party", label: "民主党派" },
  { value: "commerce", label: "工商联" },
  { value: "people", label: "人民团体" },
  { value: "sector", label: "界别" },
  { value: "committee", label: "专委会" },
  { value: "activity", label: "活动小组" },
  { value: "service", label: "服务团" },
  { value: "district", label: "片区工作组" },
  { value: "research", label: "课题组" },
  { value: "group", label: "其他团体" },
];

/** What a body is; those of a sector or a committee are called as it is. */
export const bodyFields = (isNamed: boolean): Field[] => [
  ...(isNamed ? [{ key: "name", label: "名称", needed: true, maxLength: 100 }] : []),
  { key: "head_seat_id", label: "负责人", kind: "seek" as const, find: seekSeats },
  { key: "spokesperson_ids", label: "代表", kind: "seeks" as const, find: seekSeats },
  { key: "contact_name", label: "联系人", maxLength: 50 },
  { key: "contact_phone", label: "联系电话", kind: "tel" as const, maxLength: 30 },
];

export const COLUMNS: Column<Body>[] = [
  { key: "name", label: "单位", width: 220, grows: true, text: ({ name }) => name },
  { key: "kind", label: "类别", width: 90, text: ({ kind_label }) => kind_label },
  { key: "head", label: "负责人", width: 90, text: ({ head }) => head?.name ?? "" },
  { key: "members", label: "成员", width: 60, text: ({ member_count }) => String(member_count) },
  { key: "contact", label: "联系人", width: 90, text: ({ contact_name }) => contact_name ?? "" },
  { key: "phone", label: "联系电话", width: 120, text: ({ contact_phone }) => contact_phone ?? "" },
  { key: "spokespersons", label: "代表", width: 180, text: ({ spokespersons }) => spokespersons.map(({ name }) => name).join("、") },
];

export const BRAND: Field[] = [
  { key: "title", label: "品牌名称", maxLength: 40 },
  { key: "text", label: "介绍，委员都能看到", kind: "area", maxLength: 1000 },
];

/** What it did in a duty year; by default in the newest of its term. */
export function useBodyPage(id: Ref<number>, year: Ref<number | undefined>) {
  return useQuery({
    queryKey: computed(() => ["people", "bodies", id.value, "page", year.value]),
    queryFn: async ({ signal }) => (await api.GET("/api/v1/bodies/{body_id}/page", { params: { path: { body_id: id.value }, query: { year: year.value } }, signal })).data,
    placeholderData: (before) => before,
  });
}

/** What a figure of its page counts: `list` and `query` are those of the figure's path. */
export function useBodyFigure(id: number, list: "works" | "records", query: LocationQuery) {
  return usePages(["people", "bodies", id, list, query], async (cursor, signal) => {
    const params = { path: { body_id: id }, query: { ...query, cursor, limit: 100 } };
    if (list === "works") {
      const { data } = await api.GET("/api/v1/bodies/{body_id}/works", { params, signal });
      return { ...data, items: data.items.map((one) => ({ key: String(one.id), title: one.title, note: day(one.on), figure: one.part_label ?? "", to: screenOf(one.path) })) };
    }
    const { data } = await api.GET("/api/v1/bodies/{body_id}/records", { params, signal });
    const note = ({ seat, kind_label, on }: Schemas["BodyRecord"]) => `${seat.name}（${seat.sector}） · ${kind_label} · ${day(on)}`;
    return { ...data, items: data.items.map((one) => ({ key: String(one.id), title: one.title, note: note(one), figure: `${one.quantity} ${one.unit}`, to: screenOf(one.path) })) };
  });
}
