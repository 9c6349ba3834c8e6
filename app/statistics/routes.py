"""Statistics (统计): the figures of units with their league, and the overview for leaders."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response

from app.auth.actor import Actor, allow
from app.auth.permissions import Permission
from app.core.db import Reads
from app.core.errors import problems
from app.core.paging import Cursor, Id64, Limit, Page, json_response
from app.statistics import queries
from app.statistics.overview import queries as overview_queries
from app.statistics.participation import queries as participation_queries
from app.statistics.participation.queries import ParticipationGroup
from app.statistics.queries import YEARS, Asked
from app.statistics.rules import FigureName, Measure
from app.statistics.schemas import (
    ActiveMember,
    CountedProposal,
    League,
    Overview,
    Participation,
    Subjects,
    UnitStatistics,
)

router = APIRouter(prefix="/api/v1/statistics", tags=["统计"], responses=problems(401, 403, 422))

Reader = Annotated[Actor, Depends(allow(Permission.STATISTICS_READ))]
Inspector = Annotated[Actor, Depends(allow(Permission.PROPOSAL_INSPECT))]


async def _asked(
    *,
    window_id: Annotated[
        int | None, Query(ge=1, le=2**63 - 1, description="The proposals of this window.")
    ] = None,
    year: Annotated[
        int | None, Query(ge=YEARS[0], le=YEARS[1], description="A duty year; the present one by default.")
    ] = None,
    starts_on: Annotated[
        date | None, Query(description="With `ends_on`: what was handed to units from this local day on.")
    ] = None,
    ends_on: Annotated[date | None, Query(description="With `starts_on`: the last day.")] = None,
) -> Asked:
    return Asked(window_id, year, starts_on, ends_on)


InPeriod = Annotated[Asked, Depends(_asked)]
InYear = Annotated[
    int | None, Query(ge=YEARS[0], le=YEARS[1], description="A duty year; the present one by default.")
]


@router.get("/units", operation_id="statistics_list_units", response_model=League, responses=problems(404))
def list_units(
    actor: Reader,
    reads: Reads,
    asked: InPeriod,
    *,
    by: Annotated[Measure, Query(description="The rate that ranks them.")] = "on_time",
    limit: Limit = 20,
    cursor: Cursor = None,
) -> Response:
    """The league of units in a period, best first; ties share a rank."""
    with reads.connect() as conn:
        span = queries.period(conn, actor, asked)
        return json_response(queries.league(conn, actor, span, by, cursor, limit))


@router.get(
    "/units/{unit_id}",
    operation_id="statistics_get_unit",
    response_model=UnitStatistics,
    responses=problems(404),
)
def get_unit(unit_id: Id64, actor: Reader, reads: Reads, asked: InPeriod) -> Response:
    """One unit's figures in a period, each with the list that it opens."""
    with reads.connect() as conn:
        return json_response(queries.unit(conn, actor, queries.period(conn, actor, asked), unit_id))


@router.get(
    "/units/{unit_id}/proposals",
    operation_id="statistics_list_proposals",
    response_model=Page[CountedProposal],
    responses=problems(404),
)
def list_proposals(
    unit_id: Id64,
    actor: Reader,
    reads: Reads,
    asked: InPeriod,
    *,
    figure: Annotated[FigureName, Query(description="What is counted.")] = FigureName.ASSIGNED,
    limit: Limit = 20,
    cursor: Cursor = None,
) -> Response:
    """The proposals that a figure of a unit counts, newest first; their `count`s add up to it."""
    with reads.connect() as conn:
        span = queries.period(conn, actor, asked)
        return json_response(queries.page_of_proposals(conn, actor, span, unit_id, figure, cursor, limit))


@router.get("/overview", operation_id="statistics_get_overview", response_model=Overview)
def get_overview(actor: Inspector, reads: Reads) -> Response:
    """Where proposals stand, what is overdue, what was promised, which are looked after this month."""
    with reads.connect() as conn:
        return json_response(overview_queries.overview(conn, actor))


@router.get("/participation", operation_id="statistics_get_participation", response_model=Participation)
def get_participation(actor: Inspector, reads: Reads, year: InYear = None) -> Response:
    """What members did in a duty year, by month and by sector."""
    with reads.connect() as conn:
        return json_response(participation_queries.participation(conn, actor, year))


@router.get(
    "/participation/members",
    operation_id="statistics_list_active_members",
    response_model=Page[ActiveMember],
)
def list_active_members(
    actor: Inspector,
    reads: Reads,
    *,
    year: InYear = None,
    month: Annotated[date | None, Query(description="Any day of a month.")] = None,
    sector_id: Annotated[int | None, Query(ge=1, le=2**63 - 1, description="Only of this sector.")] = None,
    limit: Limit = 20,
    cursor: Cursor = None,
) -> Response:
    """The members who acted in a duty year, one month of it or one sector, the busiest first."""
    with reads.connect() as conn:
        group = ParticipationGroup(year, month, sector_id)
        return json_response(participation_queries.page_of_members(conn, actor, group, cursor, limit))


@router.get("/subjects", operation_id="statistics_list_subjects", response_model=Subjects)
def list_subjects(actor: Inspector, reads: Reads) -> Response:
    """The proposals of each subject, under review and on file."""
    with reads.connect() as conn:
        return json_response({"items": participation_queries.subjects(conn, actor)})
