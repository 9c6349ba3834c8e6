"""Supervision of key proposals (督办): leaders to choose from, who looks after one, what was seen."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response

from app.auth.actor import Actor, allow
from app.auth.permissions import Permission
from app.core.db import Db, Reads
from app.core.errors import problems
from app.core.paging import Id64
from app.core.web.idempotency import OnceKey
from app.proposals.handling.queries import supervision
from app.proposals.handling.schemas import HandlingOut, InspectionIn, SupervisionIn
from app.proposals.schemas import ProposalOut
from app.proposals.supervision import service
from app.proposals.supervision.schemas import SupervisorOut

router = APIRouter(prefix="/api/v1", tags=["提案"], responses=problems(401, 403, 422))

Reviewer = Annotated[Actor, Depends(allow(Permission.PROPOSAL_REVIEW))]
Inspector = Annotated[Actor, Depends(allow(Permission.PROPOSAL_INSPECT))]
InYear = Annotated[int | None, Query(ge=1900, le=2999, description="Calendar year; the present one without.")]


@router.get("/proposal-supervisors", operation_id="proposals_list_supervisors")
def list_supervisors(actor: Reviewer, reads: Reads, year: InYear = None) -> list[SupervisorOut]:
    """The leaders of my organization, each with the key proposals that they look after in a year."""
    with reads.connect() as conn:
        found = supervision.supervisors(conn, actor, year or actor.today.year)
        return [SupervisorOut.model_validate(one) for one in found]


@router.put(
    "/proposals/{proposal_id}/supervision",
    operation_id="proposals_supervise",
    responses=problems(404, 409),
)
def supervise(proposal_id: Id64, body: SupervisionIn, actor: Reviewer, db: Db) -> ProposalOut:
    """Say which leader looks after a key proposal, and in which month."""
    return service.supervise(db, actor, proposal_id, body)


@router.post(
    "/proposals/{proposal_id}/inspections",
    operation_id="proposals_record_inspection",
    status_code=201,
    response_model=HandlingOut,
    responses=problems(404, 409),
)
def record_inspection(
    proposal_id: Id64, body: InspectionIn, actor: Inspector, db: Db, once: OnceKey
) -> Response:
    """Write what was seen when a key proposal was looked after."""
    return once(db, actor.account_id, body, lambda: service.inspect(db, actor, proposal_id, body))
