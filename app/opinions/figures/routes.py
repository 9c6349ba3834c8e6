"""Figures of opinion reports by tier, author, sector and duty year, each with the records that it counts."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response

from app.auth.actor import Actor, allow
from app.auth.permissions import Permission
from app.core.db import Reads
from app.core.errors import problems
from app.core.paging import Cursor, Limit, Page, json_response
from app.opinions.figures import queries
from app.opinions.figures.queries import By, CountedReport, OpinionFigure
from app.opinions.figures.schemas import CountedOut, FiguresOut
from app.opinions.lifecycle import Tier

router = APIRouter(prefix="/api/v1/opinions/statistics", tags=["社情民意"], responses=problems(401, 403, 422))

Reader = Annotated[Actor, Depends(allow(Permission.OPINION_READ))]
Grouped = Annotated[By, Query(description="What each row is about.")]


async def _counted(
    figure: Annotated[OpinionFigure | None, Query(description="Only this figure.")] = None,
    tier: Annotated[Tier | None, Query(description="Only this tier.")] = None,
    year: Annotated[int | None, Query(ge=1900, le=2999, description="Only this duty year.")] = None,
    seat_id: Annotated[int | None, Query(ge=1, le=2**63 - 1, description="Only this author's.")] = None,
    sector_id: Annotated[int | None, Query(ge=1, le=2**63 - 1, description="Only this sector's.")] = None,
) -> CountedReport:
    return CountedReport(figure, tier, year, seat_id, sector_id)


Wanted = Annotated[CountedReport, Depends(_counted)]


@router.get("", operation_id="opinions_count", response_model=Page[FiguresOut])
def count_reports(
    actor: Reader,
    reads: Reads,
    wanted: Wanted,
    by: Grouped = By.ALL,
    limit: Limit = 20,
    cursor: Cursor = None,
) -> Response:
    """How many were handed in, issued, adopted (at their highest tier) and commented on; for members their own."""
    with reads.connect() as conn:
        return json_response(queries.page_of_figures(conn, actor, by, wanted, cursor, limit))


@router.get("/records", operation_id="opinions_list_counted", response_model=Page[CountedOut])
def list_counted(
    actor: Reader, reads: Reads, wanted: Wanted, limit: Limit = 20, cursor: Cursor = None
) -> Response:
    """What a figure counts, newest first, under the same filters."""
    with reads.connect() as conn:
        return json_response(queries.page_of_counted(conn, actor, wanted, cursor, limit))
