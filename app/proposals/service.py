"""Verbs of the life cycle of proposals: run a step, set a mark."""

from typing import Any

from sqlalchemy import Row, RowMapping, select, update
from sqlmodel import Session

from app.audit.service import log as audit
from app.auth.actor import Actor
from app.auth.permissions import Permission
from app.core import clock, live
from app.core.errors import Conflict, Invalid
from app.core.lifecycle import Transition
from app.core.sql import table
from app.duty import service as duty
from app.notifications.service import notify
from app.proposals import rules
from app.proposals.lifecycle import (
    DECLINE_REASONS,
    LABELS,
    LIFECYCLE,
    MARK_STEPS,
    ON_FILE,
    Action,
    Mark,
    State,
)
from app.proposals.models import Proposal, ProposalSigner, ProposalStep, ProposalWindow
from app.proposals.queries_windows import open_window
from app.proposals.schemas import MarkIn, ProposalOut, TransitionIn
from app.proposals.service_text import called, cosigner_accounts, lock, out

_p, _s = table(Proposal), table(ProposalSigner)

#: The column and the kind of record of each mark.
_MARKS = {
    Mark.KEY: ("is_key", "proposal.marked_key"),
    Mark.COMMENDATION: ("is_commended", "proposal.commended"),
}


def transition(db: Session, actor: Actor, proposal_id: int, wanted: TransitionIn) -> ProposalOut:
    """Run one step: state, track, number, ledger, notifications and audit in one transaction."""
    row = lock(db, actor, proposal_id)
    step = LIFECYCLE.step(State(row.state), wanted.action)
    step.require(actor.permissions, author=row.account_id == actor.account_id)
    step.check_reason(wanted.reason_code, wanted.reason)
    changes = _changes(db, row, wanted)
    moved = db.connection().execute(
        update(_p).where(_p.c.id == proposal_id, _p.c.state == row.state).values(state=step.target, **changes)
    )
    if moved.rowcount != 1:
        raise Conflict(state=row.state)
    data = {name: changes[name] for name in ("number", "window_id") if changes.get(name)}
    _add_step(db, actor, row, step.action, step.target, wanted, data | {"version": row.version})
    _record(db, actor, row, wanted.action)
    _announce(db, row, f"proposal.{step.action}", step.target)
    _tell(db, actor, row, step, wanted, changes)
    if step.permission == Permission.PROPOSAL_REVIEW:
        detail = {"from": row.state, "to": step.target, "reason_code": wanted.reason_code}
        audit(db, actor, f"proposal.{step.action}", ("proposal", proposal_id), **detail)
    return out(db, actor, proposal_id)


def _changes(db: Session, row: Row[Any], wanted: TransitionIn) -> dict[str, Any]:
    """What a step changes in the proposal beside its state."""
    now = clock.now()
    match wanted.action:
        case Action.SUBMIT:
            return _submission(db, row)
        case Action.WITHDRAW:
            return {"submitted_at": None, "submitted_version": None, "window_id": None}
        case Action.FILE:
            return {"filed_at": now, "number": _next_number(db, row.window_id)}
        case Action.DECLINE:
            return {"closed_at": now, "decline_code": wanted.reason_code}
        case Action.RETURN_FOR_REVISION:
            return {"signers_told_on": None}  # co-signers hear of the first edit, even on the day of another
        case _:
            return {}


def _submission(db: Session, row: Row[Any]) -> dict[str, Any]:
    cosigners = len(cosigner_accounts(db, row.id))
    found = rules.faults(
        row.kind, row.collective, row.title, row.situation, row.suggestions, cosigners=cosigners
    )
    if found:
        raise Invalid("提案还不完整，暂时不能提交。", code="incomplete", errors=found)
    if row.state == State.RETURNED:  # it was in time the first time
        return {"submitted_at": clock.now()}
    window_id = open_window(db.connection(), row.organization_id, row.term_id)
    if window_id is None:
        raise Conflict("现在不在提案征集期内，草稿已为您保留。", code="window_closed", state=row.state)
    return {"submitted_at": clock.now(), "submitted_version": row.version, "window_id": window_id}


def _next_number(db: Session, window_id: int) -> int:
    """The next official number: the window's row is held until the commit, so there are no gaps."""
    w = table(ProposalWindow)
    counted = update(w).where(w.c.id == window_id).values(last_number=w.c.last_number + 1)
    number: int = db.connection().execute(counted.returning(w.c.last_number)).scalar_one()
    return number


def _add_step(
    db: Session,
    actor: Actor,
    row: Row[Any],
    action: str,
    target: str,
    said: TransitionIn | MarkIn,
    data: dict[str, Any],
) -> None:
    db.add(
        ProposalStep(
            proposal_id=row.id,
            at=clock.now(),
            account_id=actor.account_id,
            action=action,
            from_state=row.state,
            to_state=target,
            reason_code=getattr(said, "reason_code", None),
            reason=said.reason,
            data=data,
        )
    )
    db.flush()


def _signatures(db: Session, proposal_id: int) -> list[RowMapping]:
    """Who has signed, in the order in which every verb takes the seats."""
    signed = select(_s.c.seat_id, _s.c.role).where(_s.c.proposal_id == proposal_id, _s.c.state == "accepted")
    return list(db.connection().execute(signed.order_by(_s.c.seat_id)).mappings())


def _credit(db: Session, actor: Actor, proposal_id: int, kind: str) -> None:
    """One record of `kind` for each who signed."""
    for signed in _signatures(db, proposal_id):
        duty.record(db, **signed, kind=kind, subject=("proposal", proposal_id), by=actor.account_id)


def _record(db: Session, actor: Actor, row: Row[Any], action: Action) -> None:
    if action is Action.SUBMIT:
        _credit(db, actor, row.id, "proposal.submitted")
    elif action is Action.FILE:
        _credit(db, actor, row.id, "proposal.filed")
    elif action is Action.WITHDRAW:
        subject = ("proposal", row.id)
        duty.void(db, subject, "提案人撤回", actor.account_id, kinds=["proposal.submitted"])


def _announce(db: Session, row: Row[Any], name: str, state: str) -> None:
    for channel in ("proposals", f"proposal:{row.id}"):
        subject = ("proposal", row.id)
        live.emit(db, row.organization_id, channel, name, subject=subject, id=row.id, state=state)


_NEWS = {
    Action.SUBMIT: "提案{title}已提交",
    Action.WITHDRAW: "提案{title}已由提案人撤回",
    Action.START_REVIEW: "提案{title}开始初审",
    Action.FILE: "提案{title}已立案，编号第{number}号",
    Action.DECLINE: "提案{title}不予立案：{reason}",
    Action.RETURN_FOR_REVISION: "提案{title}请您修改：{reason}",
}


def _tell(
    db: Session,
    actor: Actor,
    row: Row[Any],
    step: Transition[State],
    wanted: TransitionIn,
    changes: dict[str, Any],
) -> None:
    """Author and co-signers hear of a step at once, a refusal with its reason."""
    reason = "，".join(filter(None, (DECLINE_REASONS.get(wanted.reason_code or ""), wanted.reason)))
    news = _NEWS[wanted.action].format(title=called(row.title), number=changes.get("number"), reason=reason)
    _tell_all(db, actor, row, f"proposal.{step.action}", news)


def _tell_all(db: Session, actor: Actor, row: Row[Any], kind: str, news: str) -> None:
    told = {row.account_id, *cosigner_accounts(db, row.id)} - {actor.account_id}
    notify(db, row.organization_id, told, kind, news, ("proposal", row.id))


def mark(db: Session, actor: Actor, proposal_id: int, which: Mark, wanted: MarkIn) -> ProposalOut:
    """Set or lift a mark of a proposal on file; repeating changes nothing."""
    row = lock(db, actor, proposal_id)
    if row.state not in ON_FILE:
        raise Conflict(
            f"提案当前状态为“{LABELS[State(row.state)]}”，立案后才能标记。", code="not_filed", state=row.state
        )
    column, kind = _MARKS[which]
    if getattr(row, column) == wanted.marked:
        return out(db, actor, proposal_id)
    action, label = MARK_STEPS[which, wanted.marked]
    db.connection().execute(update(_p).where(_p.c.id == proposal_id).values({column: wanted.marked}))
    _add_step(db, actor, row, action, row.state, wanted, {})
    if wanted.marked:
        _credit(db, actor, proposal_id, kind)
    else:
        duty.void(db, ("proposal", proposal_id), wanted.reason[:200], actor.account_id, kinds=[kind])
    _announce(db, row, f"proposal.{action}", row.state)
    _tell_all(db, actor, row, f"proposal.{action}", f"提案{called(row.title)}{label}")
    audit(db, actor, f"proposal.{action}", ("proposal", proposal_id))
    return out(db, actor, proposal_id)
