"""Life cycles are tables: every state is reached, none leads nowhere by mistake, and the drawing is fresh."""

import pytest

from app.proposals.assignments.lifecycle import AssignmentState, state_of
from app.proposals.lifecycle import ProposalState
from scripts.life_cycles import CYCLES, PAGE, page


def test_the_drawing_is_fresh():
    assert PAGE.read_text(encoding="utf-8") == page(), "run: python scripts/life_cycles.py"


@pytest.mark.parametrize("cycle", CYCLES.values(), ids=list(CYCLES))
def test_every_state_is_reached_by_a_step(cycle):
    first = next(iter(cycle.labels))
    #: Where a proposal stands follows its units; rating brings it to `rated`; work ends with its proposal.
    derived = {state_of([work], rounds) for work in AssignmentState for rounds in (1, 2)} | {
        ProposalState.RATED
    }
    reached = (
        {t.target for t in cycle.transitions}
        | {first}
        | ({*derived, AssignmentState.ENDED} & set(cycle.labels))
    )
    assert reached == set(cycle.labels)


@pytest.mark.parametrize(
    ("work", "rounds", "state"),
    [
        ([], 1, ProposalState.FILED),
        ([AssignmentState.REPLIED, AssignmentState.SIGNED], 1, ProposalState.SIGNED),
        ([AssignmentState.REPLIED, AssignmentState.RETURN_REQUESTED], 1, ProposalState.RETURN_REQUESTED),
        ([AssignmentState.HANDLING, AssignmentState.REPLIED], 2, ProposalState.REHANDLING),
        ([AssignmentState.REPLIED, AssignmentState.REPLIED], 1, ProposalState.REPLIED),
    ],
)
def test_a_proposal_stands_where_its_slowest_unit_stands(work, rounds, state):
    assert state_of(work, rounds) == state
