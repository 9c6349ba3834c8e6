/** The steps in which a report is written. */
export const STEPS = ["text", "review"] as const;
export type Step = (typeof STEPS)[number];

export const PARTS = [
  { name: "title", label: "标题" },
  { name: "body", label: "正文" },
];
