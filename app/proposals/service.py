"""Verbs of the life cycle of proposals: run a step."""

from typing import Any

from sqlalchemy import Row, select, update
from sqlmodel import Session

from app.audit.service import log as audit
from app.auth.actor import Actor
from app.auth.permissions import Permission
from app.casefiles import steps
from app.core import clock
from app.core.errors import Conflict, Forbidden, Invalid
from app.core.lifecycle import Transition
from app.core.sql import table
from app.duty import domain_events
from app.duty import service as duty
from app.notifications.kinds import NoticeKind
from app.notifications.service import settle
from app.proposals import news, queries, rules
from app.proposals.actions import queries as action_queries
from app.proposals.actions.reviews import is_sole_reviewer
from app.proposals.assignments.rules import DeadlineKind
from app.proposals.bodies.service import ask_head
from app.proposals.ending.service import end
from app.proposals.form import service as form
from app.proposals.form.queries import period_on
from app.proposals.handling.deadlines import is_past, of_proposal
from app.proposals.handling.service import assign, begin_again
from app.proposals.lifecycle import (
    DECLINE_REASONS,
    ENDS,
    LABELS,
    LIFECYCLE,
    REVIEWERS,
    ProposalAction,
    ProposalState,
)
from app.proposals.models import Proposal, ProposalWindow
from app.proposals.news import called
from app.proposals.rules import ProposalKind
from app.proposals.schemas import ProposalOut, ProposalTransitionIn
from app.proposals.settings.schemas import ProposalRules
from app.proposals.signatures.service import close_signing
from app.proposals.signers.merging import merge
from app.proposals.steps import add_step, announce, credit, snapshot, tell_signers
from app.proposals.text import cosigner_accounts, end_invitations, lock, lock_both, out
from app.proposals.windows.queries import open_window

_p = table(Proposal)


def transition(db: Session, actor: Actor, proposal_id: int, wanted: ProposalTransitionIn) -> ProposalOut:
    """Run one step: state, track, number, ledger, notifications and audit in one transaction."""
    if wanted.action is ProposalAction.MERGE:
        lock_both(db, actor, proposal_id, wanted.into_id)
    row = lock(db, actor, proposal_id)
    step = LIFECYCLE.step(ProposalState(row.state), wanted.action)
    step.require(actor.permissions, author=queries.writes(db.connection(), actor, proposal_id))
    if step.permission == Permission.PROPOSAL_WRITE:
        _require_own_step(db, actor, row, wanted.action)
    step.check_reason(wanted.reason_code, wanted.reason)
    wanted.check_fields()
    staff = not step.by_author
    if step.permission in REVIEWERS.values():
        _require_another_reviewer(db, actor, row)
    before = snapshot(db.connection(), row) if staff else None
    if wanted.action is ProposalAction.ASSIGN:
        target: ProposalState = assign(db, actor, row, wanted.units, wanted.reason)
    else:
        target = _target(row, step)
    changes = _changes(db, actor, row, wanted)
    if target in ENDS:
        end(db, actor, row, target)
    steps.move(db, _p, row, target, **changes)
    if row.state == ProposalState.CONFIRMING:
        settle(db, ("proposal", proposal_id), only=[NoticeKind.PROPOSAL_TO_CONFIRM])
    data = {name: changes[name] for name in ("number", "window_id", "merged_into_id") if changes.get(name)}
    if wanted.action in {ProposalAction.SUBMIT, ProposalAction.CONFIRM}:
        data |= close_signing(db, row, called(row.title))
    add_step(
        db,
        actor,
        row,
        step.action,
        target,
        reason=wanted.reason,
        reason_code=wanted.reason_code,
        before=before,
        **data,
        version=row.version,
    )
    _record(db, actor, row, step, wanted)
    announce(db, row, f"proposal.{step.action}", target)
    if step.news:
        _tell(db, actor, row, step, wanted, changes)
    if staff:
        detail = {"from": row.state, "to": target, "reason_code": wanted.reason_code}
        audit(db, actor, f"proposal.{step.action}", ("proposal", proposal_id), **detail)
    return out(db, actor, proposal_id)


def _require_own_step(db: Session, actor: Actor, row: Row[Any], action: ProposalAction) -> None:
    """What a body puts forward goes to its head first, from somebody who may act for it."""
    if action in action_queries.closed(db.connection(), actor, kind=row.kind, body_id=row.body_id):
        if action is ProposalAction.SUBMIT:
            raise Conflict("集体提案要先请单位负责人确认。", code="head_confirms", state=row.state)
        if row.kind != ProposalKind.COLLECTIVE:
            raise Conflict("只有集体提案需要负责人确认。", code="not_collective", state=row.state)
        raise Forbidden("只有提出单位的负责人可以进行此操作。", code="not_head")
    if (
        row.kind == ProposalKind.COLLECTIVE
        and row.body_id
        and action in {ProposalAction.SUBMIT, ProposalAction.ASK_HEAD}
    ):
        form.require_speaker(db, actor, row.body_id)


def _target(row: Row[Any], step: Transition[ProposalState]) -> ProposalState:
    """What comes back from the head is a draft, or again what the secretariat returned for revision."""
    if (
        row.state == ProposalState.CONFIRMING
        and step.target is ProposalState.DRAFT
        and row.submitted_version is not None
    ):
        return ProposalState.RETURNED
    return step.target


def _changes(  # noqa: PLR0911 - one answer for each step
    db: Session, actor: Actor, row: Row[Any], wanted: ProposalTransitionIn
) -> dict[str, Any]:
    """What a step changes in the proposal beside its state."""
    now = clock.now()
    match wanted.action:
        case ProposalAction.SUBMIT | ProposalAction.CONFIRM:
            return _submission(db, actor, row)
        case ProposalAction.ASK_HEAD:
            _submission(db, actor, row)
            ask_head(db, actor, row)
            return {}
        case ProposalAction.WITHDRAW if row.state == ProposalState.SUBMITTED:
            _require_withdrawable(db, row)
            return {"submitted_at": None, "submitted_version": None, "window_id": None}
        case ProposalAction.FILE:
            _require_reviews(db, row)
            end_invitations(db, row.id)
            return {"filed_at": now, "number": row.number or _next_number(db, row.window_id)}
        case ProposalAction.DECLINE:
            return {"closed_at": now, "decline_code": wanted.reason_code}
        case ProposalAction.RETURN_FOR_REVISION:
            return {"signers_told_on": None}  # co-signers hear of the first edit, even on the day of another
        case ProposalAction.MERGE:
            return {"merged_into_id": merge(db, actor, row, wanted.into_id)}
        case ProposalAction.REHANDLE:
            begin_again(db, actor, row)
            return {"round": row.round + 1, "result_class": None, "replied_at": None, "closed_at": None}
        case ProposalAction.CLOSE:
            _require_rated(db, actor, row)
            return {"closed_at": now}
        case _:
            return {}


def _submission(db: Session, actor: Actor, row: Row[Any]) -> dict[str, Any]:
    if found := rules.faults(row, cosigners=len(cosigner_accounts(db, row.id))):
        raise Invalid("提案还不完整，暂时不能提交。", code="incomplete", errors=found)
    now = clock.now()
    if (
        row.submitted_version is not None
    ):  # resubmission after a return: the window was met at first submission
        return {"submitted_at": now}
    window_id = open_window(db.connection(), row.organization_id, row.term_id)
    if window_id is None:
        raise Conflict("现在不在提案征集期内，草稿已为您保留。", code="window_closed", state=row.state)
    period = period_on(db.connection(), row.organization_id, clock.local_day(now, actor.zone), actor.zone)
    return {
        "submitted_at": now,
        "submitted_version": row.version,
        "window_id": window_id,
        "period": period,
    }


def _require_withdrawable(db: Session, row: Row[Any]) -> None:
    """A number stands for its window, and another one may be open next time; who was merged into it stays in sight."""
    if row.number is not None:
        raise Conflict("提案曾经立案编号，不能撤回，请与政协机关联系。", code="numbered", state=row.state)
    merged = select(_p.c.id).where(_p.c.merged_into_id == row.id, _p.c.state == ProposalState.MERGED)
    if db.connection().scalar(merged.limit(1)) is not None:
        raise Conflict("已有提案并入，不能撤回，请与政协机关联系。", code="has_merged", state=row.state)


def _require_reviews(db: Session, row: Row[Any]) -> None:
    reviews = ProposalRules.of(db.connection(), row.organization_id).reviews
    if not rules.may_file(ProposalState(row.state), reviews):
        raise Conflict(
            f"当前状态为“{LABELS[ProposalState(row.state)]}”，本会提案须经{rules.REVIEW_NAMES[reviews]}后立案。",
            code="review_due",
            state=row.state,
        )


def _require_another_reviewer(db: Session, actor: Actor, row: Row[Any]) -> None:
    if is_sole_reviewer(db.connection(), actor, row.id, ProposalState(row.state)):
        raise Conflict(
            "前面的审查都是您通过的；本会规定一件提案的各道审查不能由一人完成，请交给另一位工作人员。",
            code="same_reviewer",
            state=row.state,
        )


def _require_rated(db: Session, actor: Actor, row: Row[Any]) -> None:
    today = clock.local_day(clock.now(), actor.zone)
    if row.state == ProposalState.REPLIED and not is_past(
        db.connection(), today, DeadlineKind.RATE, of_proposal(row.id)
    ):
        raise Conflict("提案人还在评价期内，评价后或期满后才能办结。", code="rating_open", state=row.state)


def _next_number(db: Session, window_id: int) -> int:
    """The next official number: the window's row is held until the commit, so there are no gaps."""
    w = table(ProposalWindow)
    counted = update(w).where(w.c.id == window_id).values(last_number=w.c.last_number + 1)
    number: int = db.connection().execute(counted.returning(w.c.last_number)).scalar_one()
    return number


def _record(
    db: Session, actor: Actor, row: Row[Any], step: Transition[ProposalState], wanted: ProposalTransitionIn
) -> None:
    subject, by = ("proposal", row.id), actor.account_id
    if wanted.action in {ProposalAction.SUBMIT, ProposalAction.CONFIRM}:
        credit(db, actor, row.id, "proposal.submitted")
    elif wanted.action is ProposalAction.FILE:
        credit(db, actor, row.id, "proposal.filed")
    elif wanted.action is ProposalAction.WITHDRAW and row.state == ProposalState.SUBMITTED:
        duty.void(db, subject, "提案人撤回", by, kinds=["proposal.submitted"])
    if step.event:
        domain_events.publish(db, step.event, row.organization_id, subject, by=by)


def _tell(
    db: Session,
    actor: Actor,
    row: Row[Any],
    step: Transition[ProposalState],
    wanted: ProposalTransitionIn,
    changes: dict[str, Any],
) -> None:
    """Author and co-signers hear of a step at once, a refusal with its reason."""
    reason = "，".join(filter(None, (DECLINE_REASONS.get(wanted.reason_code or ""), wanted.reason)))
    w = table(ProposalWindow)
    session = db.connection().scalar(select(w.c.name).where(w.c.id == row.window_id))
    number = changes.get("number")
    sentence = news.of_step(step, row.title, session=session, number=number, reason=reason)
    tell_signers(db, actor, row, NoticeKind.of(f"proposal.{step.action}"), sentence)
