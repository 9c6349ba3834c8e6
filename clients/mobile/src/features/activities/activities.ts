/** Meetings and activities: my invitations, leave, signing in. */
import { api, Offline, type Schemas } from "@lvyi/api";
import { clock, day, enqueue, queryClient, usePages } from "@lvyi/shared";
import { useQuery } from "@tanstack/vue-query";
import { computed, toValue, type MaybeRefOrGetter } from "vue";

export type Activity = Schemas["ActivityOut"];
export type Attendance = Schemas["AttendanceState"];

/** Upcoming ones soonest first, past ones newest first; `mine`: only those I am invited to. */
export function useActivities(filter: MaybeRefOrGetter<{ when: "upcoming" | "past"; mine: boolean }>) {
  return usePages(
    computed(() => ["activities", toValue(filter)]),
    async (cursor, signal) => {
      const query = { ...toValue(filter), cursor };
      return (await api.GET("/api/v1/activities", { params: { query }, signal })).data;
    },
  );
}

export function useActivity(id: MaybeRefOrGetter<number>) {
  return useQuery({
    queryKey: computed(() => ["activities", toValue(id)]),
    queryFn: async ({ signal }) => {
      const path = { activity_id: toValue(id) };
      return (await api.GET("/api/v1/activities/{activity_id}", { params: { path }, signal })).data;
    },
  });
}

/** Who is in a state; for staff and leaders. */
export function useAttendance(id: number, state: MaybeRefOrGetter<Attendance>) {
  return usePages(
    computed(() => ["activities", id, "attendance", toValue(state)]),
    async (cursor, signal) => {
      const params = { path: { activity_id: id }, query: { state: toValue(state), cursor } };
      const { data } = await api.GET("/api/v1/activities/{activity_id}/attendance", { params, signal });
      return { ...data, items: data.items.map((row) => ({ ...row, id: row.seat_id })) };
    },
  );
}

/** False without a connection: the code waits and is sent later. Throws a `Problem` when it is wrong or the doors are shut. */
export async function signIn(id: number, code: string): Promise<boolean> {
  const params = { path: { activity_id: id } };
  const readAt = Date.now();
  try {
    await settle((await api.PUT("/api/v1/activities/{activity_id}/sign-in", { params, body: { code } })).data);
    return true;
  } catch (error) {
    if (!(error instanceof Offline)) throw error;
    const path = `/api/v1/activities/${id}/sign-in`;
    await enqueue({ kind: "sign-in", method: "PUT", path, body: { code }, readAt, label: "会议签到", invalidates: [["activities"], ["duty"]] });
    return false;
  }
}

/** Entering the meeting online counts as being there; throws a `Problem` when it is too early or too late. */
export async function join(id: number): Promise<void> {
  const params = { path: { activity_id: id } };
  await settle((await api.PUT("/api/v1/activities/{activity_id}/joining", { params })).data);
}

export async function askLeave(id: number, reason: string): Promise<void> {
  const params = { path: { activity_id: id } };
  await settle((await api.PUT("/api/v1/activities/{activity_id}/leave", { params, body: { reason } })).data);
}

async function settle(activity: Activity): Promise<void> {
  // opened by the link of a code, the page itself may still be on its way, with how it was before
  await queryClient.cancelQueries({ queryKey: ["activities", activity.id], exact: true });
  await queryClient.invalidateQueries({ queryKey: ["activities"], refetchType: "none" });
  queryClient.setQueryData(["activities", activity.id], activity);
  await queryClient.invalidateQueries({ queryKey: ["duty"], refetchType: "none" });
}

/** The six characters in what a code in the hall says: a link to sign in, or the characters alone. */
export function codeIn(text: string): string | null {
  const code = text.match(/[?&]code=([^&#]*)/)?.[1] ?? text.trim();
  return /^[0-9A-Za-z]{6}$/.test(code) ? code.toUpperCase() : null;
}

const WEEKDAYS = "日一二三四五六";

/** When: 3月2日 周一 09:00–11:30, or from one day to another. */
export function period({ starts_at, ends_at }: Pick<Activity, "starts_at" | "ends_at">): string {
  const isOneDay = new Date(starts_at).toDateString() === new Date(ends_at).toDateString();
  return isOneDay ? `${at(starts_at)}–${clock(ends_at)}` : `${at(starts_at)} 至 ${at(ends_at)}`;
}

function at(iso: string): string {
  return `${day(iso)} 周${WEEKDAYS[new Date(iso).getDay()]} ${clock(iso)}`;
}

/** How the state of my part looks. */
export const STATE_LOOKS: Record<Attendance, string> = {
  invited: "warn",
  attended: "good",
  excused: "",
  absent: "accent",
  called_off: "",
};
