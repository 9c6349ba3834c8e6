"""What the steps of claims and appeals do to the ledger, which only grows: undoing a decision writes new records."""

from typing import Any, NamedTuple

from sqlalchemy import Row, select
from sqlmodel import Session

from app.archive.lifecycle import ClaimAction, ClaimKind
from app.archive.models import ClaimStep
from app.archive.project_deeds import other_project
from app.archive.schemas import ClaimStepIn
from app.auth.actor import Actor
from app.core.errors import Conflict, Invalid
from app.core.sql import advisory_lock, table
from app.duty.models import DutyRecord
from app.duty.outside import manual
from app.duty.records import CLAIM_REF
from app.duty.schemas import OutsideActIn
from app.projects.rules import DEED

_t, _d = table(ClaimStep), table(DutyRecord)


class Changed(NamedTuple):
    """The record that a claim is about, the one that the decision left, and what the step voided and wrote."""

    record_id: int | None
    stands_id: int | None = None
    voided_id: int | None = None
    recorded_id: int | None = None


def run(db: Session, actor: Actor, row: Row[Any], wanted: ClaimStepIn) -> Changed:
    """Do to the ledger what a step says; `Invalid` for what it does not ask for."""
    says_more = wanted.act or wanted.void or wanted.record_id
    appeal_only = wanted.void or wanted.record_id
    if (says_more and wanted.action is not ClaimAction.CONFIRM) or (
        appeal_only and row.kind == ClaimKind.CLAIM
    ):
        raise Invalid("此操作不需要这些内容。", code="extra_forbidden")
    match wanted.action:
        case ClaimAction.CONFIRM if row.kind == ClaimKind.CLAIM:
            act = wanted.act or OutsideActIn(
                kind=row.act_kind,
                form=row.form,
                title=row.title,
                held_on=row.held_on,
                place=row.place,
                role=row.role,
                level=row.level,
                measures=row.measures or {},
            )
            recorded_id = _record(db, actor, row, act)
            return Changed(None, recorded_id, recorded_id=recorded_id)
        case ClaimAction.CONFIRM:
            return _correct(db, actor, row, wanted)
        case ClaimAction.REOPEN:
            return _undo(db, actor, row, wanted.reason or "")
        case _:
            return Changed(row.record_id)


def _record(db: Session, actor: Actor, row: Row[Any], act: OutsideActIn) -> int:
    ref = f"{CLAIM_REF}{row.id}"
    _, record_id = manual.write_outside(db, actor, row.seat_id, act, source="claim", source_ref=ref)
    _keep_in_one_project(db, row, record_id)
    return record_id


def _keep_in_one_project(db: Session, row: Row[Any], record_id: int) -> None:
    """What several members did together belongs to one project, so that no figure counts it twice."""
    conn = db.connection()
    act_id = conn.scalar(select(_d.c.subject_id).where(_d.c.id == record_id, _d.c.kind == DEED))
    if row.project_id is None or act_id is None:
        return
    advisory_lock(conn, f"deed {act_id}")
    if other_project(conn, act_id, row.project_id):
        raise Conflict(
            "同一件实事已记入另一个项目，请核对名称后再确认。", code="other_project", state=row.state
        )


def _correct(db: Session, actor: Actor, row: Row[Any], wanted: ClaimStepIn) -> Changed:
    """Void the wrong record, record the right one, or both; what came about on the platform is corrected there."""
    if wanted.void and not row.record_id:
        raise Invalid("申诉没有指明记录，没有可作废的。", code="nothing_to_void")
    if wanted.act and wanted.record_id:
        raise Invalid("重新登记和指明已有记录只能选一项。", code="act_or_record")
    if wanted.void:
        manual.void_record(db, actor, row.record_id, wanted.reason or "")
    recorded_id = _record(db, actor, row, wanted.act) if wanted.act else None
    if wanted.record_id and not _stands(db, row.seat_id, wanted.record_id):
        raise Conflict("该委员没有这条有效记录。", code="no_such_record", state=row.state)
    stands_id = recorded_id or wanted.record_id
    if stands_id is None and (not row.record_id or _stands(db, row.seat_id, row.record_id)):
        raise Conflict("还没有更正任何记录。", code="nothing_corrected", state=row.state)
    return Changed(row.record_id, stands_id, row.record_id if wanted.void else None, recorded_id)


def _undo(db: Session, actor: Actor, row: Row[Any], reason: str) -> Changed:
    """Void what the decision wrote, and record again what it voided."""
    last = select(_t.c.voided_id, _t.c.recorded_id).where(_t.c.claim_id == row.id).order_by(_t.c.id.desc())
    voided_id, recorded_id = db.connection().execute(last.limit(1)).one()
    if recorded_id and _stands(db, row.seat_id, recorded_id):
        manual.void_record(db, actor, recorded_id, reason)
    if voided_id is None:
        return Changed(row.record_id, voided_id=recorded_id)
    again = manual.record_again(db, actor, voided_id)
    _keep_in_one_project(db, row, again)
    return Changed(again, voided_id=recorded_id, recorded_id=again)


def _stands(db: Session, seat_id: int, record_id: int) -> bool:
    same = (_d.c.id == record_id) & (_d.c.seat_id == seat_id) & _d.c.voided_at.is_(None)
    return db.connection().scalar(select(_d.c.id).where(same)) is not None
