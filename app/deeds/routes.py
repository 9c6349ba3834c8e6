"""Deeds (实事): what was confirmed in projects, who took part, and the figures."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response

from app.auth.actor import Actor, allow
from app.auth.permissions import Permission
from app.core.db import Reads
from app.core.errors import problems
from app.core.paging import Cursor, Limit, Page, json_response
from app.deeds import queries
from app.deeds.figures import figures
from app.deeds.schemas import DeedFigures, DeedGroup, DeedMemberOut, DeedOut
from app.duty.measures.rules import Measure

router = APIRouter(prefix="/api/v1/deeds", tags=["办实事"], responses=problems(401, 403, 422))

Reader = Annotated[Actor, Depends(allow(Permission.PROJECT_READ))]
GroupedBy = Annotated[DeedGroup, Query(description="What the figures are divided by.")]


def _filters(
    *,
    project_id: Annotated[int | None, Query(ge=1, le=2**63 - 1, description="Of this project.")] = None,
    campaign: Annotated[str | None, Query(max_length=60, description="Of this campaign.")] = None,
    body_id: Annotated[int | None, Query(ge=1, le=2**63 - 1, description="Of this body's projects.")] = None,
    place: Annotated[str | None, Query(max_length=120, description="Of projects at this place.")] = None,
    sector_id: Annotated[
        int | None, Query(ge=1, le=2**63 - 1, description="By members of this sector.")
    ] = None,
    seat_id: Annotated[int | None, Query(ge=1, le=2**63 - 1, description="By this member.")] = None,
    year: Annotated[int | None, Query(ge=1990, le=2100, description="Of this duty year.")] = None,
    measure: Annotated[Measure | None, Query(description="With an amount of this measure.")] = None,
) -> queries.DeedFilter:
    return queries.DeedFilter(project_id, campaign, body_id, place, sector_id, seat_id, year, measure)


Wanted = Annotated[queries.DeedFilter, Depends(_filters)]


@router.get("", operation_id="deeds_list", response_model=Page[DeedOut])
def list_deeds(
    actor: Reader, reads: Reads, wanted: Wanted, limit: Limit = 20, cursor: Cursor = None
) -> Response:
    """Confirmed deeds of projects, the latest first, each once whoever took part."""
    with reads.connect() as conn:
        return json_response(queries.page_of_deeds(conn, actor, wanted, cursor, limit))


@router.get("/members", operation_id="deeds_list_members", response_model=Page[DeedMemberOut])
def list_members(
    actor: Reader, reads: Reads, wanted: Wanted, limit: Limit = 20, cursor: Cursor = None
) -> Response:
    """Who took part in these deeds, those with the most first."""
    with reads.connect() as conn:
        return json_response(queries.page_of_members(conn, actor, wanted, cursor, limit))


@router.get("/figures", operation_id="deeds_figures", response_model=DeedFigures)
def get_figures(actor: Reader, reads: Reads, wanted: Wanted, by: GroupedBy = "campaign") -> Response:
    """Deeds, members and what came of them, by campaign, body, sector, place or year; each with its list."""
    with reads.connect() as conn:
        return json_response(figures(conn, actor, by, wanted))
