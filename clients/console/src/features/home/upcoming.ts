/** What the next days hold: deadlines, activities and the ends of topics, by day. */
import { useQuery } from "@tanstack/vue-query";
import { api } from "@lvyi/api";
import { clock, useSession } from "@lvyi/shared";

export interface Entry {
  key: string;
  /** A local day: 2026-12-03. */
  day: string;
  time?: string;
  kind: string;
  text: string;
  path: string;
}

/** How many days ahead are shown. */
export const AHEAD = 14;

const dayOf = (iso: string) => new Intl.DateTimeFormat("sv-SE").format(new Date(iso));

export function useUpcoming() {
  const { may } = useSession();
  return useQuery({ queryKey: ["home", "upcoming"], queryFn: async () => (await Promise.all([deadlines(), activities(), topics()])).flat().sort(byTime) });

  async function deadlines(): Promise<Entry[]> {
    if (!may("proposal.review") && !may("proposal.handle")) return [];
    const { data } = await api.GET("/api/v1/proposal-deadlines", { params: { query: { state: "open", limit: 50 } } });
    return data.items.map((one) => {
      const text = `${one.unit_name ? `${one.unit_name}：` : ""}${one.number ? `第 ${one.number} 号 ` : ""}${one.title}`;
      return { key: `deadline-${one.id}`, day: one.due_on, kind: one.kind_label, text, path: `/api/v1/proposals/${one.proposal_id}` };
    });
  }

  async function activities(): Promise<Entry[]> {
    if (!may("activity.read")) return [];
    const { data } = await api.GET("/api/v1/activities", { params: { query: { when: "upcoming", limit: 20 } } });
    return data.items.map(({ id, starts_at, title }) => ({
      ...{ key: `activity-${id}`, day: dayOf(starts_at), time: clock(starts_at) },
      ...{ kind: "活动", text: title, path: `/api/v1/activities/${id}` },
    }));
  }

  async function topics(): Promise<Entry[]> {
    if (!may("circle.read")) return [];
    const { data } = await api.GET("/api/v1/topics", { params: { query: { which: "open", limit: 20 } } });
    return data.items.map(({ id, closes_at, title }) => ({
      ...{ key: `topic-${id}`, day: dayOf(closes_at), time: clock(closes_at) },
      ...{ kind: "议题结束", text: title, path: `/api/v1/topics/${id}` },
    }));
  }
}

function byTime(one: Entry, other: Entry): number {
  return (one.day + (one.time ?? "")).localeCompare(other.day + (other.time ?? ""));
}
