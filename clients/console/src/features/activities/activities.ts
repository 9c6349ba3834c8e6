/** Activities at the desk: what is read of them, and what the staff does with them. */
import { useQuery } from "@tanstack/vue-query";
import { api, type Schemas } from "@lvyi/api";
import { moment, queryClient } from "@lvyi/shared";
import { computed, type Ref } from "vue";
import { recount } from "~/frame/counts";
import { choicesOf, useCodes } from "~/list/codes";
import { type Column, MOMENT } from "~/list/columns";
import type { FilterField } from "~/list/filters";

export type Activity = Schemas["ActivityOut"];
/** One activity, with its agenda and papers. */
export type ActivityDetail = Schemas["ActivityDetail"];
export type ActivityIn = Schemas["ActivityIn"];
export type Attendance = Schemas["AttendanceOut"];
export type Mark = Schemas["Marking"]["state"];

/** The marks of a roll call, each with its key. */
export const MARKS: { state: Mark; label: string; key: string; tone: "done" | "info" | "warn" | "plain" }[] = [
  { state: "attended", label: "出席", key: "1", tone: "done" },
  { state: "excused", label: "请假", key: "2", tone: "info" },
  { state: "absent", label: "缺席", key: "3", tone: "warn" },
  { state: "invited", label: "待参加", key: "0", tone: "plain" },
];

export const COLUMNS: Column<Activity>[] = [
  { key: "title", label: "活动", width: 300, grows: true, text: ({ title }) => title },
  { key: "starts_at", label: "时间", width: MOMENT, text: ({ starts_at }) => moment(starts_at) },
  { key: "kind", label: "类型", width: 96, text: ({ kind_label }) => kind_label },
  { key: "came", label: "出席/应到", width: 90, isNumber: true, text: ({ counts }) => (counts ? `${counts.attended}/${total(counts)}` : "") },
  { key: "place", label: "地点", width: 140, isExtra: true, text: ({ place }) => place },
  { key: "venue", label: "议事场所", width: 160, isExtra: true, text: ({ venue }) => venue ?? "" },
  { key: "half_days", label: "半天", width: 60, isNumber: true, isExtra: true, text: ({ half_days }) => String(half_days) },
];

/** The filters of the list. */
export function useFields() {
  const { data: codes } = useCodes();
  return computed<FilterField[]>(() => [
    { key: "when", label: "时间", choices: [{ value: "upcoming", label: "将举行" }, { value: "past", label: "已结束" }, { value: "held", label: "已举行，不含取消" }, { value: "all", label: "全部" }] },
    { key: "kind", label: "类型", choices: choicesOf(codes.value?.activity_kinds) },
    { key: "waits_for", label: "等待", choices: [{ value: "closing", label: "待确认出席" }] },
    { key: "venue_id", label: "议事场所", choices: [] },
    { key: "year", label: "年度", choices: [] },
  ]);
}

/** How many were asked to come. */
export const total = ({ invited = 0, attended = 0, excused = 0, absent = 0 }: Schemas["Counts"]) => invited + attended + excused + absent;

/** What the staff does with an activity, in the order in which it comes. */
export const VERBS = { mark: "点名", close: "确认出席", edit: "修改", cancel: "取消活动" } as const;
export type Verb = keyof typeof VERBS;

export function useActivity(id: Ref<number>) {
  return useQuery({
    queryKey: computed(() => ["activities", "one", id.value]),
    queryFn: async ({ signal }) => (await api.GET("/api/v1/activities/{activity_id}", { params: { path: { activity_id: id.value } }, signal })).data,
    enabled: computed(() => id.value > 0),
  });
}

/** Everybody who was asked to come, in the order of the roster. */
export async function allAttendance(id: number, signal?: AbortSignal): Promise<Attendance[]> {
  const found: Attendance[] = [];
  let cursor: string | undefined;
  do {
    const params = { path: { activity_id: id }, query: { limit: 100, cursor } };
    const { data } = await api.GET("/api/v1/activities/{activity_id}/attendance", { params, signal });
    found.push(...data.items);
    cursor = data.next ?? undefined;
  } while (cursor);
  return found;
}

export const attendanceKey = (id: number) => ["activities", "attendance", id];

export function useAttendance(id: Ref<number>) {
  return useQuery({ queryKey: computed(() => attendanceKey(id.value)), queryFn: ({ signal }) => allAttendance(id.value, signal) });
}

export function refreshActivities(): void {
  void queryClient.invalidateQueries({ queryKey: ["activities"] });
  recount();
}

const at = (id: number) => ({ params: { path: { activity_id: id } } });
function done({ data }: { data: ActivityDetail }): ActivityDetail {
  queryClient.setQueryData(["activities", "one", data.id], data);
  refreshActivities();
  return data;
}

export const create = async (body: ActivityIn, key: string) => done(await api.POST("/api/v1/activities", { body, params: { header: { "idempotency-key": key } } }));
export async function change(id: number, version: number, body: Schemas["ActivityPatch"]): Promise<ActivityDetail> {
  const params = { path: { activity_id: id }, header: { "if-match": `"${version}"` } };
  return done(await api.PATCH("/api/v1/activities/{activity_id}", { params, body }));
}
export const close = async (id: number) => done(await api.PUT("/api/v1/activities/{activity_id}/closing", at(id)));
export const cancel = async (id: number, reason: string) => done(await api.PUT("/api/v1/activities/{activity_id}/cancellation", { ...at(id), body: { reason } }));

/** Marks some; the list shows it before the answer comes. */
export async function mark(id: number, seat_ids: number[], state: Mark, reason?: string): Promise<void> {
  const label = MARKS.find((one) => one.state === state)!.label;
  queryClient.setQueryData<Attendance[]>(attendanceKey(id), (rows) =>
    rows?.map((row) => (seat_ids.includes(row.seat_id) ? { ...row, state, state_label: label, reason: reason ?? null } : row)),
  );
  try {
    const { data } = await api.PUT("/api/v1/activities/{activity_id}/attendance", { ...at(id), body: { seat_ids, state, reason } });
    queryClient.setQueryData(["activities", "one", id], data);
  } catch (error) {
    refreshActivities();
    throw error;
  }
}
