"""What there is to count: one row for each unit's share of a proposal, one column for each figure.

A league sums the columns by unit, and a list shows the rows of a column: so a figure opens exactly what it counts.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import CTE, ColumnElement, FromClause, Subquery, and_, case, func, literal, select

from app.auth.actor import Actor
from app.core import clock
from app.core.sql import table
from app.proposals.assignments.lifecycle import ANSWERING, GONE, GRADE_LABELS
from app.proposals.assignments.models import (
    ProposalAssignment,
    ProposalCommitment,
    ProposalConsultation,
    ProposalDeadline,
    ProposalRating,
    ProposalReply,
)
from app.proposals.assignments.rules import DeadlineKind
from app.proposals.handling.queries.talks import counted
from app.proposals.lifecycle import ON_FILE, ProposalState
from app.proposals.models import Proposal
from app.proposals.talks.lifecycle import IN_PERSON
from app.statistics.rules import FigureName

_p, _a, _d = table(Proposal), table(ProposalAssignment), table(ProposalDeadline)
_t, _r, _g, _c = (
    table(ProposalConsultation),
    table(ProposalReply),
    table(ProposalRating),
    table(ProposalCommitment),
)


@dataclass(frozen=True)
class FiguresPeriod:
    """The proposals of a submission window, or what was handed to units from a local day to another."""

    label: str
    window_id: int | None
    starts_on: date
    ends_on: date


def facts(actor: Actor, period: FiguresPeriod, unit_id: int | None = None) -> Subquery:
    """One row for each share of the period, of one unit if it is given: its unit, its proposal, its figures."""
    shares = _shares(actor, period, unit_id)
    today = clock.local_day(clock.now(), actor.zone)
    dues, talks, answers = _dues(shares, today), _talks(shares), _answers(shares)
    promises, grades = _promises(shares, today), _grades(answers)
    answering = shares.c.role.in_(ANSWERING)
    counts: dict[FigureName, ColumnElement[int]] = {
        FigureName.ASSIGNED: literal(1),
        FigureName.ANSWERING: _one(answering),
        FigureName.HELPING: _one(~answering),
        FigureName.REPLY_DUE: _one(dues.c.decided > 0),
        FigureName.ON_TIME: _one(and_(dues.c.decided > 0, dues.c.late == 0)),
        FigureName.LATE: _one(dues.c.late > 0),
        FigureName.ANSWERED: _one(answers.c.id.is_not(None)),
        FigureName.CONSULTED: _one(and_(answers.c.id.is_not(None), talks.c.held > 0)),
        FigureName.ASKED: func.coalesce(answers.c.asked, 0),
        FigureName.ADOPTED: func.coalesce(answers.c.adopted, 0),
        FigureName.COMMITMENTS_DUE: func.coalesce(promises.c.due, 0),
        FigureName.COMMITMENTS_KEPT: func.coalesce(promises.c.kept, 0),
        FigureName.COMMITMENTS_OVERDUE: func.coalesce(promises.c.overdue, 0),
    } | {figure: func.coalesce(grades.c[figure], 0) for figure in _GRADED}
    joined: FromClause = shares
    for part in (dues, talks, answers, promises):
        joined = joined.outerjoin(part, part.c.share_id == shares.c.id)
    joined = joined.outerjoin(grades, grades.c.reply_id == answers.c.id)
    named = (count.label(figure) for figure, count in counts.items())
    return select(shares.c.unit_id, shares.c.proposal_id, *named).select_from(joined).subquery()


def _one(holds: ColumnElement[bool]) -> ColumnElement[int]:
    return case((holds, 1), else_=0)


def _sum(*holds: ColumnElement[bool]) -> ColumnElement[int]:
    return func.sum(_one(and_(*holds)))


def _shares(actor: Actor, period: FiguresPeriod, unit_id: int | None) -> CTE:
    """The shares that count: what a unit gave back is not its own."""
    found = (
        select(_a.c.id, _a.c.unit_id, _a.c.proposal_id, _a.c.role)
        .join(_p, _p.c.id == _a.c.proposal_id)
        .where(
            _a.c.organization_id == actor.organization_id,
            _a.c.state.not_in(GONE),
            _p.c.state.in_(ON_FILE),
            _p.c.deleted_at.is_(None),
        )
    )
    if period.window_id is not None:
        found = found.where(_p.c.window_id == period.window_id)
    else:
        begins = clock.day_starts(period.starts_on, actor.zone)
        ends = clock.day_starts(period.ends_on + timedelta(days=1), actor.zone)
        found = found.where(_a.c.assigned_at >= begins, _a.c.assigned_at < ends)
    if unit_id is not None:
        found = found.where(_a.c.unit_id == unit_id)
    return found.cte("share")


def _of(shares: CTE, of: Any, *columns: ColumnElement[Any], where: ColumnElement[bool]) -> Subquery:
    """Sums over what hangs on each share; found by its proposal, which has an index."""
    mine = (of.c.proposal_id == shares.c.proposal_id) & (of.c.assignment_id == shares.c.id)
    found = select(shares.c.id.label("share_id"), *columns).join(of, mine).where(where)
    return found.group_by(shares.c.id).subquery()


def _dues(shares: CTE, today: date) -> Subquery:
    """Replies that were due: late when given after the day, or not given and the day has gone by.

    What ended with the proposal was due up to that end.
    """
    missed = _d.c.met_on.is_(None) & (_d.c.due_on < func.coalesce(_d.c.lifted_on, today))
    return _of(
        shares,
        _d,
        _sum(_d.c.met_on.is_not(None) | missed).label("decided"),
        _sum((_d.c.met_on > _d.c.due_on) | missed).label("late"),
        where=(_d.c.kind == DeadlineKind.REPLY) & (_d.c.lifted_on.is_(None) | (_d.c.lifted_on > _d.c.due_on)),
    )


def _talks(shares: CTE) -> Subquery:
    """Talks in person, but for those that the author disputes and nobody has settled for the unit."""
    return _of(shares, _t, func.count().label("held"), where=_t.c.form.in_(IN_PERSON) & counted())


def _answers(shares: CTE) -> Subquery:
    """The reply that the author has: that of the last round that was sent."""
    newer = _r.alias("newer")
    replaced = select(newer.c.id).where(
        newer.c.assignment_id == _r.c.assignment_id,
        newer.c.round > _r.c.round,
        newer.c.replied_at.is_not(None),
    )
    mine = (_r.c.proposal_id == shares.c.proposal_id) & (_r.c.assignment_id == shares.c.id)
    columns = (shares.c.id.label("share_id"), _r.c.id, _r.c.proposal_id, _r.c.asked, _r.c.adopted)
    sent = select(*columns).join(_r, mine).where(_r.c.replied_at.is_not(None), ~replaced.exists())
    return sent.where(shares.c.role.in_(ANSWERING)).subquery()


def _promises(shares: CTE, today: date) -> Subquery:
    """Commitments that were due: kept or dropped, or their day, as it was put off, has gone by.

    What a later reply replaced before its day counts for the unit neither way.
    """
    overdue = (_c.c.state == "open") & (_c.c.due_on < today)
    return _of(
        shares,
        _c,
        _sum((_c.c.state != "open") | overdue).label("due"),
        _sum(_c.c.state == "kept").label("kept"),
        _sum(overdue).label("overdue"),
        where=_c.c.state != "replaced",
    )


_GRADED = (
    FigureName.RATED,
    *(FigureName(f"{what}_{grade}") for what in ("attitude", "result") for grade in GRADE_LABELS),
)


def _grades(answers: Subquery) -> Subquery:
    """What each signer said last of the reply: the second time counts instead of the first.

    Ratings count once the proposal is closed: before, a unit could read from a figure who gave which grade.
    """
    again = _g.alias("again")
    revised = select(again.c.reply_id).where(
        again.c.reply_id == _g.c.reply_id, again.c.seat_id == _g.c.seat_id, again.c.stage > _g.c.stage
    )
    sums = [
        _sum(_g.c[what] == grade).label(f"{what}_{grade}")
        for what in ("attitude", "result")
        for grade in GRADE_LABELS
    ]
    rated = select(_g.c.reply_id, func.count().label("rated"), *sums).join(
        answers, answers.c.id == _g.c.reply_id
    )
    rated = rated.join(_p, (_p.c.id == _g.c.proposal_id) & (_p.c.state == ProposalState.CLOSED))
    return rated.where(~revised.exists()).group_by(_g.c.reply_id).subquery()
