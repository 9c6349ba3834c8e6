/** Venues of consultation: where I am posted, and all others. */
import { api, type Schemas } from "@lvyi/api";
import { queryClient, usePages } from "@lvyi/shared";
import { useQuery } from "@tanstack/vue-query";

export type Venue = Schemas["VenueRow"];
export type VenueDetail = Schemas["VenueOut"];

/** Those that are not closed: where I am posted first, then down the tree. */
export function useVenues() {
  return usePages(["venues", "list"], async (cursor, signal) => (await api.GET("/api/v1/venues", { params: { query: { current: true, cursor, limit: 50 } }, signal })).data);
}

export function useVenue(id: number) {
  return useQuery({
    queryKey: ["venues", "one", id],
    queryFn: async ({ signal }) => (await api.GET("/api/v1/venues/{venue_id}", { params: { path: { venue_id: id } }, signal })).data,
  });
}

/** What is coming there of what I may see. */
export function useComing(venue_id: number) {
  return useQuery({
    queryKey: ["activities", "venue", venue_id],
    queryFn: async ({ signal }) => (await api.GET("/api/v1/activities", { params: { query: { venue_id, when: "upcoming" } }, signal })).data.items,
  });
}

export async function setHours(id: number, version: number, opening_hours: string): Promise<void> {
  const params = { path: { venue_id: id }, header: { "if-match": `"${version}"` } };
  try {
    await api.PUT("/api/v1/venues/{venue_id}/opening-hours", { params, body: { opening_hours } });
  } finally {
    await queryClient.invalidateQueries({ queryKey: ["venues"] });
  }
}
