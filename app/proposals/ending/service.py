"""End with a proposal what it leaves open: work without a reply, deadlines, invitations, notices that ask."""

from typing import Any

from sqlalchemy import Row, update
from sqlmodel import Session

from app.auth.actor import Actor
from app.core import clock
from app.core.errors import Conflict
from app.core.sql import table
from app.notifications.kinds import NoticeKind
from app.notifications.service import settle
from app.proposals.assignments.lifecycle import DONE, WORK_LABELS, AssignmentState
from app.proposals.assignments.models import ProposalAssignment, ProposalDeadline
from app.proposals.ending import queries
from app.proposals.handling.queries.talks import disputed
from app.proposals.lifecycle import LABELS, ProposalState
from app.proposals.news import called
from app.proposals.steps import add_step, assignments, tell_units, units_of
from app.proposals.text import end_invitations

_a, _d = table(ProposalAssignment), table(ProposalDeadline)
#: Handed to the secretariat by a unit that helps: it is their own to decide before they close.
_FOR_STAFF = frozenset({AssignmentState.RETURN_REQUESTED, AssignmentState.REPLY_REVIEW})


def end(db: Session, actor: Actor, row: Row[Any], target: ProposalState) -> None:
    """End what is open, each with a step or a day that says so; `Conflict` names what waits for staff."""
    work = [one for one in assignments(db, row.id) if one.state not in DONE]
    _require_settled(db, row, work)
    conn, today = db.connection(), clock.local_day(clock.now(), actor.zone)
    reason = f"提案{LABELS[target]}"
    for one in work:
        conn.execute(update(_a).where(_a.c.id == one.id).values(state=AssignmentState.ENDED))
        add_step(
            db,
            actor,
            row,
            "end_work",
            row.state,
            reason=reason,
            assignment_id=one.id,
            unit=one.unit_name,
        )
    lifted = (_d.c.proposal_id == row.id) & queries.open_deadline & ~queries.outlives
    conn.execute(update(_d).where(lifted).values(lifted_on=today))
    end_invitations(db, row.id)
    settle(db, ("proposal", row.id))
    if work:
        news = f"提案{called(row.title)}{LABELS[target]}，贵单位的会办随之结束"
        tell_units(db, row, [one.unit_id for one in work], NoticeKind.PROPOSAL_END_WORK, news)
    if answered := units_of(conn, row.id, AssignmentState.REPLIED):
        news = f"提案{called(row.title)}已办结，可以查看提案人的评价"
        tell_units(db, row, answered, NoticeKind.PROPOSAL_CLOSE, news)


def _require_settled(db: Session, row: Row[Any], work: list[Row[Any]]) -> None:
    """`Conflict` while something waits for the very people who end the proposal."""
    for one in work:
        if one.state in _FOR_STAFF:
            raise Conflict(
                f"{one.unit_name}{WORK_LABELS[AssignmentState(one.state)]}，请先审核，再办结提案。",
                code="work_waits",
                state=row.state,
            )
    if talk := disputed(db.connection(), row.id):
        day = clock.in_words(talk.held_on)
        raise Conflict(
            f"提案人对{talk.unit_name}{day}的沟通记录有异议，请先核实，再办结提案。",
            code="talk_disputed",
            state=row.state,
        )
