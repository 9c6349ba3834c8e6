/** The text of a proposal while it is written. */
import { api } from "@lvyi/api";
import { useDraft, type OpenDraft } from "@lvyi/shared/drafts";
import { keep, read, type Proposal, type ProposalText } from "./proposals";
import { useNewText } from "./writing";

const blank: ProposalText = {
  kind: "individual",
  collective: null,
  category: null,
  title: "",
  situation: "",
  suggestions: "",
};

async function save(id: number, text: ProposalText, version: number): Promise<Proposal> {
  const params = { path: { proposal_id: id }, header: { "if-match": `"${version}"` } };
  return keep((await api.PUT("/api/v1/proposals/{proposal_id}", { params, body: text })).data);
}

function textOf(proposal: Proposal): ProposalText {
  const { kind, collective, category, title, situation, suggestions } = proposal;
  return { kind, collective, category, title, situation, suggestions };
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
