"""Handling of proposals: units, deadlines, talks, replies, ratings, commitments."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response

from app.auth.actor import Actor, allow
from app.auth.permissions import Permission
from app.core.db import Db, Reads
from app.core.errors import problems
from app.core.paging import Cursor, Id64, IfMatch, Limit, Page, json_response
from app.core.web.idempotency import OnceKey
from app.proposals.assignments.rules import DeadlineKind
from app.proposals.handling import commitments as handling_commitments
from app.proposals.handling import deadlines as handling_deadlines
from app.proposals.handling import ratings, replies, undo
from app.proposals.handling import service as handling_service
from app.proposals.handling.queries import assignments, commitments, deadlines
from app.proposals.handling.queries.commitments import CommitmentState
from app.proposals.handling.queries.deadlines import DeadlineStanding
from app.proposals.handling.schemas import (
    CommitmentNoteIn,
    CommitmentOut,
    DeadlineExtensionIn,
    DeadlineRow,
    HandlingOut,
    RatingIn,
    UndoIn,
    UnitReplyIn,
    UnitReplyOut,
    WorkTransitionIn,
)
from app.proposals.schemas import AttachmentsIn, ProposalOut
from app.proposals.settings import service
from app.proposals.settings.schemas import ProposalRules

router = APIRouter(tags=["提案"], responses=problems(401, 403, 422))

_PROPOSAL = "/api/v1/proposals/{proposal_id}"
_WORK = _PROPOSAL + "/assignments/{assignment_id}"

Reader = Annotated[Actor, Depends(allow(Permission.PROPOSAL_READ))]
Rater = Annotated[Actor, Depends(allow(Permission.PROPOSAL_RATE))]
Reviewer = Annotated[Actor, Depends(allow(Permission.PROPOSAL_REVIEW))]
Officer = Annotated[Actor, Depends(allow(Permission.PROPOSAL_HANDLE))]
OfUnit = Annotated[int | None, Query(ge=1, le=2**63 - 1, description="Only of this unit.")]


@router.get(
    _PROPOSAL + "/handling",
    operation_id="proposals_get_handling",
    response_model=HandlingOut,
    responses=problems(404),
)
def get_handling(proposal_id: Id64, actor: Reader, reads: Reads) -> Response:
    """Units, deadlines, talks, replies, ratings, commitments and inspections, as far as I may see them."""
    with reads.connect() as conn:
        return json_response(assignments.handling(conn, actor, proposal_id))


@router.post(
    _WORK + "/transitions",
    operation_id="proposals_run_work_transition",
    response_model=ProposalOut,
    responses=problems(404, 409),
)
def run_work_transition(
    proposal_id: Id64, assignment_id: Id64, body: WorkTransitionIn, actor: Reader, db: Db, once: OnceKey
) -> Response:
    """Run one of the assignment's `actions`: sign, ask for return, hand in a reply, check it."""
    return once(
        db,
        actor.account_id,
        body,
        lambda: handling_service.transition(db, actor, proposal_id, assignment_id, body),
        status=200,
    )


@router.put(_WORK + "/reply", operation_id="proposals_save_reply", responses=problems(404, 409, 412))
def save_reply(
    proposal_id: Id64, assignment_id: Id64, body: UnitReplyIn, actor: Officer, db: Db, version: IfMatch
) -> UnitReplyOut:
    """Save the draft of my unit's reply (`If-Match: "0"` the first time); 412 carries the present one."""
    return replies.save(db, actor, proposal_id, assignment_id, version, body)


@router.put(
    _WORK + "/reply/attachments", operation_id="proposals_attach_to_reply", responses=problems(404, 409)
)
def attach_to_reply(
    proposal_id: Id64, assignment_id: Id64, body: AttachmentsIn, actor: Officer, db: Db
) -> UnitReplyOut:
    """Say which uploaded files are attached to the draft of my unit's reply."""
    return replies.attach(db, actor, proposal_id, assignment_id, body)


@router.get(
    "/api/v1/proposal-replies/{reply_id}",
    operation_id="proposals_get_reply",
    response_model=UnitReplyOut,
    responses=problems(404),
)
def get_reply(reply_id: Id64, actor: Reader, reads: Reads) -> Response:
    """One unit's reply, when I may see it."""
    with reads.connect() as conn:
        return json_response(assignments.reply(conn, actor, reply_id))


@router.put(
    _PROPOSAL + "/replies/{reply_id}/rating",
    operation_id="proposals_rate_reply",
    responses=problems(404, 409),
)
def rate_reply(proposal_id: Id64, reply_id: Id64, body: RatingIn, actor: Rater, db: Db) -> HandlingOut:
    """Rate the reply to a proposal that I signed: attitude and result."""
    return ratings.rate(db, actor, proposal_id, reply_id, body)


@router.post(
    _PROPOSAL + "/deadlines/{deadline_id}/extension",
    operation_id="proposals_extend_deadline",
    response_model=ProposalOut,
    responses=problems(404, 409),
)
def extend_deadline(
    proposal_id: Id64, deadline_id: Id64, body: DeadlineExtensionIn, actor: Reader, db: Db, once: OnceKey
) -> Response:
    """Put off a deadline before it goes by, with a reason: a unit its own reply, staff others too."""
    return once(
        db,
        actor.account_id,
        body,
        lambda: handling_deadlines.extend(db, actor, proposal_id, deadline_id, body),
        status=200,
    )


@router.post(
    _PROPOSAL + "/undo",
    operation_id="proposals_undo_step",
    response_model=ProposalOut,
    responses=problems(404, 409),
)
def undo_step(proposal_id: Id64, body: UndoIn, actor: Reviewer, db: Db, once: OnceKey) -> Response:
    """Undo the newest step when it was wrong; the track keeps both."""
    return once(db, actor.account_id, body, lambda: undo.undo(db, actor, proposal_id, body), status=200)


@router.get(
    "/api/v1/proposal-deadlines", operation_id="proposals_list_deadlines", response_model=Page[DeadlineRow]
)
def list_deadlines(
    actor: Reader,
    reads: Reads,
    *,
    state: Annotated[DeadlineStanding, Query(description="Where they stand.")] = DeadlineStanding.OPEN,
    kind: Annotated[DeadlineKind | None, Query(description="Only of this kind.")] = None,
    unit_id: OfUnit = None,
    limit: Limit = 20,
    cursor: Cursor = None,
) -> Response:
    """What is due, soonest first, what has gone by from the latest: for staff and leaders all, for a unit its own."""
    with reads.connect() as conn:
        return json_response(
            deadlines.page_of_deadlines(conn, actor, state, cursor, limit, kind=kind, unit_id=unit_id)
        )


@router.get(
    "/api/v1/proposal-commitments",
    operation_id="proposals_list_commitments",
    response_model=Page[CommitmentOut],
)
def list_commitments(
    actor: Reader,
    reads: Reads,
    *,
    state: Annotated[CommitmentState | None, Query(description="Where they stand.")] = None,
    unit_id: OfUnit = None,
    overdue: Annotated[bool, Query(description="Only those whose day has gone by.")] = False,
    due_to: Annotated[date | None, Query(description="Only those that are due up to this day.")] = None,
    limit: Limit = 20,
    cursor: Cursor = None,
) -> Response:
    """The commitment ledger (承诺台账): first what is due about now, ahead or lately gone by."""
    with reads.connect() as conn:
        return json_response(
            commitments.page_of_commitments(
                conn, actor, cursor, limit, state=state, unit_id=unit_id, overdue=overdue, due_to=due_to
            )
        )


@router.post(
    "/api/v1/proposal-commitments/{commitment_id}/notes",
    operation_id="proposals_note_commitment",
    status_code=201,
    response_model=CommitmentOut,
    responses=problems(404, 409),
)
def note_commitment(
    commitment_id: Id64, body: CommitmentNoteIn, actor: Reader, db: Db, once: OnceKey
) -> Response:
    """Note progress of a commitment, or that it is kept, put off or dropped: its unit, or staff."""
    return once(db, actor.account_id, body, lambda: handling_commitments.note(db, actor, commitment_id, body))


@router.get("/api/v1/proposal-rules", operation_id="proposals_get_rules", response_model=ProposalRules)
def get_rules(actor: Reader, reads: Reads) -> Response:
    """Reviews, deadlines and letters of my organization's proposals."""
    with reads.connect() as conn:
        return json_response(ProposalRules.of(conn, actor.organization_id))


@router.put("/api/v1/proposal-rules", operation_id="proposals_set_rules")
def set_rules(body: ProposalRules, actor: Reviewer, db: Db) -> ProposalRules:
    """Set them; deadlines that run already stay as they are."""
    return service.set_rules(db, actor, body)
