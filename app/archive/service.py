"""Verbs of claims and appeals: hand in, edit, decide; the ledger moves in the same transaction."""

from typing import Any

from sqlalchemy import Row, insert, select, update
from sqlmodel import Session

from app.archive import decisions, queries
from app.archive.lifecycle import LIFECYCLES, ClaimAction, ClaimKind, ClaimState
from app.archive.models import Claim, ClaimStep
from app.archive.project_deeds import of_record
from app.archive.schemas import ClaimIn, ClaimOut, ClaimStepIn
from app.audit.service import log as audit
from app.auth.actor import Actor
from app.casefiles import steps
from app.core import clock, live
from app.core.errors import Conflict, Forbidden, Invalid, NotFound, Stale
from app.core.sql import advisory_lock, table
from app.duty.kinds import KINDS
from app.duty.models import DutyRecord
from app.duty.outside import manual
from app.files import service as files
from app.notifications.kinds import NoticeKind
from app.notifications.service import notify
from app.projects.queries import open_title
from app.projects.rules import DEED

_c, _t, _d = table(Claim), table(ClaimStep), table(DutyRecord)

_NEWS: dict[tuple[str, str], str] = {
    (ClaimKind.CLAIM, ClaimAction.CONFIRM): "您申报的“{title}”已确认，记入履职档案",
    (ClaimKind.CLAIM, ClaimAction.REFUSE): "您申报的“{title}”未予确认：{reason}",
    (ClaimKind.CLAIM, ClaimAction.REOPEN): "您申报的“{title}”重新审核：{reason}",
    (ClaimKind.APPEAL, ClaimAction.CONFIRM): "您对“{title}”的申诉已更正：{reason}",
    (ClaimKind.APPEAL, ClaimAction.REFUSE): "您对“{title}”的申诉已驳回：{reason}",
    (ClaimKind.APPEAL, ClaimAction.REOPEN): "您对“{title}”的申诉重新审核：{reason}",
}


def hand_in(db: Session, actor: Actor, new: ClaimIn) -> ClaimOut:
    """Hand in a claim or an appeal with its proof."""
    now, seat_id = clock.now(), actor.own_seat
    row = {
        "organization_id": actor.organization_id,
        "account_id": actor.account_id,
        "seat_id": seat_id,
        "state": ClaimState.WAITING,
        "version": 1,
        "record_id": new.record_id,
        "created_at": now,
        "edited_at": now,
        **_said(db, seat_id, new),
        "project_id": _project(db, actor, new),
    }
    if new.record_id:
        _require_free(db, new.record_id)
    claim_id = db.connection().execute(insert(_c).values(row).returning(_c.c.id)).scalar_one()
    files.attach(db, actor, new.files, ("claim", claim_id))
    _announce(db, actor.organization_id, claim_id, ClaimState.WAITING)
    return _read(db, actor, claim_id)


def _project(db: Session, actor: Actor, new: ClaimIn, kept: int | None = None) -> int | None:
    """The project in which an act was done, or the one in which the act of the record was that is appealed against.

    One that the claim names already (`kept`) may have been closed since.
    """
    if new.act is None:
        if new.project_id:
            raise Invalid("申诉不需要选择项目。", code="extra_forbidden")
        return of_record(db.connection(), new.record_id) if new.record_id else None
    if new.project_id and new.act.kind != DEED:
        raise Invalid(f"只有“{KINDS[DEED].label}”可以记入办实事项目。", code="no_deed")
    if new.project_id not in (None, kept) and open_title(db.connection(), actor, new.project_id) is None:
        raise Conflict(
            "这个项目不在进行中，请另选项目，或者不选项目提交。", code="project_not_open", state="closed"
        )
    return new.project_id


def _said(db: Session, seat_id: int, new: ClaimIn) -> dict[str, Any]:
    """What a member says, as columns; `Invalid` when it is neither a claim nor an appeal."""
    if new.act is None:
        if not new.body:
            raise Invalid("请写明哪里不对。", code="words_required")
        title = _appealed(db, seat_id, new.record_id) if new.record_id else "缺漏的履职记录"
        return {"kind": ClaimKind.APPEAL, "title": title, "body": new.body}
    if new.record_id:
        raise Invalid("申报和申诉请分开提交。", code="claim_or_appeal")
    manual.check_day(db.connection(), seat_id, new.act.held_on)
    act = new.act.model_dump()
    return {"kind": ClaimKind.CLAIM, "body": new.body, "act_kind": act.pop("kind"), **act}


def _appealed(db: Session, seat_id: int, record_id: int) -> str:
    """What a record of the seat is called: its kind and day; `NotFound` for those of others."""
    found = select(_d.c.kind, _d.c.occurred_on, _d.c.voided_at)
    row = db.connection().execute(found.where(_d.c.id == record_id, _d.c.seat_id == seat_id)).one_or_none()
    if row is None:
        raise NotFound
    if row.voided_at is not None:
        raise Conflict("这条记录已经作废，不必申诉。", code="already_voided", state="voided")
    return f"{KINDS[row.kind].label}（{row.occurred_on}）"


def _require_free(db: Session, record_id: int) -> None:
    """`Conflict` while another appeal against the record waits."""
    conn = db.connection()
    advisory_lock(conn, f"appeal:{record_id}")
    waiting = select(_c.c.id).where(_c.c.record_id == record_id, _c.c.state == ClaimState.WAITING)
    if conn.scalar(waiting.limit(1)):
        raise Conflict("这条记录已有申诉在处理。", code="already_appealed", state=ClaimState.WAITING)


def edit(db: Session, actor: Actor, claim_id: int, version: int, new: ClaimIn) -> ClaimOut:
    """Say it again while it waits; `Stale` carries the present claim. What it is about stays the same."""
    row = _lock(db, actor, claim_id)
    if row.account_id != actor.account_id:
        raise Forbidden("只有本人可以修改。", code="not_author")
    if row.state != ClaimState.WAITING:
        label = LIFECYCLES[ClaimKind(row.kind)].labels[ClaimState(row.state)]
        raise Conflict(f"当前状态为“{label}”，不能修改。", code="not_editable", state=row.state)
    if row.version != version:
        raise Stale(current=queries.read(db.connection(), actor, claim_id))
    said = _said(db, row.seat_id, new)
    if new.act:
        said["project_id"] = _project(db, actor, new, row.project_id)
    if (said["kind"], new.record_id) != (row.kind, row.record_id):
        raise Invalid("不能改为另一件事，请撤回后重新提交。", code="other_subject")
    values = said | {"version": version + 1, "edited_at": clock.now()}
    db.connection().execute(update(_c).where(_c.c.id == claim_id).values(values))
    subject = ("claim", claim_id)
    files.attach(db, actor, new.files, subject)
    files.detach(db, subject, keep=new.files)
    _announce(db, actor.organization_id, claim_id, row.state)
    return _read(db, actor, claim_id)


def step(db: Session, actor: Actor, claim_id: int, version: int, wanted: ClaimStepIn) -> ClaimOut:
    """Run one step on the version that the caller has seen: state, ledger, track, news and audit."""
    row = _lock(db, actor, claim_id)
    taken = LIFECYCLES[ClaimKind(row.kind)].step(ClaimState(row.state), wanted.action)
    own = row.account_id == actor.account_id
    taken.require(actor.permissions, author=own)
    if own and not taken.by_author:
        raise Forbidden("不能审核本人提交的申报和申诉。", code="own_claim")
    if row.version != version:
        raise Stale(current=queries.read(db.connection(), actor, claim_id))
    taken.check_reason(None, wanted.reason)
    changed = decisions.run(db, actor, row, wanted)
    _write(db, actor, row, wanted, taken.target, changed)
    return _read(db, actor, claim_id)


def _write(
    db: Session,
    actor: Actor,
    row: Row[Any],
    wanted: ClaimStepIn,
    target: ClaimState,
    changed: decisions.Changed,
) -> None:
    conn, now, subject = db.connection(), clock.now(), ("claim", row.id)
    decided = target in {ClaimState.CONFIRMED, ClaimState.REFUSED}
    values = {
        "reason": wanted.reason if decided else None,
        "decided_at": now if decided else None,
        "record_id": changed.record_id,
        "recorded_id": changed.stands_id,
    }
    steps.move(db, _c, row, target, **values)
    track = {
        "claim_id": row.id,
        "at": now,
        "account_id": actor.account_id,
        "action": wanted.action,
        "from_state": row.state,
        "to_state": target,
        "reason": wanted.reason,
        "voided_id": changed.voided_id,
        "recorded_id": changed.recorded_id,
    }
    conn.execute(insert(_t).values(track))
    _announce(db, row.organization_id, row.id, target)
    if wanted.action is not ClaimAction.WITHDRAW:
        news = _NEWS[row.kind, wanted.action].format(title=row.title, reason=wanted.reason)
        notify(
            db, row.organization_id, [row.account_id], NoticeKind.of(f"claim.{wanted.action}"), news, subject
        )
    audit(db, actor, f"claim.{wanted.action}", subject, **{"from": row.state, "to": target})


def _lock(db: Session, actor: Actor, claim_id: int) -> Row[Any]:
    return steps.lock(db, select(_c).where(_c.c.id == claim_id, queries.visible_to(actor)))


def _read(db: Session, actor: Actor, claim_id: int) -> ClaimOut:
    return ClaimOut.model_validate(queries.read(db.connection(), actor, claim_id))


def _announce(db: Session, organization_id: int, claim_id: int, state: str) -> None:
    subject = ("claim", claim_id)
    live.emit(db, organization_id, "claims", "claim.changed", subject=subject, id=claim_id, state=state)
