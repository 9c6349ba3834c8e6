/** The steps of a proposal's track, as lines that are read. */
import type { Schemas } from "@lvyi/api";
import { day } from "@lvyi/shared";
import { monthName } from "@/features/handling/handling";

type Step = Schemas["ProposalStepOut"];

interface Move {
  what: string;
  from_on: string;
  to_on: string;
}

export interface TrackStep {
  id: number;
  at: string;
  actor: string;
  label: string;
  notes: string[];
  /** Somebody undid it. */
  undone?: boolean;
}

/** Oldest first; a step that was undone says why, where it stands. */
export function trackOf(steps: Step[]): TrackStep[] {
  return steps.map((step) => {
    const { id, at, actor, action_label, data, reason, reason_code_label } = step;
    const undoing = steps.find(({ undoes_id }) => undoes_id === id);
    const label = [action_label, data.undone ?? data.unit].filter(Boolean).join(" · ");
    const notes = [...facts(step), reason_code_label, reason, undoing && `已撤销：${undoing.reason}`];
    return { id, at, actor, label, notes: notes.filter(Boolean) as string[], undone: Boolean(undoing) };
  });
}

/** What belongs to a step, in words. */
function facts({ data }: Step): string[] {
  return [
    data.number ? `编号：第 ${data.number} 号` : "",
    data.month ? `督办月：${monthName(String(data.month))}` : "",
    data.form ? `${data.phase}，${data.form}` : "",
    data.attitude ? `${data.stage === 2 ? "再次评价：" : ""}态度${data.attitude}，结果${data.result}` : "",
    data.deadline ? `${data.deadline}：${day(String(data.from_on))}延至${day(String(data.to_on))}` : "",
    data.handed_in_by ? `${data.handed_in_by}提交，${day(String(data.handed_in_on))}收到纸质` : "",
    data.title ? String(data.title) : "",
    data.not_counted ? `${data.not_counted} 位委员没有再次确认，不计为联名人` : "",
    ...((data.moves ?? []) as Move[]).map(({ what, from_on, to_on }) => `${what}：${day(from_on)}改为${day(to_on)}`),
  ];
}
