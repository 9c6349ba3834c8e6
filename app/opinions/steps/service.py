"""What every step of a report does beside its own work: the track, the ledger, the news."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, select, update
from sqlmodel import Session

from app.auth.actor import Actor
from app.casefiles import steps
from app.core import clock, live
from app.core.errors import Conflict, FieldError, Invalid
from app.core.lifecycle import Transition
from app.core.sql import table
from app.duty import domain_events
from app.duty import service as duty
from app.notifications.kinds import NoticeKind
from app.notifications.service import notify, settle
from app.opinions import news
from app.opinions.lifecycle import (
    ACTION_LABELS,
    KIND_LABELS,
    LIFECYCLE,
    Asked,
    OpinionAction,
    OpinionState,
    Tier,
    higher,
    highest,
    never,
)
from app.opinions.models import OpinionReport, OpinionStep
from app.opinions.schemas import OpinionTransitionIn
from app.opinions.steps.queries import asked, comments_as_leader

_r, _t = table(OpinionReport), table(OpinionStep)

#: The ledger's kind of what a step brings the author, which is also the name of its turn.
KINDS = {
    OpinionAction.SUBMIT: "opinion.submitted",
    OpinionAction.ISSUE: "opinion.issued",
    OpinionAction.ADOPT: "opinion.adopted",
    OpinionAction.COMMENT: "opinion.commented",
}


@dataclass(frozen=True)
class StepRun:
    """What stands in the track of a step, beside by whom, when and from where."""

    action: OpinionAction
    target: str
    tier: Tier | None = None
    leader: str | None = None
    words: str | None = None
    reason: str | None = None
    other_id: int | None = None
    undoes_id: int | None = None


def permitted(actor: Actor, row: Row[Any], wanted: OpinionTransitionIn) -> Transition[OpinionState]:
    """The step that is wanted: `Conflict`, `Forbidden` or `Invalid` unless the actor may run it so, now."""
    step = LIFECYCLE.step(OpinionState(row.state), wanted.action)
    step.require(actor.permissions, author=row.account_id == actor.account_id)
    if wanted.action in never(row.kind, has_author=row.seat_id is not None):
        raise Conflict(f"{KIND_LABELS[row.kind]}不能“{step.label}”。", code="never_open", state=row.state)
    step.check_reason(None, wanted.reason)
    check_fields(actor, wanted)
    return step


_MISSING: dict[Asked, str] = {
    "tier": "请选择层级。",
    "leader": "请填写批示领导。",
    "words": "请填写批示内容。",
    "into_id": "请选择综合信息。",
    "step_id": "请指明要撤销的步骤。",
}


def check_fields(actor: Actor, wanted: OpinionTransitionIn) -> None:
    """`Invalid` unless everything that the step asks for was given, and nothing else."""
    asks = asked(actor, wanted.action)
    given = {name for name in _MISSING if getattr(wanted, name) is not None}
    found = [
        FieldError(field=name, code="missing", detail=detail)
        for name, detail in _MISSING.items()
        if name in asks and name not in given
    ] + [
        FieldError(field=name, code="extra_forbidden", detail="此操作不需要这一项。")
        for name in _MISSING
        if name in given and name not in asks
    ]
    if found:
        raise Invalid(errors=found)


def take(db: Session, actor: Actor, row: Row[Any], step: StepRun, **changes: Any) -> None:
    """Write one step of the report `row`: its state and tier, the track, the ledger, events and news."""
    conn = db.connection()
    steps.move(db, _r, row, step.target, **changes)
    written = OpinionStep(
        report_id=row.id,
        at=clock.now(),
        account_id=actor.account_id,
        action=step.action,
        from_state=row.state,
        to_state=step.target,
        tier=step.tier,
        leader=step.leader,
        words=step.words,
        reason=step.reason,
        other_id=step.other_id,
        undoes_id=step.undoes_id,
    )
    db.add(written)
    db.flush()
    reached = highest(s.tier for s in held(db, row.id, OpinionAction.ISSUE, OpinionAction.ADOPT))
    conn.execute(update(_r).where(_r.c.id == row.id).values(tier=reached))
    _credit(db, actor, row, step)
    subject = ("opinion_report", row.id)
    settle(db, subject)
    live.emit(
        db,
        row.organization_id,
        "opinions",
        f"opinion.{step.action}",
        also=f"opinion:{row.id}",
        subject=subject,
        id=row.id,
        state=step.target,
    )
    _tell(db, actor, row, step)
    domain_events.publish(db, "opinion.stepped", row.organization_id, subject, by=actor.account_id)
    if kind := KINDS.get(step.action):
        domain_events.publish(db, kind, row.organization_id, subject, by=actor.account_id)
    elif step.action is OpinionAction.UNDO:
        domain_events.publish(db, "opinion.unissued", row.organization_id, subject, by=actor.account_id)


def held(db: Session, report_id: int, *actions: OpinionAction) -> list[Row[Any]]:
    """The steps of some actions that were not undone, oldest first."""
    found = select(_t).where(_t.c.report_id == report_id, _t.c.action.in_(actions), ~steps.undone(_t))
    return list(db.connection().execute(found.order_by(_t.c.id)))


def _credit(db: Session, actor: Actor, row: Row[Any], step: StepRun) -> None:
    """The author's credit; an adoption counts once, at its highest tier."""
    if row.seat_id is None:
        return
    subject, by = ("opinion_report", row.id), actor.account_id
    match step.action:
        case OpinionAction.SUBMIT:
            duty.record(db, row.seat_id, "opinion.submitted", subject, by=by)
        case OpinionAction.WITHDRAW:
            duty.void(db, subject, "作者撤回", by, kinds=["opinion.submitted"])
        case OpinionAction.ISSUE:
            duty.record(db, row.seat_id, "opinion.issued", subject, level=step.tier, by=by)
        case OpinionAction.ADOPT:
            *earlier, this = held(db, row.id, OpinionAction.ADOPT)
            if higher(Tier(this.tier), highest(s.tier for s in earlier)):
                duty.void(db, subject, "被更高层级采用", by, kinds=["opinion.adopted"])
                duty.record(db, row.seat_id, "opinion.adopted", subject, level=this.tier, by=by)
        case OpinionAction.COMMENT:
            duty.record(
                db, row.seat_id, "opinion.commented", subject, level=step.tier, note=step.leader, by=by
            )
        case OpinionAction.UNDO:
            _credit_anew(db, actor, row, step)


def _credit_anew(db: Session, actor: Actor, row: Row[Any], step: StepRun) -> None:
    """Void what steps like the undone one have brought, and record what those that still hold bring."""
    subject, by = ("opinion_report", row.id), actor.account_id
    action = OpinionAction(
        db.connection().execute(select(_t.c.action).where(_t.c.id == step.undoes_id)).scalar_one()
    )
    if action not in KINDS:
        return
    duty.void(db, subject, f"撤销：{step.reason}"[:200], by, kinds=[KINDS[action]])
    still = held(db, row.id, action)
    if action is OpinionAction.ADOPT:
        best = highest(s.tier for s in still)
        still = [s for s in still if s.tier == best]
    for s in still:
        duty.record(
            db, row.seat_id, KINDS[action], subject, level=s.tier, note=s.leader, at=s.at, by=s.account_id
        )


def _tell(db: Session, actor: Actor, row: Row[Any], step: StepRun) -> None:
    """The author hears of every step of others; who issued it, of a leader's own comment."""
    if step.action not in news.STEPS:
        return
    conn = db.connection()
    named = conn.execute(select(_r.c.id, _r.c.title).where(_r.c.id.in_([row.id, step.other_id])))
    titles = {each.id: each.title for each in named}
    undone_action = conn.scalar(select(_t.c.action).where(_t.c.id == step.undoes_id))
    other = titles.get(step.other_id, "")
    sentence = news.of_step(
        step.action,
        titles[row.id],
        tier=step.tier,
        through=other if row.state == step.target == OpinionState.COMBINED else "",
        reason=step.reason,
        other=other,
        leader=step.leader,
        undone=ACTION_LABELS.get(undone_action or "", ""),
    )
    told = {row.account_id}
    if step.action is OpinionAction.COMMENT and comments_as_leader(actor):
        told |= {s.account_id for s in held(db, row.id, OpinionAction.ISSUE)}
    told -= {actor.account_id}
    notify(
        db,
        row.organization_id,
        told,
        NoticeKind.of(f"opinion.{step.action}"),
        sentence,
        ("opinion_report", row.id),
    )
