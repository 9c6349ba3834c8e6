"""Points (履职积分): the score of a seat with every line explained, and the boards."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Response
from pydantic import StringConstraints

from app.auth.actor import Actor, allow
from app.auth.permissions import Permission
from app.core.db import Reads, Store
from app.core.errors import problems
from app.core.paging import Cursor, Id64, Limit, json_response
from app.points import pages, scores
from app.points.schemas import PointsBoard, ScoredRecords, ScoreOut

Reader = Annotated[Actor, Depends(allow(Permission.BOARD_READ))]
Year = Annotated[int | None, Query(ge=2000, le=2999, description="Duty year; the present one by default.")]
OnBoard = Annotated[
    Annotated[str, StringConstraints(max_length=40)] | None,
    Query(description="A board of the ruleset; its first one by default."),
]
Group = Annotated[
    int | None, Query(ge=1, le=2**63 - 1, description="Only seats of it, ranked among themselves.")
]
Committee = Annotated[
    int | None,
    Query(ge=0, le=2**63 - 1, description="Only seats of it, ranked among themselves; 0: of no committee."),
]
Part = Annotated[
    str,
    Path(
        pattern=r"^(rule:[a-z0-9_]{1,40}|minimum:[a-z0-9_]{1,40}|unscored)$",
        max_length=60,
        description="A line's rule, a minimum duty, or the records that no rule is about.",
        examples=["rule:plenary"],
    ),
]

router = APIRouter(prefix="/api/v1", tags=["履职积分"], responses=problems(401, 403, 404, 422, 503))


@router.get("/seats/{seat_id}/score", operation_id="points_get_score", response_model=ScoreOut)
def get_score(seat_id: Id64, actor: Reader, reads: Reads, database: Store, year: Year = None) -> Response:
    """The score of a member in a duty year: what each rule gave and why not more, and the minimum duties."""
    with reads.connect() as conn:
        of = pages.in_force(conn, actor.organization_id, year)
    scores.refresh(database, of)
    with reads.connect() as conn:
        return json_response(pages.score(conn, actor, seat_id, of))


@router.get(
    "/seats/{seat_id}/score/records/{part}", operation_id="points_list_records", response_model=ScoredRecords
)
def list_score_records(
    seat_id: Id64,
    actor: Reader,
    reads: Reads,
    part: Part,
    year: Year = None,
    limit: Limit = 20,
    cursor: Cursor = None,
) -> Response:
    """The records behind one line of a score, newest first, each with what it gave and why not more."""
    with reads.connect() as conn:
        of = pages.in_force(conn, actor.organization_id, year)
        return json_response(pages.records_page(conn, actor, seat_id, of, part, cursor, limit))


@router.get("/points-board", operation_id="points_get_board", response_model=PointsBoard)
def get_points_board(
    *,
    actor: Reader,
    reads: Reads,
    database: Store,
    year: Year = None,
    board: OnBoard = None,
    sector_id: Group = None,
    committee_id: Committee = None,
    limit: Limit = 20,
    cursor: Cursor = None,
) -> Response:
    """A board of points with its published rules and my own row; ties share a rank."""
    with reads.connect() as conn:
        of = pages.in_force(conn, actor.organization_id, year)
    shown = pages.board_of(of.rules, board)
    scores.refresh(database, of)
    with reads.connect() as conn:
        who = pages.wanted(conn, of, shown, sector_id, committee_id)
        return json_response(pages.board_page(conn, actor, of, shown, who, cursor, limit))
