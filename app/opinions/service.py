"""Verbs of opinion reports: write, edit, delete, run a step of the life cycle."""

from typing import Any

from sqlalchemy import Row, func, select, update
from sqlmodel import Session

from app.audit.service import log as audit
from app.auth.actor import Actor
from app.auth.permissions import Permission
from app.core import clock, live
from app.core.errors import Conflict, FieldError, Forbidden, Invalid, NotFound, Stale
from app.core.sql import table
from app.duty import service as duty
from app.duty import turns
from app.notifications.service import notify
from app.opinions import queries
from app.opinions.lifecycle import AT_TIER, LABELS, LIFECYCLE, TIER_LABELS, Action, State, Tier, higher
from app.opinions.models import OpinionReport, OpinionStep, OpinionVersion
from app.opinions.schemas import OpinionIn, OpinionOut, TransitionIn

_r, _t = table(OpinionReport), table(OpinionStep)


def _lock(db: Session, actor: Actor, report_id: int) -> Row[Any]:
    """The report, held until the commit: raced verbs run one after the other, each on the outcome of the last."""
    held = select(_r).where(_r.c.id == report_id, queries.visible_to(actor)).with_for_update()
    row = db.connection().execute(held).one_or_none()
    if row is None:
        raise NotFound
    return row


def _out(db: Session, actor: Actor, report_id: int) -> OpinionOut:
    return OpinionOut.model_validate(queries.read(db.connection(), actor, report_id))


def write(db: Session, actor: Actor, text: OpinionIn) -> OpinionOut:
    """Begin a draft."""
    now = clock.now()
    report = OpinionReport(
        **text.model_dump(),
        organization_id=actor.organization_id,
        account_id=actor.account_id,
        seat_id=actor.own_seat,
        created_at=now,
        edited_at=now,
    )
    db.add(report)
    db.flush()
    assert report.id is not None  # noqa: S101 - flushed
    _keep_version(db, actor, report.id, 1, text)
    return _out(db, actor, report.id)


def edit(db: Session, actor: Actor, report_id: int, version: int, text: OpinionIn) -> OpinionOut:
    """Save the whole text over `version`; `Stale` carries the present report. Saving what is there changes nothing."""
    row = _lock(db, actor, report_id)
    if not queries.may_edit(actor, row.state, author=row.account_id == actor.account_id):
        raise Conflict(
            f"信息当前状态为“{LABELS[State(row.state)]}”，您现在不能修改。",
            code="not_editable",
            state=row.state,
        )
    if (row.title, row.body) == (text.title, text.body):
        return _out(db, actor, report_id)
    if row.version != version:
        raise Stale(current=queries.read(db.connection(), actor, report_id))
    values = text.model_dump() | {"version": version + 1, "edited_at": clock.now()}
    db.connection().execute(update(_r).where(_r.c.id == report_id).values(values))
    _keep_version(db, actor, report_id, version + 1, text)
    return _out(db, actor, report_id)


def _keep_version(db: Session, actor: Actor, report_id: int, version: int, text: OpinionIn) -> None:
    db.add(
        OpinionVersion(
            report_id=report_id,
            version=version,
            **text.model_dump(),
            saved_by=actor.account_id,
            saved_at=clock.now(),
        )
    )
    db.flush()


def delete(db: Session, actor: Actor, report_id: int) -> None:
    """Delete one's own draft."""
    row = _lock(db, actor, report_id)
    if row.account_id != actor.account_id:
        raise Forbidden("只有作者可以删除。", code="not_author")
    if row.state != State.DRAFT:
        raise Conflict("只有草稿可以删除。", code="not_draft", state=row.state)
    db.connection().execute(update(_r).where(_r.c.id == report_id).values(deleted_at=clock.now()))


def transition(db: Session, actor: Actor, report_id: int, wanted: TransitionIn) -> OpinionOut:
    """Run one step: state, track, ledger, notifications and audit in one transaction."""
    row = _lock(db, actor, report_id)
    step = LIFECYCLE.step(State(row.state), wanted.action)
    step.require(actor.permissions, author=row.account_id == actor.account_id)
    step.check_reason(None, wanted.reason)
    _check_fields(wanted)
    changes = _changes(db, row, wanted)
    moved = db.connection().execute(
        update(_r).where(_r.c.id == report_id, _r.c.state == row.state).values(state=step.target, **changes)
    )
    if moved.rowcount != 1:
        raise Conflict(state=row.state)
    db.add(
        OpinionStep(
            report_id=report_id,
            at=clock.now(),
            account_id=actor.account_id,
            from_state=row.state,
            to_state=step.target,
            **wanted.model_dump(),
        )
    )
    db.flush()
    _record(db, actor, row, wanted)
    subject = ("opinion_report", report_id)
    for channel in ("opinions", f"opinion:{report_id}"):
        name = f"opinion.{wanted.action}"
        live.emit(db, row.organization_id, channel, name, subject=subject, id=report_id, state=step.target)
    _tell(db, actor, row, wanted)
    if turn := _TURNS.get(wanted.action):
        turns.happened(db, turn, row.organization_id, subject, by=actor.account_id)
    if step.permission == Permission.OPINION_EDIT:
        detail = {"from": row.state, "to": step.target, "tier": wanted.tier}
        audit(db, actor, f"opinion.{wanted.action}", subject, **detail)
    return _out(db, actor, report_id)


def _check_fields(wanted: TransitionIn) -> None:
    asked = {
        "tier": wanted.action in AT_TIER,
        "leader": wanted.action is Action.COMMENT,
        "words": wanted.action is Action.COMMENT,
    }
    details = {"tier": "请选择层级。", "leader": "请填写批示领导。", "words": "请填写批示内容。"}
    found = [
        FieldError(field=name, code="missing", detail=details[name])
        for name, needed in asked.items()
        if needed and getattr(wanted, name) is None
    ] + [
        FieldError(field=name, code="extra_forbidden", detail="此操作不需要这一项。")
        for name, needed in asked.items()
        if not needed and getattr(wanted, name) is not None
    ]
    if found:
        raise Invalid(errors=found)


def _changes(db: Session, row: Row[Any], wanted: TransitionIn) -> dict[str, Any]:
    """What a step changes in the report beside its state."""
    now = clock.now()
    match wanted.action:
        case Action.SUBMIT:
            parts = {"title": ("标题", row.title), "body": ("正文", row.body)}
            missing = [
                FieldError(field=field, code="missing", detail=f"请填写{label}。")
                for field, (label, text) in parts.items()
                if not text
            ]
            if missing:
                raise Invalid("信息还不完整，暂时不能报送。", code="incomplete", errors=missing)
            return {"submitted_at": now, "submitted_version": row.submitted_version or row.version}
        case Action.WITHDRAW:
            return {"submitted_at": None, "submitted_version": None}
        case Action.ISSUE | Action.FORWARD | Action.ADOPT:
            tier = Tier(wanted.tier or Tier.COUNTY)
            if wanted.action is not Action.ISSUE and _was_at(db, row.id, wanted.action, tier):
                what = "采用" if wanted.action is Action.ADOPT else "转送"
                raise Conflict(
                    f"已在{TIER_LABELS[tier]}{what}过。", code="already_at_tier", state=row.state, tier=tier
                )
            return {"tier": tier} if wanted.action is not Action.FORWARD and higher(tier, row.tier) else {}
        case _:
            return {}


def _was_at(db: Session, report_id: int, action: Action, tier: Tier) -> bool:
    same = (_t.c.report_id == report_id) & (_t.c.action == action) & (_t.c.tier == tier)
    return bool(db.connection().scalar(select(func.count()).where(same)))


def _adopted_tier(db: Session, report_id: int, *, but: Tier) -> str | None:
    """The highest tier of earlier adoptions."""
    earlier = select(_t.c.tier).where(
        _t.c.report_id == report_id, _t.c.action == Action.ADOPT, _t.c.tier != but
    )
    tiers = list(Tier)
    return max(db.connection().scalars(earlier), key=tiers.index, default=None)


def _record(db: Session, actor: Actor, row: Row[Any], wanted: TransitionIn) -> None:
    """The author's credit; an adoption counts once, at its highest tier."""
    subject, by = ("opinion_report", row.id), actor.account_id
    match wanted.action, wanted.tier:
        case Action.SUBMIT, _:
            duty.record(db, row.seat_id, "opinion.submitted", subject, by=by)
        case Action.WITHDRAW, _:
            duty.void(db, subject, "作者撤回", by, kinds=["opinion.submitted"])
        case Action.ADOPT, Tier() as tier if higher(tier, _adopted_tier(db, row.id, but=tier)):
            duty.void(db, subject, "被更高层级采用", by, kinds=["opinion.adopted"])
            duty.record(db, row.seat_id, "opinion.adopted", subject, level=tier, by=by)
        case Action.COMMENT, Tier() as tier:
            duty.record(db, row.seat_id, "opinion.commented", subject, level=tier, note=wanted.leader, by=by)


_TURNS = {
    Action.SUBMIT: "opinion.submitted",
    Action.ISSUE: "opinion.issued",
    Action.ADOPT: "opinion.adopted",
}
_NEWS = {
    Action.START_EDITING: "信息《{title}》进入编辑",
    Action.RETURN: "信息《{title}》请您修改：{reason}",
    Action.ISSUE: "信息《{title}》已由{tier}签发",
    Action.FORWARD: "信息《{title}》已转送{tier}",
    Action.ADOPT: "信息《{title}》被{tier}采用",
    Action.COMMENT: "信息《{title}》获{leader}批示",
}


def _tell(db: Session, actor: Actor, row: Row[Any], wanted: TransitionIn) -> None:
    """The author hears of every step of others."""
    if wanted.action not in _NEWS:
        return
    said = {"reason": wanted.reason, "leader": wanted.leader}
    tier = TIER_LABELS[wanted.tier] if wanted.tier else ""
    news = _NEWS[wanted.action].format(title=row.title, tier=tier, **said)
    told = {row.account_id} - {actor.account_id}
    notify(db, row.organization_id, told, f"opinion.{wanted.action}", news, ("opinion_report", row.id))
