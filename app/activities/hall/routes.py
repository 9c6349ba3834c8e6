"""Seats in the hall (会场座次): filled by a rule, changed by hand, shown to each member."""

from fastapi import APIRouter

from app.activities.hall import queries, service
from app.activities.hall.schemas import HallIn, HallOut, PlaceIn
from app.activities.routes import Staff
from app.core.db import Db, Reads
from app.core.errors import problems
from app.core.paging import Id64, IfMatch

router = APIRouter(
    prefix="/api/v1/activities/{activity_id}/hall",
    tags=["会议活动"],
    responses=problems(401, 403, 404, 422),
)


@router.get("", operation_id="activities_get_hall")
def get_hall(activity_id: Id64, actor: Staff, reads: Reads) -> HallOut:
    """Who sits where, who has no chair yet, and who does not come any more."""
    with reads.connect() as conn:
        return HallOut.model_validate(queries.hall(conn, actor, activity_id))


@router.put("", operation_id="activities_fill_hall", responses=problems(409, 412))
def fill_hall(activity_id: Id64, body: HallIn, actor: Staff, db: Db, version: IfMatch) -> HallOut:
    """Give everybody who is expected a chair by a rule; the rows in front stay as they were filled by hand.

    `If-Match: "0"` while there is no seating.
    """
    return service.fill(db, actor, activity_id, version, body)


@router.put("/{seat_id}", operation_id="activities_move_guest", responses=problems(409, 412))
def move_guest(
    activity_id: Id64, seat_id: Id64, body: PlaceIn, actor: Staff, db: Db, version: IfMatch
) -> HallOut:
    """Seat a member on a chair; whoever sits there changes places with the member."""
    return service.move(db, actor, activity_id, seat_id, version, body)


@router.delete("", operation_id="activities_drop_hall", status_code=204, responses=problems(409, 412))
def drop_hall(activity_id: Id64, actor: Staff, db: Db, version: IfMatch) -> None:
    """Drop the seating."""
    service.drop(db, actor, activity_id, version)
