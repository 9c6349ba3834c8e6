/** Matters of citizens without login: handed in, followed and judged by the code of the receipt. */
import { api, post, type Schemas } from "@lvyi/api";
import { getStored, repeatable, setStored } from "@lvyi/shared";
import { useQuery } from "@tanstack/vue-query";

export type Receipt = Schemas["MatterReceipt"];
export type MatterStatus = Schemas["MatterStatus"];
export type Judgement = Schemas["MatterJudgementIn"]["judgement"];

/** How many receipts this phone remembers. */
const MOST = 5;
const STORED = "matter-receipts";

/** The organizations that take matters; a citizen chooses among few. */
export function usePlaces(needed: boolean) {
  return useQuery({
    queryKey: ["matters", "places"],
    enabled: needed,
    queryFn: async () => (await api.GET("/api/v1/public/matters/organizations", { params: { query: { limit: 100 } } })).data.items,
  });
}

/** The codes of what was handed in with this phone, newest first. */
export function receipts(): string[] {
  try {
    return JSON.parse(getStored(STORED) ?? "[]") as string[];
  } catch {
    return [];
  }
}

/** Hands in a matter without login and keeps the code of its receipt on this phone. */
export function useHandIn() {
  const send = repeatable((key, body: Schemas["PublicMatterIn"]) => post("/api/v1/public/matters", body, key) as Promise<Receipt>);
  return async (matter: Schemas["PublicMatterIn"]): Promise<Receipt> => {
    const receipt = await send(matter);
    setStored(STORED, JSON.stringify([receipt.code, ...receipts()].slice(0, MOST)));
    return receipt;
  };
}

export const lookUp = async (code: string): Promise<MatterStatus> => (await api.POST("/api/v1/public/matters/status", { body: { code } })).data;
export const judge = async (code: string, judgement: Judgement, words: string): Promise<MatterStatus> =>
  (await api.POST("/api/v1/public/matters/judgement", { body: { code, judgement, words: words || null } })).data;
