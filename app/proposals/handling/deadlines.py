"""Verbs of deadlines: open, meet, lift, extend; reminders before and after, each once."""

from collections.abc import Iterable
from datetime import date, timedelta
from functools import partial
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, select, update
from sqlmodel import Session

from app.auth.actor import Actor
from app.auth.permissions import Permission, Role
from app.auth.queries import accounts_in_role, staff_who_may
from app.core import clock
from app.core.db import Database
from app.core.errors import Conflict, Invalid, NotFound
from app.core.jobs.short_transactions import write
from app.core.sql import insert_new, table
from app.notifications.kinds import NoticeKind
from app.notifications.service import notify
from app.people.models import Organization, Unit
from app.people.queries import accounts_of
from app.proposals.assignments import rules
from app.proposals.assignments.models import DeadlineReminder, ProposalAssignment, ProposalDeadline
from app.proposals.assignments.rules import DEADLINE_LABELS, STAGES, DeadlineKind
from app.proposals.handling.queries import deadlines
from app.proposals.handling.schemas import DeadlineExtensionIn
from app.proposals.models import Proposal
from app.proposals.news import called
from app.proposals.schemas import ProposalOut
from app.proposals.settings.schemas import ProposalRules
from app.proposals.steps import add_step, announce, snapshot, tell_signers, tell_staff, tell_units
from app.proposals.text import lock, out
from app.workdays.queries import calendar
from app.workdays.rules import Due

_d, _a, _p = table(ProposalDeadline), table(ProposalAssignment), table(Proposal)
_m, _u = table(DeadlineReminder), table(Unit)


def open_deadline(
    db: Session,
    row: Row[Any],
    kind: DeadlineKind,
    start: date,
    *,
    assignment_id: int | None = None,
    commitment_id: int | None = None,
    by: Due | None = None,
) -> date:
    """Open a deadline that begins on a local day; due `by` a day, else as the organization's settings say."""
    span = None
    if by is None:
        conn = db.connection()
        span = rules.span(kind, ProposalRules.of(conn, row.organization_id).spans)
        by = rules.after(kind, calendar(conn, row.organization_id), start, span)
    db.add(
        ProposalDeadline(
            organization_id=row.organization_id,
            proposal_id=row.id,
            assignment_id=assignment_id,
            commitment_id=commitment_id,
            kind=kind,
            starts_on=start,
            due_on=by.on,
            how=by.how,
            span=span,
        )
    )
    db.flush()
    return by.on


def _open(*which: ColumnElement[bool]) -> list[ColumnElement[bool]]:
    return [_d.c.met_on.is_(None), _d.c.lifted_on.is_(None), *which]


def meet(
    db: Session,
    actor: Actor,
    kinds: Iterable[DeadlineKind],
    *which: ColumnElement[bool],
    lifted: bool = False,
) -> None:
    """Say that what was due by some open deadlines is done; `lifted`: that it need not be done any more."""
    today = clock.local_day(clock.now(), actor.zone)
    done = {"lifted_on": today} if lifted else {"met_on": today}
    db.connection().execute(update(_d).where(*_open(_d.c.kind.in_(list(kinds)), *which)).values(done))


def unmeet(db: Session, kind: DeadlineKind, which: ColumnElement[bool]) -> None:
    """What was due last is due again."""
    newest = select(_d.c.id).where(_d.c.kind == kind, which).order_by(_d.c.id.desc()).limit(1)
    db.connection().execute(update(_d).where(_d.c.id == newest.scalar_subquery()).values(met_on=None))


def of_assignment(assignment_id: int) -> ColumnElement[bool]:
    """The deadlines of one unit's work."""
    return _d.c.assignment_id == assignment_id


def of_proposal(proposal_id: int) -> ColumnElement[bool]:
    """The deadlines of one proposal."""
    return _d.c.proposal_id == proposal_id


def of_commitment(commitment_id: int) -> ColumnElement[bool]:
    """The deadline of one commitment."""
    return _d.c.commitment_id == commitment_id


def is_past(conn: Connection, today: date, kind: DeadlineKind, which: ColumnElement[bool]) -> bool:
    """Whether the newest deadline of a kind has gone by."""
    newest = select(_d.c.due_on).where(_d.c.kind == kind, which).order_by(_d.c.id.desc()).limit(1)
    due_on = conn.scalar(newest)
    return due_on is not None and due_on < today


def extend(
    db: Session, actor: Actor, proposal_id: int, deadline_id: int, wanted: DeadlineExtensionIn
) -> ProposalOut:
    """Move a deadline that has not gone by to a later day, with a reason; a unit its own reply's, staff any."""
    row = lock(db, actor, proposal_id)
    conn, today = db.connection(), clock.local_day(clock.now(), actor.zone)
    of = _d.outerjoin(_a, _a.c.id == _d.c.assignment_id).outerjoin(_u, _u.c.id == _a.c.unit_id)
    found = select(_d, _a.c.unit_id, _u.c.name.label("unit_name")).select_from(of)
    deadline = conn.execute(
        found.where(_d.c.id == deadline_id, _d.c.proposal_id == proposal_id)
    ).one_or_none()
    staff = actor.may(Permission.PROPOSAL_REVIEW)
    own = actor.unit_id is not None and deadline is not None and deadline.unit_id == actor.unit_id
    if deadline is None or not (staff or own):
        raise NotFound
    if deadline.kind == DeadlineKind.COMMITMENT or not (staff or deadline.kind == DeadlineKind.REPLY):
        raise Conflict("这项期限不能这样延长。", code="not_extendable", state=row.state)
    if deadline.met_on or deadline.lifted_on or deadline.due_on < today:
        raise Conflict("期限已过或已完成，不能再延长。", code="deadline_over", state=row.state)
    if wanted.due_on <= deadline.due_on:
        raise Invalid("新的期限应晚于原来的期限。", code="bad_extension")
    if deadline.kind == DeadlineKind.REPLY:
        spans = ProposalRules.of(conn, row.organization_id).spans
        latest = rules.latest_reply(spans, calendar(conn, row.organization_id), deadline.starts_on)
        if wanted.due_on > latest:
            raise Invalid(
                f"答复最长不超过{spans.reply_months_most}个月，即{clock.in_words(latest)}。",
                code="bad_extension",
            )
    before = snapshot(conn, row)
    to = wanted.due_on
    how = f"原定{clock.in_words(deadline.due_on)}，经说明理由延长至{clock.in_words(to)}"
    conn.execute(update(_d).where(_d.c.id == deadline_id).values(due_on=to, how=how, span=None))
    label = DEADLINE_LABELS[DeadlineKind(deadline.kind)]
    data = {"deadline": label, "from_on": deadline.due_on.isoformat(), "to_on": to.isoformat()}
    add_step(
        db,
        actor,
        row,
        "extend",
        row.state,
        reason=wanted.reason,
        before=before,
        assignment_id=deadline.assignment_id,
        **data,
    )
    announce(db, row, "proposal.extend", row.state)
    what = f"{deadline.unit_name or ''}“{label}”"
    news = f"提案{called(row.title)}的{what}期限延长至{clock.in_words(to)}：{wanted.reason}"
    tell_signers(db, actor, row, NoticeKind.PROPOSAL_EXTEND, news)
    if staff and deadline.unit_id:
        tell_units(db, row, [deadline.unit_id], NoticeKind.PROPOSAL_EXTEND, news)
    elif not staff:
        tell_staff(db, row, NoticeKind.PROPOSAL_EXTEND, news)
    return out(db, actor, proposal_id)


def remind(database: Database) -> None:
    """Send the reminders that are due today in every organization; a worker calls it every hour."""
    o = table(Organization)
    with database.read.connect() as conn:
        zones = conn.execute(select(o.c.id, o.c.timezone)).all()
    for organization_id, zone in zones:
        today = clock.local_day(clock.now(), zone)
        with database.read.connect() as conn:
            due = [one for one in _due(conn, organization_id, today) if not _is_reminded(conn, one, today)]
        for deadline in due:
            write(
                database,
                partial(_remind, deadline_id=deadline.id, organization_id=organization_id, today=today),
            )


def _due(conn: Connection, organization_id: int, today: date, *which: ColumnElement[bool]) -> list[Row[Any]]:
    first, last = today - timedelta(days=-min(STAGES) + 7), today + timedelta(days=max(STAGES))
    found = (
        select(_d, _p.c.title, _p.c.account_id, _a.c.unit_id, _u.c.name.label("unit_name"))
        .select_from(
            _d.join(_p, _p.c.id == _d.c.proposal_id)
            .outerjoin(_a, _a.c.id == _d.c.assignment_id)
            .outerjoin(_u, _u.c.id == _a.c.unit_id)
        )
        .where(_d.c.organization_id == organization_id, _d.c.due_on.between(first, last), *_open(*which))
        .order_by(_d.c.id)
    )
    return list(conn.execute(found))


def _stage(deadline: Row[Any], today: date) -> int | None:
    """Which reminder of a deadline is due; None when none is."""
    stage = rules.stage(deadline.due_on, today)
    return None if stage is not None and stage < 0 and deadline.kind in rules.OPTIONAL else stage


def _is_reminded(conn: Connection, deadline: Row[Any], today: date) -> bool:
    """Whether there is nothing to send."""
    stage = _stage(deadline, today)
    sent = (_m.c.deadline_id == deadline.id, _m.c.due_on == deadline.due_on, _m.c.stage == stage)
    return stage is None or conn.scalar(select(_m.c.stage).where(*sent)) is not None


def _remind(db: Session, deadline_id: int, organization_id: int, today: date) -> None:
    """Send the reminder of a deadline, unless it was met, moved or told of meanwhile."""
    conn = db.connection()
    for deadline in _due(conn, organization_id, today, _d.c.id == deadline_id):
        stage = _stage(deadline, today)
        if stage is not None:
            _send(db, deadline, stage, today)


def _send(db: Session, deadline: Row[Any], stage: int, today: date) -> None:
    conn, kind = db.connection(), DeadlineKind(deadline.kind)
    key = {"deadline_id": deadline.id, "due_on": deadline.due_on, "stage": stage}
    if not insert_new(conn, _m, key | {"sent_at": clock.now()}):
        return
    left = (deadline.due_on - today).days
    when = f"还有{left}天" if left > 0 else "今天到期" if left == 0 else f"已超期{-left}天"
    what = f"{deadline.unit_name or ''}{DEADLINE_LABELS[kind]}"  # two units may be late with the same
    news = f"提案{called(deadline.title)}：{what}{when}（{clock.in_words(deadline.due_on)}）"
    told = set(responsible(conn, deadline, kind))
    if stage < 0:
        told |= set(staff_who_may(conn, deadline.organization_id, Permission.PROPOSAL_REVIEW))
    subject = ("proposal", deadline.proposal_id)
    notify(db, deadline.organization_id, told, NoticeKind.PROPOSAL_REMINDER, news, subject)


def responsible(conn: Connection, deadline: Row[Any], kind: DeadlineKind) -> Iterable[int]:
    """The accounts of those who have to meet a deadline."""
    if kind in {DeadlineKind.RATE, DeadlineKind.RATE_AGAIN}:
        return accounts_of(conn, deadlines.yet_to_rate(conn, deadline.proposal_id, kind)).values()
    return accounts_in_role(conn, deadline.organization_id, Role.UNIT_OFFICER, [deadline.unit_id])
