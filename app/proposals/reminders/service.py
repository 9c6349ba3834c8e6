"""Verb of reminding (催办): a unit that has not finished hears of its work, once a day at most."""

from typing import Any

from sqlalchemy import Connection, Row, select
from sqlmodel import Session

from app.audit.service import log as audit
from app.auth.actor import Actor
from app.auth.permissions import Permission
from app.core import clock
from app.core.errors import Conflict, Forbidden
from app.core.sql import table
from app.notifications.kinds import NoticeKind
from app.proposals.assignments.lifecycle import AT_UNIT, WORK_LABELS, AssignmentState
from app.proposals.models import ProposalStep
from app.proposals.news import called
from app.proposals.reminders.schemas import ReminderIn
from app.proposals.schemas import ProposalOut
from app.proposals.steps import add_step, announce, assignments, tell_units
from app.proposals.text import lock, out

_t = table(ProposalStep)


def remind(db: Session, actor: Actor, proposal_id: int, wanted: ReminderIn) -> ProposalOut:
    """Tell the officers of units that their work on a proposal waits, and note it in the track."""
    if not actor.may(Permission.PROPOSAL_REVIEW):
        raise Forbidden
    row = lock(db, actor, proposal_id)
    at_work = [one for one in assignments(db, proposal_id) if one.state in AT_UNIT]
    asked = [one for one in at_work if not wanted.unit_ids or one.unit_id in wanted.unit_ids]
    if not asked or len(asked) < len(set(wanted.unit_ids)):
        raise Conflict("没有需要催办的承办单位，可能已经答复或退办。", code="nobody_at_work", state=row.state)
    reminded = _reminded_today(db.connection(), actor, proposal_id)
    left = [one for one in asked if one.id not in reminded]
    if not left:
        raise Conflict("今天已经催办过，请明天再催。", code="reminded_today", state=row.state)
    for one in left:
        _remind(db, actor, row, one, wanted.note)
    announce(db, row, "proposal.remind", row.state)
    audit(db, actor, "proposal.remind", ("proposal", proposal_id), units=[one.unit_id for one in left])
    return out(db, actor, proposal_id)


def _reminded_today(conn: Connection, actor: Actor, proposal_id: int) -> set[int]:
    """The assignments of a proposal whose units were reminded since the local day began."""
    since = clock.day_starts(actor.today, actor.zone)
    steps = select(_t.c.assignment_id).where(
        _t.c.proposal_id == proposal_id, _t.c.action == "remind", _t.c.at >= since
    )
    return set(conn.scalars(steps))


def _remind(db: Session, actor: Actor, row: Row[Any], work: Row[Any], note: str | None) -> None:
    add_step(db, actor, row, "remind", row.state, reason=note, assignment_id=work.id, unit=work.unit_name)
    state = WORK_LABELS[AssignmentState(work.state)]
    news = f"请抓紧办理提案{called(row.title)}（{state}）" + (f"：{note}" if note else "")
    tell_units(db, row, [work.unit_id], NoticeKind.PROPOSAL_REMIND, news)
