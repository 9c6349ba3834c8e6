"""Life cycles are tables: every state is reached, none leads nowhere by mistake, and the drawing is fresh."""

import pytest

from app.proposals.lifecycle import State
from app.proposals.lifecycle_handling import Work, state_of
from scripts.life_cycles import CYCLES, PAGE, page


def test_the_drawing_is_fresh():
    assert PAGE.read_text(encoding="utf-8") == page(), "run: python scripts/life_cycles.py"


@pytest.mark.parametrize("cycle", CYCLES.values(), ids=list(CYCLES))
def test_every_state_is_reached_by_a_step(cycle):
    first = next(iter(cycle.labels))
    #: Where a proposal stands follows its units; rating brings it to `rated`; work ends with its proposal.
    derived = {state_of([work], rounds) for work in Work for rounds in (1, 2)} | {State.RATED}
    reached = {t.target for t in cycle.transitions} | {first} | ({*derived, Work.ENDED} & set(cycle.labels))
    assert reached == set(cycle.labels)


@pytest.mark.parametrize(
    ("work", "rounds", "state"),
    [
        ([], 1, State.FILED),
        ([Work.REPLIED, Work.SIGNED], 1, State.SIGNED),
        ([Work.REPLIED, Work.RETURN_REQUESTED], 1, State.RETURN_REQUESTED),
        ([Work.HANDLING, Work.REPLIED], 2, State.REHANDLING),
        ([Work.REPLIED, Work.REPLIED], 1, State.REPLIED),
    ],
)
def test_a_proposal_stands_where_its_slowest_unit_stands(work, rounds, state):
    assert state_of(work, rounds) == state
