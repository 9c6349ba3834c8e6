"""Verbs of talks: a unit records one, the author confirms or disputes it, staff settle a dispute."""

from typing import Any

from sqlalchemy import Row, update
from sqlmodel import Session

from app.audit.service import log as audit
from app.auth.actor import Actor
from app.auth.permissions import Permission
from app.core import clock
from app.core.errors import Conflict, Invalid, NotFound
from app.core.sql import AnyRow, table
from app.notifications.kinds import NoticeKind
from app.notifications.service import notify
from app.proposals import news
from app.proposals.assignments.lifecycle import NOT_BEGUN, WORK_LABELS, AssignmentState
from app.proposals.assignments.models import ProposalConsultation
from app.proposals.assignments.rules import DeadlineKind
from app.proposals.handling.deadlines import meet, of_assignment, unmeet
from app.proposals.handling.queries import assignments, talks
from app.proposals.handling.schemas import HandlingOut
from app.proposals.lifecycle import ENDS, LABELS, ProposalState
from app.proposals.news import called
from app.proposals.steps import add_step, announce, own_work, tell_signers, tell_staff, tell_units
from app.proposals.talks.lifecycle import FORM_LABELS, PHASE_LABELS, TALK, Talk, TalkAction
from app.proposals.talks.schemas import ConsultationIn, TalkTransitionIn
from app.proposals.text import lock

_c = table(ProposalConsultation)


def record(
    db: Session, actor: Actor, proposal_id: int, assignment_id: int, said: ConsultationIn
) -> HandlingOut:
    """Record a talk with the author; the first one meets the deadline of contact."""
    row = lock(db, actor, proposal_id)
    work = own_work(db, actor, row, assignment_id)
    _require_open(row)
    if work.state in NOT_BEGUN:
        raise Conflict(
            f"当前状态为“{WORK_LABELS[AssignmentState(work.state)]}”，签收后才能记录沟通。",
            code="not_signed",
            state=work.state,
        )
    if said.held_on > clock.local_day(clock.now(), actor.zone):
        raise Invalid("沟通日期不能晚于今天。", code="in_future")
    if other := talks.out_of_order(db.connection(), work.id, row.round, said):
        when, was = PHASE_LABELS[said.phase], PHASE_LABELS[other]
        raise Invalid(f"已有{was}的沟通，这一天不会是{when}。请核对日期和阶段。", code="out_of_order")
    db.add(
        ProposalConsultation(
            proposal_id=row.id,
            assignment_id=work.id,
            round=row.round,
            account_id=actor.account_id,
            at=clock.now(),
            **said.model_dump(),
        )
    )
    meet(db, actor, [DeadlineKind.CONTACT], of_assignment(work.id))
    about: dict[str, Any] = {"phase": PHASE_LABELS[said.phase], "form": FORM_LABELS[said.form]}
    add_step(db, actor, row, "consult", row.state, assignment_id=work.id, unit=work.unit_name, **about)
    announce(db, row, "proposal.consult", row.state)
    tell_signers(
        db, actor, row, NoticeKind.PROPOSAL_CONSULT, news.of_talk(row.title, work.unit_name, **about)
    )
    return assignments.handling(db.connection(), actor, proposal_id)


def transition(
    db: Session, actor: Actor, proposal_id: int, talk_id: int, wanted: TalkTransitionIn
) -> HandlingOut:
    """Confirm or dispute a talk as its author, or settle a dispute as staff."""
    row = lock(db, actor, proposal_id)
    conn = db.connection()
    author = row.account_id == actor.account_id
    talk = talks.one(conn, proposal_id, talk_id)
    if talk is None or not (author or actor.may(Permission.PROPOSAL_REVIEW)):
        raise NotFound
    _require_open(row)
    step = TALK.take(Talk(talk.state), wanted.action, wanted.reason, actor.permissions, author=author)
    settles = step.permission == Permission.PROPOSAL_REVIEW
    said = {"ruling": wanted.reason} if settles else {"answer": wanted.reason, "ruling": None}
    conn.execute(update(_c).where(_c.c.id == talk_id).values(state=step.target, **said))
    if step.target is Talk.UPHELD and not talks.any_counted(conn, talk.assignment_id):
        unmeet(db, DeadlineKind.CONTACT, of_assignment(talk.assignment_id))
    elif step.target in {Talk.CONFIRMED, Talk.DISMISSED}:
        meet(db, actor, [DeadlineKind.CONTACT], of_assignment(talk.assignment_id))
    about: dict[str, Any] = {
        "phase": PHASE_LABELS[talk.phase],
        "form": FORM_LABELS[talk.form],
        "unit": talk.unit_name,
    }
    add_step(
        db,
        actor,
        row,
        step.action,
        row.state,
        reason=wanted.reason,
        assignment_id=talk.assignment_id,
        **about,
    )
    announce(db, row, f"proposal.{step.action}", row.state)
    _tell(db, row, talk, wanted)
    audit(db, actor, f"proposal.{step.action}", ("proposal", proposal_id), talk_id=talk_id)
    return assignments.handling(conn, actor, proposal_id)


def _require_open(row: Row[Any]) -> None:
    if row.state in ENDS:
        raise Conflict(
            f"提案{LABELS[ProposalState(row.state)]}，沟通记录不能再改。",
            code="proposal_ended",
            state=row.state,
        )


def _tell(db: Session, row: Row[Any], talk: AnyRow, wanted: TalkTransitionIn) -> None:
    """The unit hears what the author and staff say, staff of a dispute, the author how it ends."""
    what = f"{talk.unit_name}{clock.in_words(talk.held_on)}的沟通记录：{called(row.title)}"
    kind = NoticeKind.of(f"proposal.{wanted.action}")
    match wanted.action:
        case TalkAction.CONFIRM:
            tell_units(db, row, [talk.unit_id], kind, f"提案人确认了{what}")
        case TalkAction.DISPUTE:
            sentence = f"提案人不认可{what}。理由：{wanted.reason}"
            tell_units(db, row, [talk.unit_id], kind, sentence)
            tell_staff(db, row, kind, f"{sentence}。请核实")
        case TalkAction.UPHOLD | TalkAction.DISMISS:
            found = "异议成立，不计入" if wanted.action is TalkAction.UPHOLD else "经核实属实，计入"
            sentence = f"{found}{what}。说明：{wanted.reason}"
            tell_units(db, row, [talk.unit_id], kind, sentence)
            notify(db, row.organization_id, [row.account_id], kind, sentence, ("proposal", row.id))
