"""Verbs of handling: assign to units, and the steps of a unit's work."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, select, update
from sqlmodel import Session

from app.audit.service import log as audit
from app.auth.actor import Actor
from app.auth.permissions import Permission
from app.core import clock
from app.core.errors import Conflict, Invalid
from app.core.sql import insert, table
from app.duty import turns
from app.people.models import Unit
from app.proposals import service_commitments, service_replies
from app.proposals.lifecycle import State
from app.proposals.lifecycle_handling import (
    ANSWERING,
    GONE,
    WORK,
    ResultClass,
    Work,
    WorkAction,
    state_of,
)
from app.proposals.models import Proposal
from app.proposals.models_handling import ProposalAssignment, ProposalReply
from app.proposals.rules_deadlines import DeadlineKind
from app.proposals.schemas import ProposalOut, UnitIn
from app.proposals.schemas_handling import WorkTransitionIn
from app.proposals.service_deadlines import is_past, meet, of_assignment, of_proposal, open_deadline
from app.proposals.service_steps import (
    add_step,
    announce,
    assignments,
    move,
    own_work,
    snapshot,
    tell_signers,
    tell_staff,
    tell_units,
)
from app.proposals.service_text import called, lock, out

_p, _a, _u = table(Proposal), table(ProposalAssignment), table(Unit)


def assign(db: Session, actor: Actor, row: Row[Any], units: Sequence[UnitIn], note: str | None) -> State:
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
        fresh = {"role": role, "state": Work.ASSIGNED, "note": note, "assigned_at": now, "replied_at": None}
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
        db, row, list(wanted), "proposal.assigned", f"提案{called(row.title)}交由贵单位办理，请及时签收"
    )
    return _state(db, row)


def begin_again(db: Session, actor: Actor, row: Row[Any]) -> None:
    """Have every unit that answered set about it once more, with a new deadline."""
    conn, today = db.connection(), clock.local_day(clock.now(), actor.zone)
    meet(db, actor, [DeadlineKind.RATE, DeadlineKind.RATE_AGAIN], of_proposal(row.id), lifted=True)
    units = []
    for one in assignments(db, row.id):
        if one.state == Work.REPLIED and one.role in ANSWERING:
            values = {"state": Work.HANDLING, "replied_at": None}
            conn.execute(update(_a).where(_a.c.id == one.id).values(values))
            open_deadline(db, row, DeadlineKind.REPLY, today, assignment_id=one.id)
            units.append(one.unit_id)
    tell_units(
        db, row, units, "proposal.rehandle", f"提案{called(row.title)}须重新办理，请再次与提案人沟通后答复"
    )


def transition(
    db: Session, actor: Actor, proposal_id: int, assignment_id: int, wanted: WorkTransitionIn
) -> ProposalOut:
    """Run one step of a unit's work, and bring the proposal to where its units stand."""
    row = lock(db, actor, proposal_id)
    work = own_work(db, actor, row, assignment_id)
    step = WORK.step(Work(work.state), wanted.action)
    step.require(actor.permissions, author=False)
    step.check_reason(None, wanted.reason)
    staff = step.permission == Permission.PROPOSAL_REVIEW
    before = snapshot(db.connection(), row) if staff else None
    _prepare(db, actor, row, work, wanted.action, wanted.reason)
    moved = update(_a).where(_a.c.id == work.id, _a.c.state == work.state)
    replied = {"replied_at": clock.now()} if step.target is Work.REPLIED else {}
    if db.connection().execute(moved.values(state=step.target, **replied)).rowcount != 1:
        raise Conflict(state=work.state)
    # who helps holds nobody up: what it does late moves nothing that was answered, rated or closed
    target = _state(db, row) if work.role in ANSWERING else State(row.state)
    move(db, row, target, **(_changes(db, row, target) if target != row.state else {}))
    if target is State.REPLIED and row.state != State.REPLIED:
        service_replies.ask_for_rating(db, actor, row)
        subject = ("proposal", proposal_id)
        turns.happened(db, "proposal.replied", row.organization_id, subject, by=actor.account_id)
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
    _tell(db, actor, row, work, wanted)
    audit(db, actor, f"proposal.{step.action}", ("proposal", proposal_id), unit_id=work.unit_id)
    return out(db, actor, proposal_id)


def _state(db: Session, row: Row[Any]) -> State:
    held = assignments(db, row.id)
    return state_of([Work(a.state) for a in held if a.role in ANSWERING and a.state not in GONE], row.round)


def _prepare(
    db: Session, actor: Actor, row: Row[Any], work: Row[Any], action: WorkAction, reason: str | None
) -> None:
    """What a step of a unit's work asks for, and what it does to deadlines and replies."""
    mine, kinds = of_assignment(work.id), DeadlineKind
    match action:
        case WorkAction.SIGN:
            pass
        case WorkAction.REQUEST_RETURN:
            today = clock.local_day(clock.now(), actor.zone)
            if is_past(db.connection(), today, kinds.RETURN, mine):
                raise Conflict(
                    "申请退办的期限已过，请与政协机关联系。", code="return_too_late", state=work.state
                )
            meet(db, actor, [kinds.RETURN], mine)
        case WorkAction.ACCEPT_RETURN | WorkAction.WITHDRAW_ASSIGNMENT:
            meet(db, actor, list(kinds), mine, lifted=True)
            service_commitments.drop(db, actor, work.id, reason)
        case WorkAction.REFUSE_RETURN | WorkAction.START_HANDLING:
            meet(db, actor, [kinds.RETURN], mine, lifted=True)
        case WorkAction.SUBMIT_REPLY:
            service_replies.submit(db, actor, row, work)
        case WorkAction.SEND_BACK:
            service_replies.send_back(db, row, work)
        case WorkAction.APPROVE_REPLY:
            service_replies.approve(db, actor, row, work)


def _changes(db: Session, row: Row[Any], target: State) -> dict[str, Any]:
    """A proposal that is answered takes the result of the reply that promises least."""
    if target is not State.REPLIED:
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


_NEWS = {
    WorkAction.SIGN: "提案{title}已由{unit}签收",
    WorkAction.REQUEST_RETURN: "{unit}申请退办提案{title}：{reason}",
    WorkAction.ACCEPT_RETURN: "提案{title}同意退办",
    WorkAction.REFUSE_RETURN: "提案{title}不同意退办：{reason}",
    WorkAction.START_HANDLING: "{unit}开始办理提案{title}",
    WorkAction.SUBMIT_REPLY: "{unit}提交了提案{title}的答复，请审核",
    WorkAction.SEND_BACK: "提案{title}的答复请修改：{reason}",
    WorkAction.APPROVE_REPLY: "{unit}已答复提案{title}，请您评价",
    WorkAction.WITHDRAW_ASSIGNMENT: "提案{title}的交办已撤回：{reason}",
}
#: Who hears of a step: who signed, the unit, or the secretariat.
_TO_SIGNERS = {WorkAction.SIGN, WorkAction.START_HANDLING, WorkAction.APPROVE_REPLY}
_TO_STAFF = {WorkAction.REQUEST_RETURN, WorkAction.SUBMIT_REPLY}


def _tell(db: Session, actor: Actor, row: Row[Any], work: Row[Any], wanted: WorkTransitionIn) -> None:
    kind = f"proposal.{wanted.action}"
    news = _NEWS[wanted.action].format(title=called(row.title), unit=work.unit_name, reason=wanted.reason)
    if wanted.action in _TO_STAFF:
        tell_staff(db, row, kind, news)
    elif wanted.action in _TO_SIGNERS:
        if work.role in ANSWERING:
            tell_signers(db, actor, row, kind, news)
    else:
        tell_units(db, row, [work.unit_id], kind, news)
