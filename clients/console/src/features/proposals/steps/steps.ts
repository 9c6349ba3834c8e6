/** What can be done with a proposal, from the actions of the API: its own, those of units' work and of talks, and marks. */
import { api, post, Problem, type Schemas } from "@lvyi/api";
import { moment, UserError, uuid } from "@lvyi/shared";
import { refresh, undo, type Handling, type Proposal, type useWrite } from "~/features/proposals/proposals";

export interface Decision {
  reason?: string;
  reason_code?: string;
}

/** What is asked beside the reason. */
export type Form = "units" | "merge" | "period" | "supervision" | "extension" | "check" | "inspection" | "commitment";

export interface Extra {
  units: Schemas["AssignedUnitIn"][];
  into: number | null;
  day: string;
  /** The account of a leader, null for nobody; undefined until one of them is chosen. */
  supervisor: number | null | undefined;
  period: "during" | "between";
  said: Schemas["CommitmentNoteIn"]["action"];
}

export interface Step {
  /** Unlike any other of this proposal. */
  action: string;
  action_label: string;
  needs_reason: boolean;
  reasons?: Record<string, string>;
  form?: Form;
  /** Who hears of it. */
  tells: string;
  /** Does it, and gives the sentence that says so. */
  run: (decision: Decision, extra: Extra) => Promise<string>;
  /** Takes it back, where it can be. */
  undo?: () => Promise<void>;
  /** Whether the document stays open behind it. */
  stays?: boolean;
}

type Write = ReturnType<typeof useWrite>;

const FORMS: Record<string, Form> = { assign: "units", rehandle: "units", merge: "merge" };
const TELLS: Record<string, string> = {
  start_review: "只记入经过，不另行告知。",
  assign: "所选单位会收到交办通知；提案人和联名人会收到通知。",
  merge: "两件提案的提案人都会收到通知。",
};

/** What was asked of a proposal as it was shown; when somebody else came first, the refusal says who and what. */
async function unlessMoved(shown: Proposal, asked: Promise<unknown>): Promise<unknown> {
  try {
    return await asked;
  } catch (error) {
    if (!(error instanceof Problem) || error.status !== 409) throw error;
    const track = await api.GET("/api/v1/proposals/{proposal_id}/track", { params: { path: { proposal_id: shown.id } } }).catch(() => null);
    const [last] = track?.data.steps.slice(-1) ?? [];
    if (!track || !last || track.data.state === shown.state) throw error;
    throw new UserError(`${last.actor}先办了：${moment(last.at)}“${last.action_label}”，现在是“${track.data.state_label}”。您写的还在。`);
  }
}

/** The steps of the proposal itself. */
export function ownSteps(one: Proposal, write: Write): Step[] {
  return one.actions.map((action) => ({
    ...action,
    form: FORMS[action.action],
    tells: TELLS[action.action] ?? "提案人和联名人会收到通知。",
    stays: action.action === "start_review",
    undo: () => undo(one.id),
    run: async (decision, { units, into }) => {
      const body = { action: action.action, units, into_id: into, ...decision };
      const { state_label, number } = (await unlessMoved(one, write("POST", `${one.id}/transitions`, body))) as Proposal;
      if (action.action === "start_review") return `${state_label}。`;
      return number && number !== one.number ? `${state_label}，编号第 ${number} 号，已告知提案人。` : `${state_label}，已告知提案人。`;
    },
  }));
}

/** What waits for me in the work of units and in their talks; what takes an assignment back stands last. */
export function workSteps(one: Proposal, handling: Handling | undefined, write: Write): { likely: Step[]; others: Step[] } {
  const works = (handling?.assignments ?? []).flatMap((work) =>
    work.actions.map(
      ({ action, action_label, needs_reason }): Step => ({
        action: `${action}/${work.id}`,
        action_label: `${action_label}（${work.unit_name}）`,
        needs_reason,
        form: action === "approve_reply" ? "check" : undefined,
        tells: `${work.unit_name}会收到通知。`,
        undo: () => undo(one.id),
        run: async (decision) => {
          await unlessMoved(one, write("POST", `${one.id}/assignments/${work.id}/transitions`, { action, reason: decision.reason ?? null }));
          return `${action_label}，已告知${work.unit_name}。`;
        },
      }),
    ),
  );
  const talks = (handling?.consultations ?? []).flatMap((talk) =>
    talk.actions.map(
      ({ action, action_label, needs_reason }): Step => ({
        action: `${action}/${talk.id}`,
        action_label: `${action_label}（${talk.unit_name}）`,
        needs_reason,
        tells: "提案人和承办单位会收到通知。",
        run: async (decision) => {
          await write("POST", `${one.id}/consultations/${talk.id}/transitions`, { action, reason: decision.reason ?? null });
          return `${action_label}。`;
        },
      }),
    ),
  );
  const isLast = ({ action }: Step) => action.startsWith("withdraw_assignment");
  return { likely: [...works.filter((step) => !isLast(step)), ...talks], others: works.filter(isLast) };
}

/** Marks and reminders of the secretariat, and what leaders do; each keeps the document open. */
export function markSteps(one: Proposal, handling: Handling | undefined, write: Write): Step[] {
  const put = (action: string, action_label: string, path: string, said: string, body: (decision: Decision, extra: Extra) => object, more: Partial<Step> = {}): Step => ({
    action,
    action_label,
    needs_reason: true,
    tells: "提案人和联名人会收到通知。",
    stays: true,
    ...more,
    run: async (decision, extra) => {
      await write(action === "remind" || action === "inspect" ? "POST" : "PUT", `${one.id}/${path}`, body(decision, extra));
      return said;
    },
  });
  const may = handling?.may ?? [];
  const marks = [
    put("key", one.is_key ? "取消重点" : "列为重点", "key", one.is_key ? "已取消重点。" : "已列为重点提案。", ({ reason }) => ({ marked: !one.is_key, reason })),
    put("commend", one.is_commended ? "取消优秀" : "评为优秀", "commendation", one.is_commended ? "已取消优秀。" : "已评为优秀提案。", ({ reason }) => ({ marked: !one.is_commended, reason })),
    put("period", "改会期", "period", "会期已改。", (_, { period }) => ({ period }), { form: "period", needs_reason: false, tells: "只记入经过，不另行告知。" }),
    put("remind", "催办", "reminders", "已催办，承办单位会收到通知。", ({ reason }) => ({ note: reason ?? null }), { needs_reason: false, tells: "轮到办理的单位都会收到催办；每家一天一次。" }),
  ];
  const supervise = put("supervise", handling?.supervisor_left ? "另定督办领导" : "定督办领导", "supervision", "督办安排已记下。", ({ reason }, { day, supervisor }) => ({ month: supervisor ? day : null, supervisor_id: supervisor ?? null, reason: reason ?? null }), {
    form: "supervision",
    needs_reason: false,
    tells: "所选领导和承办单位会收到通知。",
  });
  const inspect = put("inspect", "记督办", "inspections", "督办情况已记下。", ({ reason }, { day }) => ({ body: reason, held_on: day }), { form: "inspection", tells: "承办单位和提案委会看到。" });
  return [...(one.may.includes("mark") ? marks : []), ...(may.includes("supervise") ? [supervise] : []), ...(may.includes("inspect") ? [inspect] : [])];
}

/** Says what became of a commitment. */
export function commitmentNote(commitment: Schemas["CommitmentOut"]): Step {
  const key = uuid();
  return {
    action: `commitment/${commitment.id}`,
    action_label: `记承诺进展（${commitment.unit_name}）`,
    needs_reason: true,
    form: "commitment",
    tells: "提案人和承办单位会看到。",
    stays: true,
    run: async ({ reason }, { said, day }) => {
      const body = { action: said, body: reason, due_on: said === "postponed" ? day : null };
      await post(`/api/v1/proposal-commitments/${commitment.id}/notes`, body, key).finally(refresh);
      return "承诺进展已记下。";
    },
  };
}

/** Puts a deadline off. */
export function extension(one: Proposal, deadline: Schemas["DeadlineOut"], write: Write): Step {
  return {
    action: `extend/${deadline.id}`,
    action_label: `延期：${deadline.unit_name ?? ""}${deadline.kind_label}`,
    needs_reason: true,
    form: "extension",
    tells: "承办单位会收到通知。",
    stays: true,
    run: async ({ reason }, { day }) => {
      await write("POST", `${one.id}/deadlines/${deadline.id}/extension`, { due_on: day, reason });
      return "期限已改，已告知承办单位。";
    },
  };
}
