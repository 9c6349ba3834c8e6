/** Leads: handed in by citizens without login, and by those who have an account. */
import { api, post, type Schemas } from "@lvyi/api";
import { setStored, getStored, queryClient, repeatable, usePages } from "@lvyi/shared";
import { useQuery } from "@tanstack/vue-query";

export type Lead = Schemas["LeadOut"];
export type LeadState = Schemas["LeadStateOut"];
export type PublicLead = Schemas["PublicLeadIn"];
export type Receipt = Schemas["ReceiptOut"];

/** How many receipts this phone remembers. */
const MOST = 5;

/** The organizations that take leads; a citizen chooses among few. */
export function usePlaces() {
  return useQuery({
    queryKey: ["leads", "places"],
    queryFn: async () => (await api.GET("/api/v1/leads/organizations", { params: { query: { limit: 100 } } })).data.items,
  });
}

/** Posts to one path; asked again after a lost answer it is still the same post. */
function poster<T>(path: string) {
  return repeatable((key, body: unknown) => post(path, body, key) as Promise<T>);
}

/** Hands in a lead without login and keeps the code of its receipt on this phone. */
export function usePublicLead() {
  const send = poster<Receipt>("/api/v1/leads");
  return async (lead: PublicLead): Promise<Receipt> => {
    const receipt = await send(lead);
    setStored("receipts", JSON.stringify([receipt.code, ...receipts()].slice(0, MOST)));
    return receipt;
  };
}

/** The codes of what was handed in with this phone, newest first. */
export function receipts(): string[] {
  try {
    return JSON.parse(getStored("receipts") ?? "[]") as string[];
  } catch {
    return [];
  }
}

export async function lookUp(code: string): Promise<LeadState> {
  return (await api.POST("/api/v1/leads/status", { body: { code } })).data;
}

export function useLeads() {
  return usePages(["leads", "list"], async (cursor, signal) => {
    return (await api.GET("/api/v1/leads", { params: { query: { scope: "mine", cursor } }, signal })).data;
  });
}

/** Hands in a lead with my account. */
export function useOwnLead() {
  const send = poster<Lead>("/api/v1/leads/own");
  return async (body: string): Promise<void> => {
    await send({ body });
    await queryClient.invalidateQueries({ queryKey: ["leads", "list"] });
  };
}
