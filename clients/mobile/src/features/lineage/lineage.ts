/** Lineage (来龙去脉): the chain of a thing, what came of the replies in a thread, and beginning from a seed. */
import { api, post, type Schemas } from "@lvyi/api";
import { queryClient, routeOf, useSession } from "@lvyi/shared";
import { useQuery } from "@tanstack/vue-query";
import { computed, toValue, type MaybeRefOrGetter } from "vue";
import { useIdle } from "@/ui/idle";

export type Chain = Schemas["Chain"];
export type ThingType = NonNullable<Schemas["ChainNode"]["type"]>;
/** What a text may be begun from. */
export type Seed = Schemas["BeginIn"]["from_type"];
type Target = Schemas["BeginIn"]["to_type"];

const OUTCOMES_STAY = 60_000; // milliseconds; every reply of a thread asks for the same list

/** What something came of and what came of it. */
export function useChain(type: ThingType, id: number) {
  const { may } = useSession();
  return useQuery({
    queryKey: ["lineage", type, id],
    queryFn: async ({ signal }) => {
      return (await api.GET("/api/v1/lineage/{type}/{id}", { params: { path: { type, id } }, signal })).data;
    },
    enabled: () => may("circle.read"),
  });
}

/** How far what came of a reply has come; undefined while nothing came of it that I may see. */
export function useOutcome(reply: MaybeRefOrGetter<Pick<Schemas["ReplyOut"], "id" | "thread_id">>) {
  const { data } = useQuery({
    queryKey: computed(() => ["lineage", "thread", toValue(reply).thread_id]),
    queryFn: async ({ signal }) => {
      const path = { thread_id: toValue(reply).thread_id };
      return (await api.GET("/api/v1/lineage/threads/{thread_id}", { params: { path }, signal })).data.items;
    },
    staleTime: OUTCOMES_STAY,
    enabled: useIdle(),
  });
  return computed(() => data.value?.find(({ reply_id }) => reply_id === toValue(reply).id)?.nodes.slice(-1)[0]);
}

/** Begins a text from a seed, or goes on with the draft that I have begun from it; the page on which it is written. */
export async function beginFrom(type: Seed, id: number, target: Target, key: string): Promise<string> {
  const body = { from_type: type, from_id: id, to_type: target };
  const begun = (await post("/api/v1/lineage/begin", body, key)) as Schemas["BegunOut"];
  const changed = ["lineage", target === "proposal" ? "proposals" : "opinions"];
  for (const key of changed) void queryClient.invalidateQueries({ queryKey: [key] });
  return `${routeOf(begun.path)}/edit`;
}

/** Takes back that one thing came of another. */
export async function unlink(id: number): Promise<void> {
  await api.DELETE("/api/v1/lineage/links/{link_id}", { params: { path: { link_id: id } } });
  await queryClient.invalidateQueries({ queryKey: ["lineage"] });
}
