"""The leaderboard (热力榜)."""

from datetime import date
from typing import Annotated, Any, cast, get_args

from anyio import to_thread
from fastapi import APIRouter, Depends, Query, Request, Response

from app.auth.actor import Actor, allow
from app.auth.permissions import Permission
from app.core.db import Reads
from app.core.errors import problems
from app.core.hot.conditional_get import ConditionalRoute, with_etag
from app.core.paging import Cursor, Id64, Limit, json_response
from app.heat import pages
from app.heat.boards import Boards
from app.heat.formula import BoardKind, ScorePart, Window
from app.heat.schemas import BoardPage, ExplainedFormula, HeatLines

BoardReader = Annotated[Actor, Depends(allow(Permission.BOARD_READ))]
On = Annotated[
    date | None, Query(description="A local day in the window; today by default.", examples=["2026-11-20"])
]
InWindow = Annotated[Window, Query(description="`now` decays with a half-life of seven days.")]
OnBoard = Annotated[
    BoardKind,
    Query(description="`all` ranks ordinary members, `standing` the standing ones, groups rank both."),
]
Group = Annotated[
    int | None, Query(ge=1, le=2**63 - 1, description="The sector or committee of such a board.")
]
OfPart = Annotated[ScorePart | None, Query(description="Only lines of one part.")]
IsCounted = Annotated[bool | None, Query(description="Only lines that are, or are not, counted in `parts`.")]


async def _boards(request: Request) -> Boards:
    state = request.app.state
    if not hasattr(state, "boards"):
        state.boards = Boards(state.database)
    found: Boards = state.boards
    return found


KeptBoards = Annotated[Boards, Depends(_boards)]

router = APIRouter(
    route_class=ConditionalRoute,
    prefix="/api/v1/leaderboard",
    tags=["热力榜"],
    responses=problems(401, 403, 404, 422, 503),
)


async def _tag(request: Request) -> str | None:
    actor = await allow(Permission.BOARD_READ)(request)
    window, on = request.query_params.get("window", "week"), request.query_params.get("on")
    if window not in get_args(Window):
        return None
    try:
        day = date.fromisoformat(on) if on else None
    except ValueError:
        return None
    boards = await _boards(request)
    version = await boards.settled(actor.organization_id, cast("Window", window), day)
    return pages.etag(actor, version) if version else None


@router.get("", operation_id="leaderboard_get", response_model=BoardPage)
@with_etag(_tag)
async def get_board(
    *,
    actor: BoardReader,
    reads: Reads,
    boards: KeptBoards,
    window: InWindow = "week",
    board: OnBoard = "all",
    group_id: Group = None,
    on: On = None,
    limit: Limit = 20,
    cursor: Cursor = None,
) -> Response:
    """A leaderboard of heat with its formula and my own row; ties share a rank."""
    of, group = actor.organization_id, None
    if board in pages.GROUPED or group_id is not None:
        group = await to_thread.run_sync(_group, reads, of, board, group_id)
    at_hand = None if group else await boards.at_hand(of, window, on, board)
    if at_hand is None:
        at_hand = await to_thread.run_sync(boards.present, of, window, on, board, group_id)
    span, ranked = at_hand
    page = pages.board_page(ranked, actor, span, board, group, cursor, limit)
    return json_response(page, etag=pages.etag(actor, ranked.version))


def _group(
    reads: Reads, organization_id: int, board: BoardKind, group_id: int | None
) -> dict[str, Any] | None:
    with reads.connect() as conn:
        return pages.group(conn, organization_id, board, group_id)


@router.get("/formula", operation_id="leaderboard_explain", response_model=ExplainedFormula)
def explain(actor: BoardReader) -> Response:
    """How heat is computed, in words and with examples."""
    return json_response(pages.explained())


@router.get("/{seat_id}/records", operation_id="leaderboard_list_records", response_model=HeatLines)
def list_lines(
    *,
    seat_id: Id64,
    actor: BoardReader,
    reads: Reads,
    boards: KeptBoards,
    window: InWindow = "week",
    on: On = None,
    part: OfPart = None,
    counted: IsCounted = None,
    limit: Limit = 20,
    cursor: Cursor = None,
) -> Response:
    """The lines that add up to the heat of one row, newest first: what each act gave, and why others gave nothing."""
    span = boards.span(actor.organization_id, window, on)
    calendar = boards.calendar(actor.organization_id)
    with reads.connect() as conn:
        only = pages.Only(part, counted)
        page = pages.lines_page(conn, actor, seat_id, calendar, span, only=only, cursor=cursor, limit=limit)
    return json_response(page)
