"""Verbs of commitments: note progress, say that one is kept, put it off, drop it."""

from typing import Any

from sqlalchemy import ColumnElement, Row, select, update
from sqlmodel import Session

from app.audit.service import log as audit
from app.auth.actor import Actor
from app.auth.permissions import Permission
from app.core import clock
from app.core.errors import Conflict, Forbidden, Invalid, NotFound
from app.core.sql import table
from app.duty import domain_events
from app.notifications.kinds import NoticeKind
from app.people.models import Unit
from app.proposals import news
from app.proposals.assignments.lifecycle import ResultClass
from app.proposals.assignments.models import (
    CommitmentNote,
    ProposalAssignment,
    ProposalCommitment,
    ProposalDeadline,
    ProposalReply,
)
from app.proposals.assignments.rules import DeadlineKind
from app.proposals.handling.deadlines import meet, of_commitment
from app.proposals.handling.queries import commitments
from app.proposals.handling.schemas import CommitmentNoteIn, CommitmentOut
from app.proposals.steps import announce, tell_signers, tell_staff
from app.proposals.text import lock

_u, _r = table(Unit), table(ProposalReply)
_c, _a, _d = table(ProposalCommitment), table(ProposalAssignment), table(ProposalDeadline)
_ENDS = {"kept": "kept", "dropped": "dropped"}


def note(db: Session, actor: Actor, commitment_id: int, said: CommitmentNoteIn) -> CommitmentOut:
    """Add an entry to a commitment that is open; a unit to its own, staff to any."""
    conn, now = db.connection(), clock.now()
    row, held = _lock(db, actor, commitment_id)
    if held.state != "open":
        label = commitments.STATE_LABELS[held.state]
        raise Conflict(f"这项承诺{label}，不能再改。", code="commitment_ended", state=held.state)
    if (said.action == "postponed") != (said.due_on is not None):
        raise Invalid("延期须填写新的完成日期，其他情况不填。", code="bad_due_on")
    if said.due_on and said.due_on <= max(held.due_on, clock.local_day(now, actor.zone)):
        raise Invalid("新的完成日期应晚于原定日期和今天。", code="bad_due_on")
    db.add(
        CommitmentNote(
            commitment_id=commitment_id,
            action=said.action,
            body=said.body,
            from_on=held.due_on if said.due_on else None,
            to_on=said.due_on,
            account_id=actor.account_id,
            at=now,
        )
    )
    db.flush()
    mine = of_commitment(commitment_id)
    if said.due_on:
        day = clock.in_words(said.due_on)
        conn.execute(update(_c).where(_c.c.id == commitment_id).values(due_on=said.due_on))
        how = f"经说明理由延期至{day}"
        conn.execute(update(_d).where(mine, _d.c.met_on.is_(None)).values(due_on=said.due_on, how=how))
    if state := _ENDS.get(said.action):
        conn.execute(update(_c).where(_c.c.id == commitment_id).values(state=state, ended_at=now))
        meet(db, actor, [DeadlineKind.COMMITMENT], mine, lifted=state == "dropped")
    if said.action == "kept":
        domain_events.publish(
            db, "commitment.kept", row.organization_id, ("proposal", row.id), by=actor.account_id
        )
    announce(db, row, f"commitment.{said.action}", row.state)
    sentence = news.of_commitment(said.action, row.title, held.unit_name, said.body, said.due_on)
    tell_signers(db, actor, row, NoticeKind.of(f"commitment.{said.action}"), sentence)
    if not actor.may(Permission.PROPOSAL_REVIEW):
        tell_staff(db, row, NoticeKind.of(f"commitment.{said.action}"), sentence)
    audit(db, actor, f"commitment.{said.action}", ("proposal", row.id), commitment_id=commitment_id)
    return commitments.commitment(conn, actor, commitment_id)


def drop(db: Session, actor: Actor, assignment_id: int, reason: str | None) -> None:
    """End what a unit has promised that does not handle the proposal any more."""
    _turn(db, actor, _c.c.assignment_id == assignment_id, "dropped", f"不再由该单位承办：{reason}")


def replace(db: Session, actor: Actor, row: Row[Any], assignment_id: int, result: str) -> None:
    """End what a unit promised in earlier rounds, now that a later reply of its was sent: it says what holds.

    Kept where the reply says solved; what was overdue was not kept, and stays so.
    """
    conn, today = db.connection(), clock.local_day(clock.now(), actor.zone)
    earlier = select(_r.c.id).where(_r.c.assignment_id == assignment_id, _r.c.round < row.round)
    of_it = (_c.c.assignment_id == assignment_id) & _c.c.reply_id.in_(earlier) & (_c.c.state == "open")
    solved = result == ResultClass.SOLVED
    for promised in conn.execute(select(_c.c.id, _c.c.due_on).where(of_it)).all():
        late = promised.due_on < today
        state = "kept" if solved else "dropped" if late else "replaced"
        said = "重新办理后的答复写明已经解决或采纳" if solved else "重新办理后另有答复，以新的答复为准"
        _turn(db, actor, _c.c.id == promised.id, state, said)
        meet(db, actor, [DeadlineKind.COMMITMENT], of_commitment(promised.id), lifted=not solved)


def take_up(db: Session, actor: Actor, assignment_id: int, commitment_ids: list[int], reason: str) -> None:
    """Go on with what a step about a unit's work ended, which was wrong."""
    ended = _c.c.id.in_(commitment_ids) & (_c.c.assignment_id == assignment_id)
    _turn(db, actor, ended, "open", f"上一步已撤销，承诺继续：{reason}")


def _turn(db: Session, actor: Actor, which: ColumnElement[bool], state: str, said: str) -> None:
    conn, now = db.connection(), clock.now()
    ended = _c.c.state != "open"
    before, ended_at = (ended, None) if state == "open" else (~ended, now)
    turned = update(_c).where(which, before).values(state=state, ended_at=ended_at)
    for commitment_id in sorted(conn.scalars(turned.returning(_c.c.id))):
        action = "progress" if state == "open" else state
        entry = {"commitment_id": commitment_id, "action": action, "body": said[:500]}
        db.add(CommitmentNote(**entry, account_id=actor.account_id, at=now))
    db.flush()


def _lock(db: Session, actor: Actor, commitment_id: int) -> tuple[Row[Any], Row[Any]]:
    """The proposal, held like by every verb, and the commitment with its unit."""
    conn = db.connection()
    proposal_id = conn.scalar(select(_c.c.proposal_id).where(_c.c.id == commitment_id))
    row = lock(db, actor, proposal_id or 0)
    found = select(_c, _a.c.unit_id, _u.c.name.label("unit_name")).join(_a, _a.c.id == _c.c.assignment_id)
    found = found.join(_u, _u.c.id == _a.c.unit_id)
    held = conn.execute(found.where(_c.c.id == commitment_id)).one_or_none()
    if held is None:
        raise NotFound
    if not actor.may(Permission.PROPOSAL_REVIEW) and held.unit_id != actor.unit_id:
        raise Forbidden("只有作出承诺的单位和政协机关可以记录。", code="not_your_commitment")
    return row, held
