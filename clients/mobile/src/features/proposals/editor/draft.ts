/** The text of a proposal while it is written. */
import { api } from "@lvyi/api";
import { useDraft, type OpenDraft } from "@lvyi/shared/drafts";
import { keep, read, type Proposal, type ProposalText } from "@/features/proposals/proposals";
import { useNewText } from "@/features/writing/writing";

const blank: ProposalText = {
  kind: "individual",
  body_id: null,
  category: null,
  title: "",
  situation: "",
  suggestions: "",
  publish_consent: null,
  publish_reason: null,
  suggested_unit_ids: [],
  research: null,
  activity_ids: [],
};

/** What the server takes of a text that an older version of this client may have begun. */
function bodyOf(text: ProposalText): ProposalText {
  const names = Object.keys(blank) as (keyof ProposalText)[];
  const whole = Object.fromEntries(names.map((name) => [name, text[name] ?? blank[name]])) as unknown as ProposalText;
  return { ...whole, research: whole.research || null, publish_reason: whole.publish_reason || null };
}

async function save(id: number, text: ProposalText, version: number): Promise<Proposal> {
  const params = { path: { proposal_id: id }, header: { "if-match": `"${version}"` } };
  return keep((await api.PUT("/api/v1/proposals/{proposal_id}", { params, body: bodyOf(text) })).data);
}

function textOf(proposal: Proposal): ProposalText {
  const { kind, body_id, category, title, situation, suggestions } = proposal;
  const { publish_consent, publish_reason, research, suggested_units, activities } = proposal;
  const ids = (named: { id: number }[]) => named.map(({ id }) => id);
  return {
    ...{ kind, body_id, category, title, situation, suggestions, publish_consent, publish_reason, research },
    suggested_unit_ids: ids(suggested_units),
    activity_ids: ids(activities),
  };
}

/** The text of my proposal while it is written, on the phone and on the server at once. */
export function useProposalDraft(id: number): OpenDraft<ProposalText> {
  return useDraft("proposal", id, {
    empty: blank,
    route: `/proposals/${id}/edit`,
    title: ({ title }) => title,
    server: { get: async () => keep(await read(id)), put: (text, version) => save(id, text, version), value: textOf },
  });
}

/** A proposal that is begun on this phone. */
export function useNewProposal() {
  const title = (text: ProposalText) => text.title;
  return useNewText({ kind: "proposal", path: "/api/v1/proposals", pages: "/proposals", blank, title, read, textOf, save });
}
