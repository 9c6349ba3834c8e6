"""Reads of reviews: who has passed a proposal on, since it was last handed in."""

from sqlalchemy import Connection, func, select

from app.auth.actor import Actor
from app.core.sql import table
from app.proposals.lifecycle import ProposalAction, ProposalState
from app.proposals.models import ProposalStep
from app.proposals.settings.schemas import ProposalRules

_t = table(ProposalStep)
#: The state in which the last of so many reviews is done.
_LAST = {2: ProposalState.JOINT_REVIEW, 3: ProposalState.FINAL_REVIEW}


def is_sole_reviewer(conn: Connection, actor: Actor, proposal_id: int, state: ProposalState) -> bool:
    """Whether the actor alone would have done all the reviews of a proposal, and the organization forbids that."""
    if state not in _LAST.values():
        return False
    rules = ProposalRules.of(conn, actor.organization_id)
    if not rules.separate_reviewers or state is not _LAST.get(rules.reviews):
        return False
    undone = _t.alias()
    handed_in = select(func.max(_t.c.id)).where(
        _t.c.proposal_id == proposal_id, _t.c.action == ProposalAction.SUBMIT
    )
    passed = select(_t.c.account_id).where(
        _t.c.proposal_id == proposal_id,
        _t.c.action.in_((ProposalAction.TO_JOINT_REVIEW, ProposalAction.TO_FINAL_REVIEW)),
        _t.c.id > handed_in.scalar_subquery(),
        ~select(undone.c.id).where(undone.c.undoes_id == _t.c.id).exists(),
    )
    return set(conn.scalars(passed)) == {actor.account_id}
