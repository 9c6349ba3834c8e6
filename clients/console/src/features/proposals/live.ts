/** What happens to a proposal while it is on the screen of the office. */
import { useLive } from "@lvyi/shared";
import { EVENTS } from "~/features/handling/handling";
import { refresh } from "./proposals";

const REVIEW = [
  ...["submit", "withdraw", "start_review", "to_joint_review", "to_final_review", "file", "decline"],
  ...["return_for_revision", "convert", "merge", "assign"],
].map((name) => `proposal.${name}`);

/** Asks for a proposal, its lists and the counts anew as others review or handle it. */
export function useLiveProposal(id: number): void {
  const names = [...REVIEW, ...EVENTS].map((name) => [`proposal:${id}/${name}`, refresh]);
  useLive({ reset: refresh, ...(Object.fromEntries(names) as Record<string, () => void>) });
}
