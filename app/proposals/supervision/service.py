"""Verbs of supervision (督办): marks, the supervising leader, the supervision month, inspection notes."""

from datetime import date
from typing import Any

from sqlalchemy import Row, literal, select, update
from sqlmodel import Session

from app.audit.service import log as audit
from app.auth.actor import Actor
from app.auth.permissions import Permission, Role
from app.auth.queries import in_office
from app.core import clock
from app.core.errors import Conflict, Forbidden, Invalid
from app.core.sql import table
from app.duty import service as duty
from app.notifications.kinds import NoticeKind
from app.notifications.service import notify
from app.proposals import news
from app.proposals.assignments.lifecycle import GONE, AssignmentState
from app.proposals.assignments.models import ProposalInspection
from app.proposals.handling.queries import assignments
from app.proposals.handling.schemas import HandlingOut, InspectionIn, SupervisionIn
from app.proposals.lifecycle import ENDS, LABELS, MARK_STEPS, ON_FILE, ProposalMark, ProposalState
from app.proposals.models import Proposal
from app.proposals.news import called
from app.proposals.schemas import MarkIn, ProposalOut
from app.proposals.steps import add_step, announce, credit, tell_signers, tell_units, units_of
from app.proposals.supervision.departures import settled
from app.proposals.text import lock, out

_p = table(Proposal)

#: The column and the kind of record of each mark.
_MARKS = {
    ProposalMark.KEY: ("is_key", "proposal.marked_key"),
    ProposalMark.COMMENDATION: ("is_commended", "proposal.commended"),
}
_AT_WORK = sorted(set(AssignmentState) - GONE)


def _require_on_file(row: Row[Any]) -> None:
    if row.state not in ON_FILE:
        raise Conflict(
            f"提案当前状态为“{LABELS[ProposalState(row.state)]}”，立案后才能标记。",
            code="not_filed",
            state=row.state,
        )


def mark(db: Session, actor: Actor, proposal_id: int, which: ProposalMark, wanted: MarkIn) -> ProposalOut:
    """Set or lift a mark of a proposal on file; repeating changes nothing."""
    row = lock(db, actor, proposal_id)
    _require_on_file(row)
    column, kind = _MARKS[which]
    if getattr(row, column) == wanted.marked:
        return out(db, actor, proposal_id)
    action, label = MARK_STEPS[which, wanted.marked]
    values: dict[str, Any] = {column: wanted.marked}
    if which is ProposalMark.KEY and not wanted.marked:
        values |= {"supervisor_id": None, "supervised_month": None}
        settled(db, proposal_id)
    db.connection().execute(update(_p).where(_p.c.id == proposal_id).values(values))
    add_step(db, actor, row, action, row.state, reason=wanted.reason)
    if wanted.marked:
        credit(db, actor, proposal_id, kind)
    else:
        duty.void(db, ("proposal", proposal_id), wanted.reason[:200], actor.account_id, kinds=[kind])
    announce(db, row, f"proposal.{action}", row.state)
    tell_signers(db, actor, row, NoticeKind.of(f"proposal.{action}"), f"提案{called(row.title)}{label}")
    audit(db, actor, f"proposal.{action}", ("proposal", proposal_id))
    return out(db, actor, proposal_id)


def _leads(db: Session, actor: Actor, account_id: int) -> bool:
    """Whether somebody is a leader of the actor's organization today."""
    leads = in_office(literal(account_id), actor.organization_id, Role.LEADER, actor.today)
    return bool(db.scalar(select(leads)))


def supervise(db: Session, actor: Actor, proposal_id: int, wanted: SupervisionIn) -> ProposalOut:
    """Say which leader looks after a key proposal, and in which month; without a leader: nobody does."""
    row = lock(db, actor, proposal_id)
    _require_on_file(row)
    if not row.is_key:
        raise Conflict("只有重点提案可以确定督办领导。", code="not_key", state=row.state)
    if row.state in ENDS and wanted.supervisor_id is not None:
        raise Conflict("提案已办结，不能再确定督办领导。", code="proposal_ended", state=row.state)
    if wanted.supervisor_id is not None and not _leads(db, actor, wanted.supervisor_id):
        raise Invalid("督办领导应是主席会议成员。", code="unknown_leader")
    month = date.fromisoformat(f"{wanted.month}-01") if wanted.month else None
    if month and wanted.supervisor_id is None:
        raise Invalid("请先确定督办领导。", code="unknown_leader")
    values = {"supervisor_id": wanted.supervisor_id, "supervised_month": month}
    if (row.supervisor_id, row.supervised_month) == tuple(values.values()):
        return out(db, actor, proposal_id)
    db.connection().execute(update(_p).where(_p.c.id == proposal_id).values(values))
    settled(db, proposal_id)
    add_step(db, actor, row, "supervise", row.state, reason=wanted.reason, month=wanted.month)
    announce(db, row, "proposal.supervise", row.state)
    title, subject = called(row.title), ("proposal", proposal_id)
    if wanted.supervisor_id:
        asked = news.to_supervisor(row.title)
        notify(db, row.organization_id, [wanted.supervisor_id], NoticeKind.PROPOSAL_SUPERVISE, asked, subject)
    tell_units(
        db,
        row,
        units_of(db.connection(), proposal_id, *_AT_WORK),
        NoticeKind.PROPOSAL_SUPERVISE,
        f"重点提案{title}确定了督办安排",
    )
    audit(db, actor, "proposal.supervise", subject)
    return out(db, actor, proposal_id)


def inspect(db: Session, actor: Actor, proposal_id: int, said: InspectionIn) -> HandlingOut:
    """Write what was seen when a key proposal was looked after; its supervising leader, or staff."""
    row = lock(db, actor, proposal_id)
    if not (actor.may(Permission.PROPOSAL_REVIEW) or row.supervisor_id == actor.account_id):
        raise Forbidden("只有督办领导和政协机关可以记录督办。", code="not_supervisor")
    if not row.is_key:
        raise Conflict("只有重点提案可以记录督办。", code="not_key", state=row.state)
    if said.held_on > clock.local_day(clock.now(), actor.zone):
        raise Invalid("督办日期不能晚于今天。", code="in_future")
    db.add(
        ProposalInspection(
            proposal_id=proposal_id, account_id=actor.account_id, at=clock.now(), **said.model_dump()
        )
    )
    add_step(db, actor, row, "inspect", row.state)
    announce(db, row, "proposal.inspect", row.state)
    units = units_of(db.connection(), proposal_id, *_AT_WORK)
    tell_units(db, row, units, NoticeKind.PROPOSAL_INSPECT, f"重点提案{called(row.title)}有新的督办意见")
    return assignments.handling(db.connection(), actor, proposal_id)
