/** The steps in which a proposal is written. */
import type { Proposal, ProposalText } from "@/features/proposals/proposals";

export const STEPS = ["title", "situation", "suggestions", "signers", "review"] as const;
export type Step = (typeof STEPS)[number];

export const NAMES: Record<Step, { label: string; name: string }> = {
  title: { label: "案由", name: "案由" },
  situation: { label: "情况", name: "情况分析" },
  suggestions: { label: "建议", name: "具体建议" },
  signers: { label: "联名", name: "联名与附件" },
  review: { label: "检查", name: "检查并提交" },
};

export const PARTS = [
  { step: "title", field: "title", name: "案由" },
  { step: "situation", field: "situation", name: "情况分析" },
  { step: "suggestions", field: "suggestions", name: "具体建议" },
] as const;

export const KINDS = [
  { code: "individual", label: "个人提案", note: "由您一人提出" },
  { code: "joint", label: "联名提案", note: "邀请其他委员一起提出" },
  { code: "collective", label: "集体提案", note: "以党派、界别、专委会等名义提出" },
] as const;

/** What keeps it from being submitted, and the step that mends it. */
export function missing(text: ProposalText, proposal: Proposal | undefined): { sentence: string; step: Step }[] {
  const gaps: { sentence: string; step: Step }[] = PARTS.filter(({ field }) => !text[field].trim()).map(
    ({ step, name }) => ({ step, sentence: `${name}还没有写` }),
  );
  if (text.kind === "collective" && !text.body_id) gaps.push({ step: "signers", sentence: "提出单位还没有选" });
  if (text.publish_consent === false && !text.publish_reason?.trim()) {
    gaps.push({ step: "review", sentence: "不宜公开的理由还没有写" });
  }
  if (text.kind === "joint" && !proposal?.cosigner_count) {
    gaps.push({ step: "signers", sentence: "联名提案至少要有一位委员同意联名" });
  }
  return gaps;
}
