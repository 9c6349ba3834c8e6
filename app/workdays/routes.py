"""The calendar of working days (工作日): read by everybody, corrected by the staff of each organization for its own."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Response

from app.auth.actor import Actor, AnyActor, allow
from app.auth.permissions import Permission
from app.core.db import Db, Reads
from app.core.errors import problems
from app.core.paging import json_response
from app.workdays import queries, service
from app.workdays.schemas import WorkdayIn, WorkdaysIn, WorkdaysOut

Staff = Annotated[Actor, Depends(allow(Permission.WORKDAY_MANAGE))]
Day = Annotated[date, Path(description="A local day.")]
First = Annotated[date, Query(alias="from", description="First local day.")]
Last = Annotated[
    date, Query(alias="to", description=f"Last local day; at most {queries.MAX_DAYS} days in all.")
]

router = APIRouter(prefix="/api/v1/workdays", tags=["工作日"], responses=problems(401, 403, 422))


@router.get("", operation_id="workdays_list", response_model=WorkdaysOut)
def list_workdays(actor: AnyActor, reads: Reads, first: First, last: Last) -> Response:
    """Every day of a period: working day or not, with the name of its holiday."""
    with reads.connect() as conn:
        return json_response(queries.period(conn, actor.organization_id, first, last))


@router.put("", operation_id="workdays_override_many", status_code=204)
def override_workdays(body: WorkdaysIn, actor: Staff, db: Db) -> None:
    """Set many days at once, as when the holidays of a new year are announced."""
    service.override_many(db, actor, body.items)


@router.put("/{day}", operation_id="workdays_override", status_code=204)
def override_workday(day: Day, body: WorkdayIn, actor: Staff, db: Db) -> None:
    """Say what a day is, whatever the official calendar says."""
    service.override(db, actor, day, body)


@router.delete("/{day}", operation_id="workdays_restore", status_code=204, responses=problems(404))
def restore_workday(day: Day, actor: Staff, db: Db) -> None:
    """Remove an override; the official calendar applies again."""
    service.restore(db, actor, day)
