"""Where my suggestions went (我的建议去哪了)."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response

from app.auth.actor import Actor, allow
from app.auth.permissions import Permission
from app.core.db import Reads
from app.core.errors import problems
from app.core.paging import Cursor, Limit, json_response
from app.suggestions import queries
from app.suggestions.rules import Stage, SuggestionSource
from app.suggestions.schemas import SuggestionPage

router = APIRouter(prefix="/api/v1/suggestions", tags=["意见建议"], responses=problems(401, 403, 422))

Reader = Annotated[Actor, Depends(allow(Permission.FINDING_READ))]


@router.get("", operation_id="suggestions_list_mine", response_model=SuggestionPage)
def list_mine(
    actor: Reader,
    reads: Reads,
    *,
    source: Annotated[SuggestionSource | None, Query(description="Only those made as this.")] = None,
    stage: Annotated[Stage | None, Query(description="Only those of which this became.")] = None,
    limit: Limit = 20,
    cursor: Cursor = None,
) -> Response:
    """What I suggested, over all sources, what changed last first: where it is and what came of it."""
    with reads.connect() as conn:
        return json_response(queries.page_of_suggestions(conn, actor, source, stage, cursor, limit))
