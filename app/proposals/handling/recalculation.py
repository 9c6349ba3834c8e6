"""Recalculate running deadlines when holidays are announced: a few in each transaction, each move told once.

A deadline whose day a person chose (an extension, a promise) stays. Counting again finds nothing to move.
"""

from collections.abc import Sequence
from datetime import date
from functools import partial
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, select, update
from sqlmodel import Session

from app.core import clock, outbox
from app.core.db import Database
from app.core.jobs.short_transactions import parts, write
from app.core.sql import table
from app.notifications.kinds import NoticeKind
from app.notifications.service import notify
from app.people.models import Organization, Unit
from app.proposals.assignments.models import DeadlineReminder, ProposalAssignment, ProposalDeadline
from app.proposals.assignments.rules import AGAIN_MONTHS, DEADLINE_LABELS, DeadlineKind, again
from app.proposals.handling.deadlines import responsible
from app.proposals.models import Proposal
from app.proposals.news import called
from app.proposals.steps import Doer, add_step, announce
from app.workdays.queries import calendar
from app.workdays.rules import DOUBT, Calendar, Due, after_months

#: Proposals of one transaction.
CHUNK = 20
_d, _p, _a, _u = table(ProposalDeadline), table(Proposal), table(ProposalAssignment), table(Unit)
_m, _o = table(DeadlineReminder), table(Organization)
_open = (_d.c.met_on.is_(None), _d.c.lifted_on.is_(None), _d.c.span.is_not(None))


@outbox.handles_outside("workdays.changed", lane="batch")
def follow_calendar(database: Database, payload: outbox.Payload) -> None:
    """Recalculate the running deadlines of an organization; who set the days stands in the tracks."""
    _follow(database, payload["organization_id"], payload["account_id"] or None)


def follow_release(database: Database) -> None:
    """Recalculate what was counted without the holidays of a year, which a new release may have brought."""
    with database.read.connect() as conn:
        organizations = conn.scalars(select(_o.c.id)).all()
    for organization_id in organizations:
        _follow(database, organization_id, None, _d.c.how.contains(DOUBT))


def _follow(
    database: Database, organization_id: int, account_id: int | None, *which: ColumnElement[bool]
) -> None:
    with database.read.connect() as conn:
        moved = sorted({row.proposal_id for row, *_ in _moves(conn, organization_id, *which)})
    for some in parts(moved, CHUNK):
        write(database, partial(recalculate, organization_id=organization_id, ids=some, by=account_id))


def recalculate(db: Session, organization_id: int, ids: Sequence[int], by: int | None = None) -> None:
    """Move the deadlines of some proposals to where the calendar of today puts them, and say so."""
    conn = db.connection()
    conn.execute(select(_p.c.id).where(_p.c.id.in_(ids)).order_by(_p.c.id).with_for_update())
    moved: dict[int, list[tuple[Row[Any], Due]]] = {}
    for row, start, due in _moves(conn, organization_id, _d.c.proposal_id.in_(ids)):
        values = {"starts_on": start, "due_on": due.on, "how": due.how}
        conn.execute(update(_d).where(_d.c.id == row.id).values(values))
        if due.on != row.due_on:
            _move_reminders(conn, row, due.on, clock.local_day(clock.now(), row.timezone))
            moved.setdefault(row.proposal_id, []).append((row, due))
    for proposal_id, changes in moved.items():
        proposal = conn.execute(select(_p).where(_p.c.id == proposal_id)).one()
        _say(db, proposal, changes, by)


def _moves(
    conn: Connection, organization_id: int, *which: ColumnElement[bool]
) -> list[tuple[Row[Any], date, Due]]:
    """Running deadlines that the calendar of today puts elsewhere, or explains otherwise, with start and day."""
    joined = _d.join(_p, _p.c.id == _d.c.proposal_id).join(_o, _o.c.id == _d.c.organization_id)
    joined = joined.outerjoin(_a, _a.c.id == _d.c.assignment_id).outerjoin(_u, _u.c.id == _a.c.unit_id)
    more = (_p.c.replied_at, _o.c.timezone, _a.c.unit_id, _u.c.name.label("unit_name"))
    found = (
        select(_d, *more).select_from(joined).where(_d.c.organization_id == organization_id, *_open, *which)
    )
    days = calendar(conn, organization_id)
    counted = ((row, *_counted(row, days)) for row in conn.execute(found.order_by(_d.c.id)).all())
    return [
        (row, start, due)
        for row, start, due in counted
        if (start, due.on, due.how) != (row.starts_on, row.due_on, row.how)
    ]


def _counted(row: Row[Any], days: Calendar) -> tuple[date, Due]:
    kind, start, today = DeadlineKind(row.kind), row.starts_on, clock.local_day(clock.now(), row.timezone)
    if kind is DeadlineKind.RATE_AGAIN and start > today and row.replied_at:
        start = after_months(days, clock.local_day(row.replied_at, row.timezone), AGAIN_MONTHS).on
    return start, again(kind, days, start, row.span, was=row.due_on, today=today)


def _move_reminders(conn: Connection, row: Row[Any], to: date, today: date) -> None:
    """A reminder that was sent holds for the new day where it would have been sent by now; the others come again."""
    of_it = _m.c.deadline_id == row.id
    known = conn.scalars(select(_m.c.stage).where(of_it, _m.c.due_on == to)).all()
    sent = (_m.c.due_on == row.due_on) & (_m.c.stage >= (to - today).days) & _m.c.stage.not_in(known)
    conn.execute(update(_m).where(of_it, sent).values(due_on=to))


def _say(db: Session, proposal: Row[Any], changes: list[tuple[Row[Any], Due]], by: int | None) -> None:
    """One step of the track, and one notice for each who has to act."""
    conn = db.connection()
    told: dict[int, list[str]] = {}
    moves = []
    for row, due in changes:
        kind = DeadlineKind(row.kind)
        what = f"{row.unit_name or ''}{DEADLINE_LABELS[kind]}"
        moves.append({"what": what, "from_on": row.due_on.isoformat(), "to_on": due.on.isoformat()})
        for account in set(responsible(conn, row, kind)):
            told.setdefault(account, []).append(
                f"{what}的期限由{clock.in_words(row.due_on)}改为{clock.in_words(due.on)}"
            )
    # a step has an account: the track shows the system's name for this one
    add_step(db, Doer(by or proposal.account_id), proposal, "recalculate", proposal.state, moves=moves)
    announce(db, proposal, "proposal.recalculate", proposal.state)
    for account, news in told.items():
        title = f"放假安排有变，提案{called(proposal.title)}：{'；'.join(news)}"
        subject = ("proposal", proposal.id)
        notify(db, proposal.organization_id, [account], NoticeKind.PROPOSAL_RECALCULATE, title, subject)
