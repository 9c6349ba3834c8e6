"""Units that may handle a proposal, suggested by its author and by earlier cases."""

from typing import Annotated

from fastapi import APIRouter, Depends, Response

from app.auth.actor import Actor, allow
from app.auth.permissions import Permission
from app.core.db import Reads
from app.core.errors import problems
from app.core.paging import Id64, json_response
from app.library.units import queries
from app.library.units.schemas import UnitSuggestions

router = APIRouter(prefix="/api/v1/proposals", tags=["提案"], responses=problems(401, 403, 422))

Reviewer = Annotated[Actor, Depends(allow(Permission.PROPOSAL_REVIEW))]


@router.get(
    "/{proposal_id}/unit-suggestions",
    operation_id="proposals_suggest_units",
    response_model=UnitSuggestions,
    responses=problems(404),
)
def suggest_units(proposal_id: Id64, actor: Reviewer, reads: Reads) -> Response:
    """Up to five units that may handle a proposal, each with the reasons: its author, earlier cases, its workload."""
    with reads.connect() as conn:
        return json_response(queries.suggestions(conn, actor, proposal_id))
