"""Undoing a wrong step: what it changed is as before, and the track keeps both."""

from typing import Any

from sqlalchemy import Connection, Row, Table, delete, select, update
from sqlmodel import Session

from app.audit.service import log as audit
from app.auth.actor import Actor
from app.core.errors import Conflict, NotFound
from app.core.sql import table
from app.duty import domain_events
from app.duty import service as duty
from app.notifications.kinds import NoticeKind
from app.proposals import rules
from app.proposals.assignments.lifecycle import ACTION_LABELS, UNDO_EVENTS, AssignmentAction, AssignmentState
from app.proposals.assignments.models import (
    CommitmentNote,
    DeadlineReminder,
    ProposalAssignment,
    ProposalCommitment,
    ProposalDeadline,
)
from app.proposals.assignments.rules import DeadlineKind
from app.proposals.handling.commitments import take_up
from app.proposals.handling.recalculation import recalculate
from app.proposals.handling.schemas import UndoIn
from app.proposals.lifecycle import ProposalAction
from app.proposals.models import Proposal, ProposalStep
from app.proposals.news import called
from app.proposals.schemas import ProposalOut
from app.proposals.signers.merging import unmerge
from app.proposals.steps import KEPT, add_step, announce, restored, tell_signers, tell_units, units_of
from app.proposals.text import cosigner_accounts, lock, lock_both, out

_p, _t, _d, _c = table(Proposal), table(ProposalStep), table(ProposalDeadline), table(ProposalCommitment)


def undo(db: Session, actor: Actor, proposal_id: int, wanted: UndoIn) -> ProposalOut:
    """Undo the newest step of the secretariat; later ones must be undone first."""
    into = select(_p.c.merged_into_id).where(_p.c.id == proposal_id)
    lock_both(db, actor, proposal_id, db.connection().scalar(into))
    row = lock(db, actor, proposal_id)
    steps = select(_t).where(_t.c.proposal_id == proposal_id).order_by(_t.c.id.desc())
    rows = db.connection().execute(steps).all()
    wrong = next((step for step in rows if step.id == wanted.step_id), None)
    if wrong is None:
        raise NotFound
    if rules.undoable(rows) != wrong.id:
        raise Conflict("只能撤销最近一步，且这一步之后没有别的进展。", code="not_undoable", state=row.state)
    _take_back(db, actor, row, wrong, wanted.reason)
    _restore(db, row, wrong.before)
    recalculate(
        db, row.organization_id, [proposal_id], actor.account_id
    )  # the calendar may have changed since
    if event := UNDO_EVENTS.get(wrong.action):
        domain_events.publish(db, event, row.organization_id, ("proposal", proposal_id), by=actor.account_id)
    state = wrong.before["proposal"]["state"]
    label = ACTION_LABELS[wrong.action]
    add_step(db, actor, row, "undo", state, reason=wanted.reason, undoes_id=wrong.id, undone=label)
    announce(db, row, "proposal.undo", state)
    news = f"提案{called(row.title)}的“{label}”已撤销：{wanted.reason}"
    tell_signers(db, actor, row, NoticeKind.PROPOSAL_UNDO, news)
    at_work = units_of(
        db.connection(),
        proposal_id,
        *(set(AssignmentState) - {AssignmentState.WITHDRAWN, AssignmentState.RETURNED}),
    )
    tell_units(db, row, at_work, NoticeKind.PROPOSAL_UNDO, news)
    audit(db, actor, "proposal.undo", ("proposal", proposal_id), step_id=wrong.id, undone=wrong.action)
    return out(db, actor, proposal_id)


def _take_back(db: Session, actor: Actor, row: Row[Any], wrong: Row[Any], reason: str) -> None:
    """What a step did beside the columns of its snapshot."""
    subject, by = ("proposal", row.id), actor.account_id
    match wrong.action:
        case ProposalAction.FILE:
            if row.is_key or row.is_commended:
                raise Conflict("请先取消重点提案或优秀提案。", code="marked", state=row.state)
            duty.void(db, subject, reason[:200], by, kinds=["proposal.filed"])
        case ProposalAction.MERGE:
            unmerge(db, actor, row, reason[:200])
        case ProposalAction.RETURN_FOR_REVISION if row.version != wrong.data["version"] or cosigner_accounts(
            db, row.id, ("unconfirmed",)
        ):
            raise Conflict("提案人已开始修改，不能撤销退回。", code="not_undoable", state=row.state)
        case (
            AssignmentAction.APPROVE_REPLY
            | AssignmentAction.WITHDRAW_ASSIGNMENT
            | AssignmentAction.ACCEPT_RETURN
        ):
            promised = wrong.before[_c.name]
            _require_untouched(db, row, [c[0] for c in promised])
            take_up(db, actor, wrong.assignment_id, [c[0] for c in promised if c[2] == "open"], reason)


def _require_untouched(db: Session, row: Row[Any], before: list[int]) -> None:
    """What the step promised, beside what stood `before`, must have no entry yet."""
    n = table(CommitmentNote)
    touched = select(n.c.id).join(_c, _c.c.id == n.c.commitment_id)
    touched = touched.where(_c.c.proposal_id == row.id, _c.c.id.not_in(before))
    if db.connection().scalar(touched.limit(1)) is not None:
        raise Conflict("承诺已有记录，不能撤销答复。", code="not_undoable", state=row.state)


def _restore(db: Session, row: Row[Any], before: dict[str, Any]) -> None:
    conn = db.connection()
    for of, names in KEPT:
        # a snapshot of an earlier release lacks the columns that were added behind the others
        was = [dict(zip(names, values, strict=False)) for values in before[of.name]]
        new = select(of.c.id).where(of.c.proposal_id == row.id, of.c.id.not_in([w["id"] for w in was]))
        if of.name == "proposal_deadline":
            reminded = table(DeadlineReminder)
            conn.execute(delete(reminded).where(reminded.c.deadline_id.in_(new)))
        if of is table(ProposalAssignment):  # the track keeps what was done about those that go
            conn.execute(update(_t).where(_t.c.assignment_id.in_(new)).values(assignment_id=None))
        if of.name != "proposal_reply":  # what was typed stays
            conn.execute(delete(of).where(of.c.id.in_(new)))
        if of is _c:
            continue  # only notes move what was promised
        for values in was:
            _bring_back(conn, of, restored(of, values))
    conn.execute(update(_p).where(_p.c.id == row.id).values(restored(_p, before["proposal"])))


def _bring_back(conn: Connection, of: Table, values: dict[str, Any]) -> None:
    """One row as it was, but for what talks and notes have done since: they keep no step from being undone."""
    mine = of.c.id == values["id"]
    if of is not _d:
        conn.execute(update(of).where(mine).values(values))
        return
    kind = conn.scalar(select(_d.c.kind).where(mine))
    if kind == DeadlineKind.COMMITMENT:
        open_ = _d.c.commitment_id.in_(select(_c.c.id).where(_c.c.state == "open"))
        ended = {name: values[name] for name in ("met_on", "lifted_on")}
        conn.execute(update(_d).where(mine, open_).values(ended))
        return
    if kind == DeadlineKind.CONTACT:
        del values["met_on"]
    conn.execute(update(_d).where(mine).values(values))
