"""Verbs of the life cycle of opinion reports: run a step, undo one."""

from dataclasses import replace
from typing import Any

from sqlalchemy import Row, select
from sqlmodel import Session

from app.audit.service import log as audit
from app.auth.actor import Actor
from app.auth.permissions import Permission
from app.core import clock
from app.core.errors import Conflict, FieldError, Forbidden, Invalid
from app.core.sql import table
from app.opinions.combining import FEWEST, combine, let_go, release, sources
from app.opinions.lifecycle import (
    SHARED,
    TIER_LABELS,
    UNDOABLE,
    OpinionAction,
    OpinionKind,
    OpinionState,
    Tier,
)
from app.opinions.models import OpinionReport, OpinionVersion
from app.opinions.schemas import OpinionOut, OpinionTransitionIn
from app.opinions.steps.queries import comments_as_leader, last_step, may_undo
from app.opinions.steps.service import StepRun, check_fields, held, permitted, take
from app.opinions.text import lock, newest, out
from app.opinions.text import release as release_text
from app.people.models import Organization

_r, _v = table(OpinionReport), table(OpinionVersion)
_BY_AUTHOR = frozenset({OpinionAction.SUBMIT, OpinionAction.WITHDRAW})


def transition(db: Session, actor: Actor, report_id: int, wanted: OpinionTransitionIn) -> OpinionOut:
    """Run one step: state, track, ledger, notifications and audit in one transaction."""
    verbs = {OpinionAction.COMBINE: combine, OpinionAction.RELEASE: release, OpinionAction.UNDO: _undo}
    before = verbs.get(wanted.action, _move)(db, actor, report_id, wanted)
    after = out(db, actor, report_id)
    if wanted.action not in _BY_AUTHOR:
        detail = {"from": before.state, "to": after.state, "tier": wanted.tier}
        audit(db, actor, f"opinion.{wanted.action}", ("opinion_report", report_id), **detail)
    return after


def _move(db: Session, actor: Actor, report_id: int, wanted: OpinionTransitionIn) -> Row[Any]:
    row = lock(db, actor, report_id)
    target = permitted(actor, row, wanted).target
    if wanted.action is OpinionAction.COMMENT and comments_as_leader(actor):
        wanted = _own_comment(db, actor, row, wanted)
    changes = _changes(db, actor, row, wanted)
    said = wanted.model_dump(include={"tier", "leader", "words", "reason"})
    step = StepRun(wanted.action, target, **said)
    take(db, actor, row, step, **changes)
    if wanted.action in SHARED:
        for source in sources(db, row):
            take(db, actor, source, replace(step, target=source.state, other_id=row.id))
    return row


def _own_comment(
    db: Session, actor: Actor, row: Row[Any], wanted: OpinionTransitionIn
) -> OpinionTransitionIn:
    """A leader comments in their own name, at the level of their organization, and not on what is their own."""
    conn, o = db.connection(), table(Organization)
    of_actor = _r.c.account_id == actor.account_id
    own = select(_r.c.id).where(of_actor, (_r.c.id == row.id) | (_r.c.combined_into_id == row.id))
    if conn.scalar(own.limit(1)):
        raise Forbidden("不能批示自己反映的信息。", code="own_report")
    level = conn.execute(select(o.c.level).where(o.c.id == actor.organization_id)).scalar_one()
    return wanted.model_copy(update={"leader": actor.name, "tier": Tier(level)})


def _changes(db: Session, actor: Actor, row: Row[Any], wanted: OpinionTransitionIn) -> dict[str, Any]:
    """What a step changes in the report beside its state and tier; `Conflict` or `Invalid` when it cannot be taken."""
    match wanted.action:
        case OpinionAction.SUBMIT:
            _require_whole(db, row, "信息还不完整，暂时不能报送。")
            first = row.submitted_version or row.version
            return {"submitted_at": clock.now(), "submitted_version": first}
        case OpinionAction.WITHDRAW:
            return {"submitted_at": None, "submitted_version": None}
        case OpinionAction.RETURN:
            release_text(db, row.id)
        case OpinionAction.SHELVE:
            let_go(db, actor, row, wanted.reason)
        case OpinionAction.ISSUE:
            _require_whole(db, row, "信息还不完整，暂时不能签发。")
            if row.kind == OpinionKind.COMBINED and len(sources(db, row)) < FEWEST:
                raise Conflict("综合信息至少由两篇信息编成。", code="too_few_sources", state=row.state)
            release_text(db, row.id)
        case OpinionAction.FORWARD | OpinionAction.ADOPT:
            _require_new_tier(db, row, wanted)
    return {}


def _require_whole(db: Session, row: Row[Any], detail: str) -> None:
    title, body = newest(db, row)
    parts = {"title": ("标题", title), "body": ("正文", body)}
    missing = [
        FieldError(field=field, code="missing", detail=f"请填写{label}。")
        for field, (label, text) in parts.items()
        if not text
    ]
    if missing:
        raise Invalid(detail, code="incomplete", errors=missing)


def _require_new_tier(db: Session, row: Row[Any], wanted: OpinionTransitionIn) -> None:
    if wanted.tier and wanted.tier in {s.tier for s in held(db, row.id, wanted.action)}:
        what = "采用" if wanted.action is OpinionAction.ADOPT else "转送"
        raise Conflict(
            f"已在{TIER_LABELS[wanted.tier]}{what}过。",
            code="already_at_tier",
            state=row.state,
            tier=wanted.tier,
        )


def _undo(db: Session, actor: Actor, report_id: int, wanted: OpinionTransitionIn) -> Row[Any]:
    """Lead a report, and the parts of a combined one, back to where the last step began; the track keeps both."""
    row = lock(db, actor, report_id)
    conn = db.connection()
    last = last_step(conn, report_id)
    if not actor.may(Permission.OPINION_EDIT) and not (last and may_undo(actor, last)):
        raise Forbidden
    if not wanted.reason:
        raise Invalid("请说明理由。", code="reason_required")
    check_fields(actor, wanted)
    if last is None or last.action not in UNDOABLE or row.state == OpinionState.COMBINED:
        raise Conflict("上一步不能撤销。", code="not_undoable", state=row.state)
    if last.id != wanted.step_id:
        raise Conflict("信息已有新的进展，请刷新后再试。", code="step_moved", state=row.state)
    if last.action == OpinionAction.START_EDITING and sources(db, row):
        raise Conflict("已编入信息，请先移出再撤销。", code="not_undoable", state=row.state)
    since = (_v.c.report_id == report_id) & (_v.c.saved_at > last.at)
    if conn.scalar(select(_v.c.version).where(since).limit(1)):
        raise Conflict("此后文稿已有修改，不能撤销。", code="text_moved", state=row.state)
    undo = StepRun(OpinionAction.UNDO, last.from_state, reason=wanted.reason, undoes_id=last.id)
    take(db, actor, row, undo)
    if last.action in SHARED:
        for source in sources(db, row):
            mirrored = last_step(conn, source.id)
            assert mirrored is not None  # noqa: S101 - it took the step with the combined report
            step = replace(undo, target=source.state, undoes_id=mirrored.id, other_id=row.id)
            take(db, actor, source, step)
    return row
