"""The figures of bodies (参加单位); their proposals are a list by `body_id`."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response

from app.auth.actor import Actor, allow
from app.auth.permissions import Permission
from app.core.db import Reads
from app.core.errors import problems
from app.core.paging import json_response
from app.proposals.bodies import queries
from app.proposals.bodies.schemas import BodyFigures

router = APIRouter(prefix="/api/v1/proposal-bodies", tags=["提案"], responses=problems(401, 403, 422))

Reader = Annotated[Actor, Depends(allow(Permission.PEOPLE_READ))]
OfTerm = Annotated[int | None, Query(ge=1, le=2**63 - 1, description="By default the present term.")]


@router.get(
    "", operation_id="proposals_count_by_body", response_model=list[BodyFigures], responses=problems(404)
)
def count_by_body(actor: Reader, reads: Reads, term_id: OfTerm = None) -> Response:
    """How many collective proposals each body of a term has put forward, and how far they came."""
    with reads.connect() as conn:
        return json_response(queries.figures(conn, actor, term_id))
