"""Boards as they stood: last month's board stays what it was, with corrections shown as such."""

from typing import Annotated

from fastapi import APIRouter, Path, Response

from app.core.db import Reads
from app.core.errors import problems
from app.core.paging import Cursor, Limit, Page, json_response
from app.heat.routes import KeptBoards
from app.points.routes import OnBoard, Reader
from app.points.schemas import SnapshotName, SnapshotPage
from app.points.snapshots import service
from app.points.snapshots.service import Figure

OfFigure = Annotated[Figure, Path(description="Heat or points.")]
Month = Annotated[
    str, Path(pattern=r"^2\d{3}-(0[1-9]|1[0-2])$", max_length=7, description="A month that has ended.")
]

router = APIRouter(
    prefix="/api/v1/board-snapshots", tags=["履职积分"], responses=problems(401, 403, 404, 422, 503)
)


@router.get("", operation_id="snapshots_list", response_model=Page[SnapshotName])
def list_snapshots(actor: Reader, reads: Reads, limit: Limit = 20, cursor: Cursor = None) -> Response:
    """The boards of past months, newest first."""
    with reads.connect() as conn:
        return json_response(service.page_of_snapshots(conn, actor.organization_id, cursor, limit))


@router.get("/{figure}/{month}", operation_id="snapshots_get", response_model=SnapshotPage)
def get_snapshot(
    figure: OfFigure,
    month: Month,
    actor: Reader,
    reads: Reads,
    boards: KeptBoards,
    board: OnBoard = None,
    limit: Limit = 20,
    cursor: Cursor = None,
) -> Response:
    """A board as it stood when a month had ended; a row that was corrected since says so, and keeps its place."""
    wanted = service.SnapshotQuery(actor.organization_id, figure, month, board)
    return json_response(service.snapshot(reads, boards, wanted, cursor, limit))
