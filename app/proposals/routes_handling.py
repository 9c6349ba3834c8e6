"""Handling of proposals: units, deadlines, talks, replies, ratings, commitments, supervision."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response

from app.auth.actor import Actor, allow
from app.auth.permissions import Permission
from app.core.db import Db, Reads
from app.core.errors import problems
from app.core.once import OnceKey
from app.core.paging import Cursor, Id64, IfMatch, Limit, Page, json_response
from app.proposals import (
    queries_commitments,
    queries_deadlines,
    queries_handling,
    service_commitments,
    service_deadlines,
    service_ratings,
    service_replies,
    service_rules,
    service_supervision,
    service_undo,
    service_work,
)
from app.proposals.queries_commitments import CommitmentState
from app.proposals.queries_deadlines import Standing
from app.proposals.rules_deadlines import DeadlineKind
from app.proposals.schemas import AttachmentsIn, ProposalOut
from app.proposals.schemas_handling import (
    CommitmentOut,
    DeadlineRow,
    ExtensionIn,
    HandlingOut,
    InspectionIn,
    NoteIn,
    RatingIn,
    SupervisionIn,
    UndoIn,
    UnitReplyIn,
    UnitReplyOut,
    WorkTransitionIn,
)
from app.proposals.schemas_rules import ProposalRules

router = APIRouter(tags=["提案"], responses=problems(401, 403, 422))

_PROPOSAL = "/api/v1/proposals/{proposal_id}"
_WORK = _PROPOSAL + "/assignments/{assignment_id}"

Reader = Annotated[Actor, Depends(allow(Permission.PROPOSAL_READ))]
Rater = Annotated[Actor, Depends(allow(Permission.PROPOSAL_RATE))]
Reviewer = Annotated[Actor, Depends(allow(Permission.PROPOSAL_REVIEW))]
Officer = Annotated[Actor, Depends(allow(Permission.PROPOSAL_HANDLE))]
Inspector = Annotated[Actor, Depends(allow(Permission.PROPOSAL_INSPECT))]
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
        return json_response(queries_handling.handling(conn, actor, proposal_id))


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
    asked = f"work {proposal_id} {assignment_id} {body.model_dump_json()}"
    return once(
        db,
        actor.account_id,
        asked,
        lambda: service_work.transition(db, actor, proposal_id, assignment_id, body),
        status=200,
    )


@router.put(_WORK + "/reply", operation_id="proposals_save_reply", responses=problems(404, 409, 412))
def save_reply(
    proposal_id: Id64, assignment_id: Id64, body: UnitReplyIn, actor: Officer, db: Db, version: IfMatch
) -> UnitReplyOut:
    """Save the draft of my unit's reply (`If-Match: "0"` the first time); 412 carries the present one."""
    return service_replies.save(db, actor, proposal_id, assignment_id, version, body)


@router.put(
    _WORK + "/reply/attachments", operation_id="proposals_attach_to_reply", responses=problems(404, 409)
)
def attach_to_reply(
    proposal_id: Id64, assignment_id: Id64, body: AttachmentsIn, actor: Officer, db: Db
) -> UnitReplyOut:
    """Say which uploaded files are attached to the draft of my unit's reply."""
    return service_replies.attach(db, actor, proposal_id, assignment_id, body)


@router.get(
    "/api/v1/proposal-replies/{reply_id}",
    operation_id="proposals_get_reply",
    response_model=UnitReplyOut,
    responses=problems(404),
)
def get_reply(reply_id: Id64, actor: Reader, reads: Reads) -> Response:
    """One unit's reply, when I may see it."""
    with reads.connect() as conn:
        return json_response(queries_handling.reply(conn, actor, reply_id))


@router.put(
    _PROPOSAL + "/replies/{reply_id}/rating",
    operation_id="proposals_rate_reply",
    responses=problems(404, 409),
)
def rate_reply(proposal_id: Id64, reply_id: Id64, body: RatingIn, actor: Rater, db: Db) -> HandlingOut:
    """Rate the reply to a proposal that I signed: attitude and result."""
    return service_ratings.rate(db, actor, proposal_id, reply_id, body)


@router.post(
    _PROPOSAL + "/deadlines/{deadline_id}/extension",
    operation_id="proposals_extend_deadline",
    response_model=ProposalOut,
    responses=problems(404, 409),
)
def extend_deadline(
    proposal_id: Id64, deadline_id: Id64, body: ExtensionIn, actor: Reader, db: Db, once: OnceKey
) -> Response:
    """Put off a deadline before it goes by, with a reason: a unit its own reply, staff others too."""
    asked = f"extension {proposal_id} {deadline_id} {body.model_dump_json()}"
    return once(
        db,
        actor.account_id,
        asked,
        lambda: service_deadlines.extend(db, actor, proposal_id, deadline_id, body),
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
    asked = f"undo {proposal_id} {body.model_dump_json()}"
    return once(
        db, actor.account_id, asked, lambda: service_undo.undo(db, actor, proposal_id, body), status=200
    )


@router.put(_PROPOSAL + "/supervision", operation_id="proposals_supervise", responses=problems(404, 409))
def supervise(proposal_id: Id64, body: SupervisionIn, actor: Reviewer, db: Db) -> ProposalOut:
    """Say which leader looks after a key proposal, and in which month."""
    return service_supervision.supervise(db, actor, proposal_id, body)


@router.post(
    _PROPOSAL + "/inspections",
    operation_id="proposals_record_inspection",
    status_code=201,
    response_model=HandlingOut,
    responses=problems(404, 409),
)
def record_inspection(
    proposal_id: Id64, body: InspectionIn, actor: Inspector, db: Db, once: OnceKey
) -> Response:
    """Write what was seen when a key proposal was looked after."""
    asked = f"inspection {proposal_id} {body.model_dump_json()}"
    return once(
        db, actor.account_id, asked, lambda: service_supervision.inspect(db, actor, proposal_id, body)
    )


@router.get(
    "/api/v1/proposal-deadlines", operation_id="proposals_list_deadlines", response_model=Page[DeadlineRow]
)
def list_deadlines(
    actor: Reader,
    reads: Reads,
    *,
    state: Annotated[Standing, Query(description="Where they stand.")] = Standing.OPEN,
    kind: Annotated[DeadlineKind | None, Query(description="Only of this kind.")] = None,
    unit_id: OfUnit = None,
    limit: Limit = 20,
    cursor: Cursor = None,
) -> Response:
    """What is due, soonest first, what has gone by from the latest: for staff and leaders all, for a unit its own."""
    with reads.connect() as conn:
        return json_response(
            queries_deadlines.page_of_deadlines(conn, actor, state, cursor, limit, kind=kind, unit_id=unit_id)
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
            queries_commitments.page_of_commitments(
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
def note_commitment(commitment_id: Id64, body: NoteIn, actor: Reader, db: Db, once: OnceKey) -> Response:
    """Note progress of a commitment, or that it is kept, put off or dropped: its unit, or staff."""
    asked = f"note {commitment_id} {body.model_dump_json()}"
    return once(db, actor.account_id, asked, lambda: service_commitments.note(db, actor, commitment_id, body))


@router.get("/api/v1/proposal-rules", operation_id="proposals_get_rules", response_model=ProposalRules)
def get_rules(actor: Reader, reads: Reads) -> Response:
    """Reviews, deadlines and letters of my organization's proposals."""
    with reads.connect() as conn:
        return json_response(ProposalRules.of(conn, actor.organization_id))


@router.put("/api/v1/proposal-rules", operation_id="proposals_set_rules")
def set_rules(body: ProposalRules, actor: Reviewer, db: Db) -> ProposalRules:
    """Set them; deadlines that run already stay as they are."""
    return service_rules.set_rules(db, actor, body)
