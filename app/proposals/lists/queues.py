"""Queues of proposals: what waits for reviewers, clerks, units, leaders and members, each as a condition of the list.

Filing has no queue of its own: it is the last step of the last review that the organization's rules ask for.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, exists, select

from app.auth import queues
from app.auth.actor import Actor
from app.auth.permissions import Permission
from app.auth.queues import SOON_DAYS, DeskKind, Queue, holding
from app.core.errors import Forbidden
from app.core.sql import table
from app.people.bodies.models import Body
from app.proposals import queries
from app.proposals.assignments.lifecycle import WRITABLE, AssignmentAction, AssignmentState
from app.proposals.assignments.models import ProposalAssignment, ProposalConsultation, ProposalDeadline
from app.proposals.assignments.rules import DeadlineKind
from app.proposals.handling.queries import commitments, deadlines
from app.proposals.handling.queries.commitments import CommitmentState
from app.proposals.handling.queries.deadlines import DeadlineStanding
from app.proposals.handling.queries.supervision import supervisor_left
from app.proposals.lifecycle import EDITABLE, ENDS, IN_HANDLING, ProposalState
from app.proposals.models import Proposal, ProposalSigner, ProposalStep
from app.proposals.talks.lifecycle import Talk

_p, _a, _s, _t = table(Proposal), table(ProposalAssignment), table(ProposalSigner), table(ProposalStep)
_c, _d, _b = table(ProposalConsultation), table(ProposalDeadline), table(Body)
#: Commitments wait from so many days before they are due, replies from so many.
COMMITMENT_DAYS, REPLY_DAYS = 30, 14


class Waiting(StrEnum):
    """The queues that are lists of proposals."""

    FIRST_REVIEW = "first_review"
    JOINT_REVIEW = "joint_review"
    FINAL_REVIEW = "final_review"
    TO_ASSIGN = "to_assign"
    RETURN_REQUESTS = "return_requests"
    DISPUTED_TALKS = "disputed_talks"
    REPLIES_TO_CHECK = "replies_to_check"
    SUPERVISOR_LEFT = "supervisor_left"
    SUPERVISED = "supervised"
    UNIT_TO_SIGN = "unit_to_sign"
    UNIT_IN_HANDLING = "unit_in_handling"
    UNIT_REPLIES_DUE = "unit_replies_due"
    UNIT_RETURNED_REPLIES = "unit_returned_replies"
    TO_CONFIRM = "to_confirm"
    TO_ANSWER = "to_answer"


@dataclass(frozen=True)
class _Queue:
    desk: DeskKind
    label: str
    open_to: Callable[[Actor], bool]
    where: Callable[[Actor], ColumnElement[bool]]


def soon(actor: Actor) -> date:
    """The last day by which something due is late or nearly so."""
    return actor.today + timedelta(days=SOON_DAYS)


def _in(*states: ProposalState) -> Callable[[Actor], ColumnElement[bool]]:
    return lambda _actor: _p.c.state.in_(states)


def _with_work(state: AssignmentState) -> Callable[[Actor], ColumnElement[bool]]:
    """Proposals of which the work of some unit stands so."""
    return lambda _actor: exists().where(_a.c.proposal_id == _p.c.id, _a.c.state == state)


def _own(*states: AssignmentState) -> Callable[[Actor], ColumnElement[bool]]:
    """Proposals of which the work of the actor's unit stands in one of `states`."""
    return lambda actor: exists().where(
        _a.c.proposal_id == _p.c.id, _a.c.unit_id == actor.unit_id, _a.c.state.in_(states)
    )


def _disputed(_actor: Actor) -> ColumnElement[bool]:
    talk = exists().where(_c.c.proposal_id == _p.c.id, _c.c.state == Talk.DISPUTED)
    return talk & _p.c.state.not_in(ENDS)


def _reply_due(actor: Actor) -> ColumnElement[bool]:
    by = actor.today + timedelta(days=REPLY_DAYS)
    return exists().where(
        _a.c.proposal_id == _p.c.id,
        _a.c.unit_id == actor.unit_id,
        _a.c.state.in_(WRITABLE),
        _d.c.assignment_id == _a.c.id,
        _d.c.kind == DeadlineKind.REPLY,
        _d.c.met_on.is_(None),
        _d.c.lifted_on.is_(None),
        _d.c.due_on <= by,
    )


def _sent_back(actor: Actor) -> ColumnElement[bool]:
    """The newest step between handing a reply in and its check was that it came back."""
    later = _t.alias("handed_in_again")
    again = exists().where(
        later.c.assignment_id == _t.c.assignment_id,
        later.c.id > _t.c.id,
        later.c.action == AssignmentAction.SUBMIT_REPLY,
    )
    undone = exists().where(later.c.undoes_id == _t.c.id)
    return exists().where(
        _a.c.proposal_id == _p.c.id,
        _a.c.unit_id == actor.unit_id,
        _a.c.state == AssignmentState.HANDLING,
        _t.c.proposal_id == _p.c.id,
        _t.c.assignment_id == _a.c.id,
        _t.c.action == AssignmentAction.SEND_BACK,
        ~again,
        ~undone,
    )


def _to_confirm(actor: Actor) -> ColumnElement[bool]:
    heads = select(_b.c.id).where(_b.c.head_seat_id == actor.seat_id)
    return (_p.c.state == ProposalState.CONFIRMING) & _p.c.body_id.in_(heads)


def _to_answer(actor: Actor) -> ColumnElement[bool]:
    asked = (_s.c.state == "unconfirmed") | ((_s.c.state == "invited") & (_s.c.answer_by >= actor.today))
    mine = exists().where(_s.c.proposal_id == _p.c.id, _s.c.seat_id == actor.seat_id, asked)
    return mine & _p.c.state.in_(EDITABLE)


def _member(actor: Actor) -> bool:
    return actor.seat_id is not None and actor.may(Permission.PROPOSAL_WRITE)


def _officer(actor: Actor) -> bool:
    return actor.unit_id is not None and actor.may(Permission.PROPOSAL_HANDLE)


_clerk = holding(Permission.PROPOSAL_REVIEW)

_QUEUES: dict[Waiting, _Queue] = {
    Waiting.FIRST_REVIEW: _Queue(
        DeskKind.PROPOSALS,
        "待初审",
        holding(Permission.PROPOSAL_FIRST_REVIEW),
        _in(ProposalState.SUBMITTED, ProposalState.FIRST_REVIEW),
    ),
    Waiting.JOINT_REVIEW: _Queue(
        DeskKind.PROPOSALS,
        "待会审",
        holding(Permission.PROPOSAL_JOINT_REVIEW),
        _in(ProposalState.JOINT_REVIEW),
    ),
    Waiting.FINAL_REVIEW: _Queue(
        DeskKind.PROPOSALS,
        "待复审",
        holding(Permission.PROPOSAL_FINAL_REVIEW),
        _in(ProposalState.FINAL_REVIEW),
    ),
    Waiting.TO_ASSIGN: _Queue(DeskKind.PROPOSALS, "待交办", _clerk, _in(ProposalState.FILED)),
    Waiting.RETURN_REQUESTS: _Queue(
        DeskKind.PROPOSALS, "退办申请", _clerk, _with_work(AssignmentState.RETURN_REQUESTED)
    ),
    Waiting.DISPUTED_TALKS: _Queue(DeskKind.PROPOSALS, "沟通记录有异议", _clerk, _disputed),
    Waiting.REPLIES_TO_CHECK: _Queue(
        DeskKind.PROPOSALS, "待审核答复", _clerk, _with_work(AssignmentState.REPLY_REVIEW)
    ),
    Waiting.SUPERVISOR_LEFT: _Queue(DeskKind.PROPOSALS, "督办领导离任", _clerk, supervisor_left),
    Waiting.SUPERVISED: _Queue(
        DeskKind.SUPERVISION,
        "我督办的在办提案",
        holding(Permission.PROPOSAL_INSPECT),
        lambda actor: (_p.c.supervisor_id == actor.account_id) & _p.c.state.in_(IN_HANDLING),
    ),
    Waiting.UNIT_TO_SIGN: _Queue(DeskKind.UNIT, "待签收", _officer, _own(AssignmentState.ASSIGNED)),
    Waiting.UNIT_IN_HANDLING: _Queue(
        DeskKind.UNIT, "办理中", _officer, _own(AssignmentState.SIGNED, AssignmentState.HANDLING)
    ),
    Waiting.UNIT_REPLIES_DUE: _Queue(DeskKind.UNIT, "答复将到期", _officer, _reply_due),
    Waiting.UNIT_RETURNED_REPLIES: _Queue(DeskKind.UNIT, "退回修改的答复", _officer, _sent_back),
    Waiting.TO_CONFIRM: _Queue(DeskKind.MINE, "待我确认的集体提案", _member, _to_confirm),
    Waiting.TO_ANSWER: _Queue(DeskKind.MINE, "待我答复的联名邀请", _member, _to_answer),
}


def waits_for(actor: Actor, waiting: Waiting) -> ColumnElement[bool]:
    """The proposals of a queue; `Forbidden` when it is not the actor's."""
    queue = _QUEUES[waiting]
    if not queue.open_to(actor):
        raise Forbidden
    return queue.where(actor)


def _of_proposals(waiting: Waiting, queue: _Queue) -> Queue:
    def entries(actor: Actor) -> Select[int, bool]:
        late = (queries.due_on(actor) <= soon(actor)).label("late")
        return select(_p.c.id.label("thing"), late).where(queries.visible_to(actor), queue.where(actor))

    path = f"/api/v1/proposals?scope=visible&waits_for={waiting}"
    return Queue(waiting, queue.desk, queue.label, lambda _actor: path, queue.open_to, entries)


def _commitments_due(actor: Actor) -> dict[str, Any]:
    """The filter of the list of commitments."""
    due_to = actor.today + timedelta(days=COMMITMENT_DAYS)
    of_unit = {} if actor.may(Permission.PROPOSAL_REVIEW) else {"unit_id": actor.unit_id}
    return {"state": CommitmentState.OPEN, "due_to": due_to} | of_unit


def _commitments_path(actor: Actor) -> str:
    asked = "&".join(f"{name}={value}" for name, value in _commitments_due(actor).items())
    return f"/api/v1/proposal-commitments?{asked}"


def _commitments(actor: Actor) -> Select[int, bool]:
    return commitments.due_by(actor, soon(actor), **_commitments_due(actor))


def _overdue(actor: Actor) -> Select[int, bool]:
    return deadlines.listed(actor, DeadlineStanding.OVERDUE)


def _overdue_path(_actor: Actor) -> str:
    return f"/api/v1/proposal-deadlines?state={DeadlineStanding.OVERDUE}"


def _only_officer(actor: Actor) -> bool:
    return _officer(actor) and not actor.may(Permission.PROPOSAL_INSPECT)


queues.register(
    "proposals",
    *(_of_proposals(waiting, queue) for waiting, queue in _QUEUES.items()),
    Queue(
        "deadlines_overdue",
        DeskKind.PROPOSALS,
        "已超期的期限",
        _overdue_path,
        holding(Permission.PROPOSAL_INSPECT),
        _overdue,
    ),
    Queue("unit_deadlines_overdue", DeskKind.UNIT, "已超期的期限", _overdue_path, _only_officer, _overdue),
    Queue("commitments_due", DeskKind.PROPOSALS, "将到期的承诺", _commitments_path, _clerk, _commitments),
    Queue(
        "unit_commitments_due",
        DeskKind.UNIT,
        "将到期的承诺",
        _commitments_path,
        lambda actor: _officer(actor) and not _clerk(actor),
        _commitments,
    ),
)
