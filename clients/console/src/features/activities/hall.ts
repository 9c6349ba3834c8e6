/** The seating of an activity: filled by a rule, changed by clicking two chairs. */
import { useQuery } from "@tanstack/vue-query";
import { api, Problem, type Schemas } from "@lvyi/api";
import { queryClient } from "@lvyi/shared";
import { computed, type Ref } from "vue";

export type Hall = Schemas["HallOut"];
export type Guest = Hall["guests"][number];
export type Chair = Schemas["HallPlaceOut"];

export const ORDERS: Record<Hall["order"], string> = { strokes: "界别、姓氏笔画", roster: "界别、名册次序" };

const keyOf = (id: number) => ["activities", "hall", id];
const at = (id: number) => ({ params: { path: { activity_id: id } } });

/** Null while there is no seating. */
export function useHall(id: Ref<number>) {
  return useQuery({
    queryKey: computed(() => keyOf(id.value)),
    queryFn: async ({ signal }): Promise<Hall | null> => {
      try {
        return (await api.GET("/api/v1/activities/{activity_id}/hall", { ...at(id.value), signal })).data;
      } catch (error) {
        if (error instanceof Problem && error.code === "no_hall") return null;
        throw error;
      }
    },
  });
}

function keep(id: number, { data }: { data: Hall }): Hall {
  queryClient.setQueryData(keyOf(id), data);
  return data;
}

/** A change over a version of the seating; after a colleague's, theirs is shown and the sentence says so. */
async function over<T>(id: number, change: () => Promise<T>): Promise<T> {
  try {
    return await change();
  } catch (error) {
    if (error instanceof Problem && error.status === 412) queryClient.setQueryData(keyOf(id), error.current as Hall | null);
    throw error;
  }
}
const seen = (version: number) => ({ "if-match": `"${version}"` });

/** `version` is of the seating that the numbers began from; 0: there was none. */
export function fill(id: number, version: number, body: Schemas["HallIn"]): Promise<Hall> {
  const params = { path: { activity_id: id }, header: seen(version) };
  return over(id, async () => keep(id, await api.PUT("/api/v1/activities/{activity_id}/hall", { params, body })));
}

export function move(id: number, version: number, seatId: number, body: Chair): Promise<Hall> {
  const params = { path: { activity_id: id, seat_id: seatId }, header: seen(version) };
  return over(id, async () => keep(id, await api.PUT("/api/v1/activities/{activity_id}/hall/{seat_id}", { params, body })));
}

export async function drop(id: number, version: number): Promise<void> {
  const params = { path: { activity_id: id }, header: seen(version) };
  await over(id, () => api.DELETE("/api/v1/activities/{activity_id}/hall", { params }));
  queryClient.setQueryData(keyOf(id), null);
}

/** The numbers of a form of the hall. */
export const numbersOf = ({ rows, columns, front_rows, order, aisles }: Pick<Hall, "rows" | "columns" | "front_rows" | "order" | "aisles">) =>
  ({ rows, columns, front_rows, order, aisles: aisles.join("、") });

/** The chairs of a hall row by row, each with who sits there. */
export function chairsOf({ rows, columns, guests }: Pick<Hall, "rows" | "columns" | "guests">): { row: number; chairs: (Chair & { guest?: Guest })[] }[] {
  const seated = new Map(guests.map((guest) => [`${guest.row} ${guest.chair}`, guest]));
  const from1 = (count: number) => Array.from({ length: count }, (_, i) => i + 1);
  return from1(rows).map((row) => ({ row, chairs: from1(columns).map((chair) => ({ row, chair, guest: seated.get(`${row} ${chair}`) })) }));
}

/** The chairs after which there is a way, as they are typed: “5、15”. */
export const aislesIn = (text: string): number[] => (text.match(/\d+/g) ?? []).map(Number);
