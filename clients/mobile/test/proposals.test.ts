import { expect, test } from "vitest";

import { missing } from "../src/features/proposals/editor/steps";
import type { ProposalText } from "../src/features/proposals/proposals";

const whole: ProposalText = {
  ...{ kind: "individual", body_id: null, category: null, title: "关于托育的建议", situation: "有", suggestions: "有" },
  ...{ publish_consent: null, publish_reason: null, suggested_unit_ids: [], research: null, activity_ids: [] },
};

test("a collective proposal names its body, and who would not publish says why", () => {
  const sentences = (more: Partial<ProposalText>) => missing({ ...whole, ...more }, undefined).map(({ sentence }) => sentence);
  expect(sentences({})).toEqual([]);
  expect(sentences({ kind: "collective" })).toEqual(["提出单位还没有选"]);
  expect(sentences({ kind: "collective", body_id: 3 })).toEqual([]);
  expect(sentences({ publish_consent: false, publish_reason: " " })).toEqual(["不宜公开的理由还没有写"]);
});
