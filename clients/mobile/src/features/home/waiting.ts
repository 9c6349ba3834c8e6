/** What waits for me: the few things that only I can do, most pressing first. */
import { api, type Schemas } from "@lvyi/api";
import { clock, day, queryClient, routeOf, useLive, useSession } from "@lvyi/shared";
import { useQuery } from "@tanstack/vue-query";
import { computed, type ComputedRef, type Ref } from "vue";
import type { IconName } from "@lvyi/shared/ui";
import { isToday } from "@/features/topics/topics";

export interface Waiting {
  key: string;
  icon: IconName;
  title: string;
  note: string;
  to: string;
}

const MOST = 3;

const RETURNED = "proposal.return_for_revision";
/** Notifications that ask for something, by kind. */
const ASKING: Record<string, { icon: IconName; note: string }> = {
  [RETURNED]: { icon: "pen", note: "退回修改，看看原因" },
  "proposal.to_confirm": { icon: "proposal", note: "请您确认后提交" },
  "proposal.hand_back": { icon: "pen", note: "负责人退回修改，看看意见" },
  "proposal.supervise": { icon: "proposal", note: "请您督办" },
  "opinion.return": { icon: "pen", note: "退回修改，看看原因" },
  "reply.mentioned": { icon: "reply", note: "等您回应" },
};

/** Whether a member is asked to sign in: one who is excused may, but need not come. */
export function isAwaited({ may, my_state }: Pick<Schemas["ActivityOut"], "may" | "my_state">): boolean {
  return may.includes("sign_in") && my_state === "invited";
}

/** `isAsked` until the first answer: what is drawn below before it would jump down. */
export function useWaiting(): { waiting: ComputedRef<Waiting[]>; isAsked: Ref<boolean> } {
  const { me } = useSession();
  const waitsFor = () => Boolean(me.value?.seat || me.value?.roles.some(({ role }) => role === "leader"));
  const { data, isLoading: isAsked } = useQuery({ queryKey: ["waiting"], queryFn: collect, enabled: waitsFor });
  const renew = () => void queryClient.invalidateQueries({ queryKey: ["waiting"] });
  useLive({
    "notification.added": renew,
    "topics/topic.published": renew,
    "topics/topic.closed": renew,
    "activities/activity.changed": renew,
    reset: renew,
  });
  return { waiting: computed(() => data.value ?? []), isAsked };
}

async function collect(): Promise<Waiting[]> {
  const upcoming = { params: { query: { mine: true, when: "upcoming" as const, limit: 10 } } };
  const [activities, topics, answered, cosigned, notifications] = await Promise.all([
    api.GET("/api/v1/activities", upcoming),
    api.GET("/api/v1/topics", { params: { query: { limit: 10 } } }),
    api.GET("/api/v1/proposals", { params: { query: { scope: "to_rate" as const, limit: MOST } } }),
    api.GET("/api/v1/proposals", { params: { query: { scope: "cosigned" as const, limit: 20 } } }),
    api.GET("/api/v1/notifications", { params: { query: { limit: 20 } } }),
  ]);
  const signIns = activities.data.items
    .filter(isAwaited)
    .map(({ id, title, place, starts_at }): Waiting => {
      const note = `${clock(starts_at)} · ${place || "地点待定"}`;
      return { key: `activity ${id}`, icon: "scan", title: `签到：${title}`, note, to: `/activities/${id}/sign-in` };
    });
  const closing = topics.data.items
    .filter(({ may, joined, closes_at }) => may.includes("reply") && !joined && isToday(closes_at))
    .map(({ id, title, closes_at }): Waiting => {
      return { key: `topic ${id}`, icon: "talk", title, note: `今天 ${clock(closes_at)} 截止，等您发言`, to: `/topics/${id}` };
    });
  const toRate = answered.data.items.map(({ id, title, state }): Waiting => {
    const note = state === "replied" ? "已经答复，请您评价" : "承诺有了结果，请您再次评价";
    return { key: `rating ${id}`, icon: "star", title, note, to: `/proposals/${id}` };
  });
  const invited = cosigned.data.items
    .filter(({ my_signature, state }) => my_signature === "invited" && (state === "draft" || state === "returned"))
    .sort((one, other) => (one.answer_by ?? "").localeCompare(other.answer_by ?? ""))
    .map(({ id, title, author_name, answer_by }): Waiting => {
      const until = answer_by ? `，请在 ${day(answer_by)}前答复` : "";
      return { key: `invitation ${id}`, icon: "proposal", title, note: `${author_name}邀请您联名${until}`, to: `/proposals/${id}` };
    });
  const changed = cosigned.data.items
    .filter(({ my_signature }) => my_signature === "unconfirmed")
    .map(({ id, title, author_name }): Waiting => {
      const note = `${author_name}改了文稿，请您再次确认联名`;
      return { key: `signature ${id}`, icon: "proposal", title, note, to: `/proposals/${id}/confirm` };
    });
  const unread = notifications.data.items.filter(({ kind, read_at }) => ASKING[kind] && !read_at);
  const toRevise = unread.some(({ kind }) => kind === RETURNED) ? await returned() : [];
  const asking = unread.flatMap(({ id, kind, title, path }): Waiting[] => {
    const to = routeOf(path);
    return to && (kind !== RETURNED || toRevise.includes(path)) ? [{ key: `note ${id}`, title, to, ...ASKING[kind]! }] : [];
  });
  return [...signIns, ...closing, ...toRate, ...changed, ...invited, ...asking].slice(0, MOST);
}

/** The API paths of my proposals that wait to be revised: one that was handed in again asks for nothing. */
async function returned(): Promise<(string | null)[]> {
  const query = { scope: "mine", state: "returned", limit: 20 } as const;
  const { data } = await api.GET("/api/v1/proposals", { params: { query } });
  return data.items.map(({ id }) => `/api/v1/proposals/${id}`);
}
