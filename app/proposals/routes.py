"""Proposals (提案): drafts, co-signers, the steps of the life cycle and its track."""

from typing import Annotated

from fastapi import APIRouter, Depends, Response

from app.auth.actor import Actor, allow
from app.auth.permissions import Permission
from app.core.db import Db, Reads
from app.core.errors import problems
from app.core.paging import Cursor, Id64, IfMatch, Limit, Page, json_response
from app.core.web.idempotency import OnceKey
from app.proposals import queries, service, text
from app.proposals.entry import period as form_period
from app.proposals.lifecycle import ProposalMark
from app.proposals.lists import queries as list_queries
from app.proposals.lists.filters import Filter, InScope, Sorted
from app.proposals.lists.queries import ProposalScope
from app.proposals.schemas import (
    Answer,
    AnswerOut,
    AttachmentsIn,
    Invitation,
    MarkIn,
    PeriodIn,
    ProposalCount,
    ProposalIn,
    ProposalOut,
    ProposalRow,
    ProposalTransitionIn,
)
from app.proposals.signers import service as signer_service
from app.proposals.supervision import service as supervision
from app.proposals.track import queries as track_queries
from app.proposals.track.schemas import ProposalTrackOut, ProposalVersionOut, ProposalVersionRow

router = APIRouter(prefix="/api/v1/proposals", tags=["提案"], responses=problems(401, 403, 422))

Reader = Annotated[Actor, Depends(allow(Permission.PROPOSAL_READ))]
Author = Annotated[Actor, Depends(allow(Permission.PROPOSAL_WRITE))]
Reviewer = Annotated[Actor, Depends(allow(Permission.PROPOSAL_REVIEW))]


@router.get("", operation_id="proposals_list", response_model=Page[ProposalRow])
def list_proposals(
    actor: Reader,
    reads: Reads,
    wanted: Filter,
    *,
    scope: InScope = ProposalScope.FILED,
    sort: Sorted = None,
    limit: Limit = 20,
    cursor: Cursor = None,
) -> Response:
    """Proposals of one scope that I may see, newest first or as `sort` says."""
    with reads.connect() as conn:
        found = list_queries.page_of_proposals(conn, actor, scope, wanted, cursor, limit, sort)
        return json_response(found)


@router.get("/count", operation_id="proposals_count", response_model=ProposalCount)
def count_proposals(
    actor: Reader, reads: Reads, wanted: Filter, *, scope: InScope = ProposalScope.FILED
) -> Response:
    """How many proposals the list with the same scope and filters holds."""
    with reads.connect() as conn:
        return json_response({"count": list_queries.count(conn, actor, scope, wanted)})


@router.post("", operation_id="proposals_write", status_code=201, response_model=ProposalOut)
def write_proposal(body: ProposalIn, actor: Author, db: Db, once: OnceKey) -> Response:
    """Begin a draft; every part may still be empty."""
    return once(db, actor.account_id, body, lambda: text.write(db, actor, body))


@router.get(
    "/{proposal_id}", operation_id="proposals_get", response_model=ProposalOut, responses=problems(404)
)
def get_proposal(proposal_id: Id64, actor: Reader, reads: Reads) -> Response:
    """One proposal, with the steps that are open to me."""
    with reads.connect() as conn:
        return json_response(queries.read(conn, actor, proposal_id))


@router.put(
    "/{proposal_id}",
    operation_id="proposals_edit",
    responses=problems(404, 409, 412),
)
def edit_proposal(
    proposal_id: Id64, body: ProposalIn, actor: Author, db: Db, version: IfMatch
) -> ProposalOut:
    """Save the whole text; 412 carries the present proposal as `current`, and what was sent stays with the sender."""
    return text.edit(db, actor, proposal_id, version, body)


@router.delete(
    "/{proposal_id}", operation_id="proposals_delete", status_code=204, responses=problems(404, 409)
)
def delete_proposal(proposal_id: Id64, actor: Author, db: Db) -> None:
    """Delete my draft."""
    text.delete(db, actor, proposal_id)


@router.put(
    "/{proposal_id}/attachments",
    operation_id="proposals_attach",
    responses=problems(404, 409),
)
def attach_files(proposal_id: Id64, body: AttachmentsIn, actor: Author, db: Db) -> ProposalOut:
    """Say which of my uploaded files are attached."""
    return text.attach(db, actor, proposal_id, body)


@router.get(
    "/{proposal_id}/versions",
    operation_id="proposals_list_versions",
    response_model=Page[ProposalVersionRow],
    responses=problems(404),
)
def list_versions(
    proposal_id: Id64, actor: Reader, reads: Reads, limit: Limit = 20, cursor: Cursor = None
) -> Response:
    """Every saved version, newest first: all for the author, those since the first submission for staff."""
    with reads.connect() as conn:
        return json_response(track_queries.page_of_versions(conn, actor, proposal_id, cursor, limit))


@router.get(
    "/{proposal_id}/versions/{version}",
    operation_id="proposals_get_version",
    response_model=ProposalVersionOut,
    responses=problems(404),
)
def get_version(proposal_id: Id64, version: Id64, actor: Reader, reads: Reads) -> Response:
    """The text of one saved version."""
    with reads.connect() as conn:
        return json_response(track_queries.version(conn, actor, proposal_id, version))


@router.get(
    "/{proposal_id}/track",
    operation_id="proposals_get_track",
    response_model=ProposalTrackOut,
    responses=problems(404),
)
def get_track(proposal_id: Id64, actor: Reader, reads: Reads) -> Response:
    """The way so far, step by step, and what I may do next."""
    with reads.connect() as conn:
        return json_response(track_queries.track(conn, actor, proposal_id))


@router.post(
    "/{proposal_id}/transitions",
    operation_id="proposals_run_transition",
    response_model=ProposalOut,
    responses=problems(404, 409),
)
def run_transition(
    proposal_id: Id64, body: ProposalTransitionIn, actor: Reader, db: Db, once: OnceKey
) -> Response:
    """Run one of the proposal's `actions`: submit, withdraw, review, file, decline, assign, close and so on."""
    return once(
        db, actor.account_id, body, lambda: service.transition(db, actor, proposal_id, body), status=200
    )


@router.put(
    "/{proposal_id}/period",
    operation_id="proposals_set_period",
    responses=problems(404, 409),
)
def set_period(proposal_id: Id64, body: PeriodIn, actor: Reviewer, db: Db) -> ProposalOut:
    """Say that it came during the plenary or between sessions, where its day does not tell."""
    return form_period.set_period(db, actor, proposal_id, body)


@router.put(
    "/{proposal_id}/key",
    operation_id="proposals_mark_key",
    responses=problems(404, 409),
)
def mark_key(proposal_id: Id64, body: MarkIn, actor: Reviewer, db: Db) -> ProposalOut:
    """Make it a key proposal (重点提案), or no longer."""
    return supervision.mark(db, actor, proposal_id, ProposalMark.KEY, body)


@router.put(
    "/{proposal_id}/commendation",
    operation_id="proposals_commend",
    responses=problems(404, 409),
)
def commend(proposal_id: Id64, body: MarkIn, actor: Reviewer, db: Db) -> ProposalOut:
    """Commend it (优秀提案), or take that back."""
    return supervision.mark(db, actor, proposal_id, ProposalMark.COMMENDATION, body)


@router.post(
    "/{proposal_id}/signers",
    operation_id="proposals_invite_signers",
    status_code=201,
    response_model=ProposalOut,
    responses=problems(404, 409),
)
def invite_signers(proposal_id: Id64, body: Invitation, actor: Author, db: Db, once: OnceKey) -> Response:
    """Ask members to sign my joint proposal, by a day."""
    return once(db, actor.account_id, body, lambda: signer_service.invite(db, actor, proposal_id, body))


@router.delete(
    "/{proposal_id}/signers/{seat_id}",
    operation_id="proposals_uninvite_signer",
    status_code=204,
    responses=problems(404, 409),
)
def uninvite_signer(proposal_id: Id64, seat_id: Id64, actor: Author, db: Db) -> None:
    """Take an invitation back, or a co-signer off, while the text is open."""
    signer_service.uninvite(db, actor, proposal_id, seat_id)


@router.put(
    "/{proposal_id}/signature",
    operation_id="proposals_answer_invitation",
    responses=problems(404, 409),
)
def answer_invitation(proposal_id: Id64, body: Answer, actor: Author, db: Db) -> AnswerOut:
    """Sign the proposal that I am invited to, or decline."""
    return signer_service.answer(db, actor, proposal_id, body)
