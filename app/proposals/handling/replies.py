"""Verbs of replies (答复): draft, hand in, check, send; what they promise becomes a commitment."""

from typing import Any

from sqlalchemy import Row, select, update
from sqlmodel import Session

from app.auth.actor import Actor
from app.core import clock
from app.core.errors import Conflict, FieldError, Invalid, Stale
from app.core.sql import table
from app.files import service as files
from app.files.queries import attached
from app.proposals.assignments.lifecycle import ANSWERING, PROMISING, WORK_LABELS, WRITABLE, AssignmentState
from app.proposals.assignments.models import ProposalCommitment, ProposalReply
from app.proposals.assignments.rules import AGAIN_MONTHS, DeadlineKind
from app.proposals.handling import commitments
from app.proposals.handling.deadlines import meet, of_assignment, open_deadline, unmeet
from app.proposals.handling.queries import assignments
from app.proposals.handling.schemas import UnitReplyIn, UnitReplyOut
from app.proposals.schemas import AttachmentsIn
from app.proposals.steps import own_work
from app.proposals.text import lock
from app.workdays.queries import calendar
from app.workdays.rules import Due, after_months

_r = table(ProposalReply)


def save(
    db: Session, actor: Actor, proposal_id: int, assignment_id: int, version: int, text: UnitReplyIn
) -> UnitReplyOut:
    """Save the draft of a reply over `version` (0: the first); `Stale` carries the present one."""
    row = lock(db, actor, proposal_id)
    work = own_work(db, actor, row, assignment_id)
    if work.state not in WRITABLE:
        raise Conflict(
            f"当前状态为“{WORK_LABELS[AssignmentState(work.state)]}”，答复现在不能修改。",
            code="not_editable",
            state=work.state,
        )
    held = _draft(db, row, work)
    values = text.model_dump()
    if held is not None and all(getattr(held, name) == value for name, value in values.items()):
        return assignments.reply(db.connection(), actor, held.id)
    if version != (held.version if held is not None else 0):
        raise Stale(current=assignments.reply(db.connection(), actor, held.id) if held else None)
    saved = values | {"version": version + 1, "saved_by": actor.account_id, "saved_at": clock.now()}
    if held is not None:
        db.connection().execute(update(_r).where(_r.c.id == held.id).values(saved))
        return assignments.reply(db.connection(), actor, held.id)
    made = ProposalReply(proposal_id=row.id, assignment_id=work.id, round=row.round, **saved)
    db.add(made)
    db.flush()
    assert made.id is not None  # noqa: S101 - flushed
    return assignments.reply(db.connection(), actor, made.id)


def attach(
    db: Session, actor: Actor, proposal_id: int, assignment_id: int, wanted: AttachmentsIn
) -> UnitReplyOut:
    """Hang exactly these files on the draft of a reply; those of a colleague stay where they are named."""
    row = lock(db, actor, proposal_id)
    work = own_work(db, actor, row, assignment_id)
    held = _draft(db, row, work)
    if work.state not in WRITABLE or held is None:
        detail = "请先保存答复，再添加附件。" if work.state in WRITABLE else "答复现在不能修改。"
        raise Conflict(detail, code="not_editable", state=work.state)
    subject = ("proposal_reply", held.id)
    there = {file["key"] for file in attached(db.connection(), subject[0], [held.id])[held.id]}
    files.attach(db, actor, [key for key in wanted.keys if key not in there], subject)
    files.detach(db, subject, keep=wanted.keys)
    return assignments.reply(db.connection(), actor, held.id)


def _draft(db: Session, row: Row[Any], work: Row[Any]) -> Row[Any] | None:
    mine = select(_r).where(_r.c.assignment_id == work.id, _r.c.round == row.round)
    return db.connection().execute(mine).one_or_none()


def submit(db: Session, actor: Actor, row: Row[Any], work: Row[Any]) -> None:
    """Hand the reply in to be checked, if it is complete."""
    held, today = _draft(db, row, work), clock.local_day(clock.now(), actor.zone)
    found = []
    if held is None or not held.body.strip():
        found.append(FieldError(field="body", code="missing", detail="请填写答复正文。"))
    if work.role in ANSWERING:
        if held is None or held.result_class is None:
            found.append(FieldError(field="result_class", code="missing", detail="请选择办理结果。"))
        if held is None or held.asked is None or held.adopted is None:
            found.append(FieldError(field="asked", code="missing", detail="请填写建议条数和采纳条数。"))
        elif held.adopted > held.asked:
            found.append(FieldError(field="adopted", code="too_many", detail="采纳条数不能多于建议条数。"))
        if held is not None and held.result_class in PROMISING:
            if not held.commitment or held.commitment_due_on is None:
                detail = "正在解决或列入计划的，请写明承诺事项和完成日期。"
                found.append(FieldError(field="commitment", code="missing", detail=detail))
            elif held.commitment_due_on <= today:
                detail = "承诺的完成日期应晚于今天。"
                found.append(FieldError(field="commitment_due_on", code="not_later", detail=detail))
    if found:
        raise Invalid("答复还不完整，暂时不能提交。", code="incomplete", errors=found)
    assert held is not None  # noqa: S101 - its body was read
    db.connection().execute(update(_r).where(_r.c.id == held.id).values(submitted_at=clock.now()))
    meet(db, actor, [DeadlineKind.REPLY], of_assignment(work.id))


def send_back(db: Session, row: Row[Any], work: Row[Any]) -> None:
    """Let the unit write on; what was due is due again."""
    held = _draft(db, row, work)
    assert held is not None  # noqa: S101 - it was submitted
    db.connection().execute(update(_r).where(_r.c.id == held.id).values(submitted_at=None))
    unmeet(db, DeadlineKind.REPLY, of_assignment(work.id))


def approve(db: Session, actor: Actor, row: Row[Any], work: Row[Any]) -> None:
    """Send the reply to the author; what it promises for later becomes a commitment."""
    held, now = _draft(db, row, work), clock.now()
    assert held is not None  # noqa: S101 - it was submitted
    db.connection().execute(update(_r).where(_r.c.id == held.id).values(replied_at=now))
    if work.role not in ANSWERING:
        return
    commitments.replace(db, actor, row, work.id, held.result_class)
    if held.result_class in PROMISING:
        _promise(db, actor, row, work, held)


def _promise(db: Session, actor: Actor, row: Row[Any], work: Row[Any], reply: Row[Any]) -> None:
    commitment = ProposalCommitment(
        organization_id=row.organization_id,
        proposal_id=row.id,
        assignment_id=work.id,
        reply_id=reply.id,
        result_class=reply.result_class,
        body=reply.commitment,
        due_on=reply.commitment_due_on,
        created_at=clock.now(),
    )
    db.add(commitment)
    db.flush()
    today, day = clock.local_day(clock.now(), actor.zone), reply.commitment_due_on
    how = f"承办单位在答复中承诺于{clock.in_words(day)}前完成"
    open_deadline(
        db,
        row,
        DeadlineKind.COMMITMENT,
        today,
        assignment_id=work.id,
        commitment_id=commitment.id,
        by=Due(day, how),
    )


def ask_for_rating(db: Session, actor: Actor, row: Row[Any]) -> None:
    """Let the signers rate now and, where something was promised, once more after half a year."""
    conn, today = db.connection(), clock.local_day(clock.now(), actor.zone)
    open_deadline(db, row, DeadlineKind.RATE, today)
    promised = select(_r.c.id).where(
        _r.c.proposal_id == row.id,
        _r.c.round == row.round,
        _r.c.replied_at.is_not(None),
        _r.c.result_class.in_(PROMISING),
    )
    if conn.scalar(promised.limit(1)) is not None:
        start = after_months(calendar(conn, row.organization_id), today, AGAIN_MONTHS).on
        open_deadline(db, row, DeadlineKind.RATE_AGAIN, start)
