"""Verbs of handling: assign to units, and the steps of a unit's work."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, select, update
from sqlmodel import Session

from app.audit.service import log as audit
from app.auth.actor import Actor
from app.auth.permissions import Permission
from app.casefiles import steps
from app.core import clock
from app.core.errors import Conflict, Invalid
from app.core.lifecycle import Transition
from app.core.sql import insert, table
from app.duty import domain_events
from app.notifications.kinds import NoticeKind
from app.people.models import Unit
from app.proposals import news
from app.proposals.assignments.lifecycle import (
    ANSWERING,
    GONE,
    TO_SIGNERS,
    TO_STAFF,
    WORK,
    AssignmentAction,
    AssignmentState,
    ResultClass,
    state_of,
)
from app.proposals.assignments.models import ProposalAssignment, ProposalReply
from app.proposals.assignments.rules import DeadlineKind
from app.proposals.handling import commitments, replies
from app.proposals.handling.deadlines import is_past, meet, of_assignment, of_proposal, open_deadline
from app.proposals.handling.schemas import WorkTransitionIn
from app.proposals.lifecycle import ProposalState
from app.proposals.models import Proposal
from app.proposals.news import called
from app.proposals.schemas import AssignedUnitIn, ProposalOut
from app.proposals.steps import (
    add_step,
    announce,
    assignments,
    own_work,
    snapshot,
    tell_signers,
    tell_staff,
    tell_units,
)
from app.proposals.text import lock, out

_p, _a, _u = table(Proposal), table(ProposalAssignment), table(Unit)


def assign(
    db: Session, actor: Actor, row: Row[Any], units: Sequence[AssignedUnitIn], note: str | None
) -> ProposalState:
    """Hand a proposal on file to units, or to further ones; the state that it then has."""
    conn, now = db.connection(), clock.now()
    held = assignments(db, row.id)
    at_work = {a.unit_id: a.role for a in held if a.state not in GONE}
    wanted = {unit.unit_id: unit.role for unit in units}
    known = select(_u.c.id).where(_u.c.id.in_(wanted), _u.c.organization_id == row.organization_id)
    if len(wanted) < len(units) or set(conn.scalars(known)) != set(wanted):
        raise Invalid("承办单位不存在或重复。", code="unknown_unit")
    if set(wanted) & set(at_work):
        raise Conflict("有的单位已在承办这件提案。", code="already_assigned", state=row.state)
    roles = [*at_work.values(), *wanted.values()]
    leads, splits = roles.count("lead"), roles.count("split")
    if leads > 1 or bool(leads) == bool(splits):
        raise Invalid("须有一家主办单位，或由若干单位分办，二者只取其一。", code="bad_roles")
    today = clock.local_day(now, actor.zone)
    for unit_id, role in wanted.items():
        fresh = {
            "role": role,
            "state": AssignmentState.ASSIGNED,
            "note": note,
            "assigned_at": now,
            "replied_at": None,
        }
        assignment_id = conn.execute(
            insert(conn, _a)
            .values(organization_id=row.organization_id, proposal_id=row.id, unit_id=unit_id, **fresh)
            .on_conflict_do_update(index_elements=["proposal_id", "unit_id"], set_=fresh)
            .returning(_a.c.id)
        ).scalar_one()
        kinds = [DeadlineKind.RETURN, DeadlineKind.REPLY]
        if role in ANSWERING:
            kinds.append(DeadlineKind.CONTACT)
        for kind in kinds:
            open_deadline(db, row, kind, today, assignment_id=assignment_id)
    tell_units(
        db,
        row,
        list(wanted),
        NoticeKind.PROPOSAL_ASSIGNED,
        f"提案{called(row.title)}交由贵单位办理，请及时签收",
    )
    return _state(db, row)


def begin_again(db: Session, actor: Actor, row: Row[Any]) -> None:
    """Have every unit that answered set about it once more, with a new deadline."""
    conn, today = db.connection(), clock.local_day(clock.now(), actor.zone)
    meet(db, actor, [DeadlineKind.RATE, DeadlineKind.RATE_AGAIN], of_proposal(row.id), lifted=True)
    units = []
    for one in assignments(db, row.id):
        if one.state == AssignmentState.REPLIED and one.role in ANSWERING:
            values = {"state": AssignmentState.HANDLING, "replied_at": None}
            conn.execute(update(_a).where(_a.c.id == one.id).values(values))
            open_deadline(db, row, DeadlineKind.REPLY, today, assignment_id=one.id)
            units.append(one.unit_id)
    tell_units(
        db,
        row,
        units,
        NoticeKind.PROPOSAL_REHANDLE,
        f"提案{called(row.title)}须重新办理，请再次与提案人沟通后答复",
    )


def transition(
    db: Session, actor: Actor, proposal_id: int, assignment_id: int, wanted: WorkTransitionIn
) -> ProposalOut:
    """Run one step of a unit's work, and bring the proposal to where its units stand."""
    row = lock(db, actor, proposal_id)
    work = own_work(db, actor, row, assignment_id)
    step = WORK.take(
        AssignmentState(work.state), wanted.action, wanted.reason, actor.permissions, author=False
    )
    staff = step.permission == Permission.PROPOSAL_REVIEW
    before = snapshot(db.connection(), row) if staff else None
    _prepare(db, actor, row, work, wanted.action, wanted.reason)
    replied = {"replied_at": clock.now()} if step.target is AssignmentState.REPLIED else {}
    steps.move(db, _a, work, step.target, **replied)
    # who helps holds nobody up: what it does late moves nothing that was answered, rated or closed
    target = _state(db, row) if work.role in ANSWERING else ProposalState(row.state)
    steps.move(db, _p, row, target, **(_changes(db, row, target) if target != row.state else {}))
    if target is ProposalState.REPLIED and row.state != ProposalState.REPLIED:
        replies.ask_for_rating(db, actor, row)
        subject = ("proposal", proposal_id)
        domain_events.publish(db, "proposal.replied", row.organization_id, subject, by=actor.account_id)
    add_step(
        db,
        actor,
        row,
        step.action,
        target,
        reason=wanted.reason,
        before=before,
        assignment_id=work.id,
        unit=work.unit_name,
    )
    announce(db, row, f"proposal.{step.action}", target)
    _tell(db, actor, row, work, step, wanted.reason)
    audit(db, actor, f"proposal.{step.action}", ("proposal", proposal_id), unit_id=work.unit_id)
    return out(db, actor, proposal_id)


def _state(db: Session, row: Row[Any]) -> ProposalState:
    held = assignments(db, row.id)
    return state_of(
        [AssignmentState(a.state) for a in held if a.role in ANSWERING and a.state not in GONE], row.round
    )


def _prepare(
    db: Session, actor: Actor, row: Row[Any], work: Row[Any], action: AssignmentAction, reason: str | None
) -> None:
    """What a step of a unit's work asks for, and what it does to deadlines and replies."""
    mine, kinds = of_assignment(work.id), DeadlineKind
    match action:
        case AssignmentAction.SIGN:
            pass
        case AssignmentAction.REQUEST_RETURN:
            today = clock.local_day(clock.now(), actor.zone)
            if is_past(db.connection(), today, kinds.RETURN, mine):
                raise Conflict(
                    "申请退办的期限已过，请与政协机关联系。", code="return_too_late", state=work.state
                )
            meet(db, actor, [kinds.RETURN], mine)
        case AssignmentAction.ACCEPT_RETURN | AssignmentAction.WITHDRAW_ASSIGNMENT:
            meet(db, actor, list(kinds), mine, lifted=True)
            commitments.drop(db, actor, work.id, reason)
        case AssignmentAction.REFUSE_RETURN | AssignmentAction.START_HANDLING:
            meet(db, actor, [kinds.RETURN], mine, lifted=True)
        case AssignmentAction.SUBMIT_REPLY:
            replies.submit(db, actor, row, work)
        case AssignmentAction.SEND_BACK:
            replies.send_back(db, row, work)
        case AssignmentAction.APPROVE_REPLY:
            replies.approve(db, actor, row, work)


def _changes(db: Session, row: Row[Any], target: ProposalState) -> dict[str, Any]:
    """A proposal that is answered takes the result of the reply that promises least."""
    if target is not ProposalState.REPLIED:
        return {}
    r = table(ProposalReply)
    classes = set(
        db.connection().scalars(
            select(r.c.result_class)
            .select_from(r.join(_a, _a.c.id == r.c.assignment_id))
            .where(
                r.c.proposal_id == row.id,
                r.c.round == row.round,
                r.c.replied_at.is_not(None),
                _a.c.role.in_(ANSWERING),
                _a.c.state.not_in(GONE),
            )
        )
    )
    least = next((c for c in reversed(ResultClass) if c in classes), None)
    return {"replied_at": clock.now(), "result_class": least}


def _tell(
    db: Session,
    actor: Actor,
    row: Row[Any],
    work: Row[Any],
    step: Transition[AssignmentState],
    reason: str | None,
) -> None:
    kind = NoticeKind.of(f"proposal.{step.action}")
    sentence = news.of_step(step, row.title, unit=work.unit_name, reason=reason)
    if step.action in TO_STAFF:
        tell_staff(db, row, kind, sentence)
    elif step.action in TO_SIGNERS:
        if work.role in ANSWERING:
            tell_signers(db, actor, row, kind, sentence)
    else:
        tell_units(db, row, [work.unit_id], kind, sentence)
