"""The yearly duty report (年度履职报告): its figures, and the words of members of the standing committee."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Response

from app.archive.reports import queries, service
from app.archive.reports.schemas import ReportIn, ReportOut, ReportVersionOut, ReportVersionRow
from app.auth.actor import Actor, allow
from app.auth.permissions import Permission
from app.core.db import Db, Reads
from app.core.errors import problems
from app.core.paging import Cursor, Id64, IfMatch, Limit, Page, json_response

router = APIRouter(
    prefix="/api/v1/seats/{seat_id}/reports", tags=["履职申报"], responses=problems(401, 403, 404, 422)
)

Reader = Annotated[Actor, Depends(allow(Permission.DUTY_READ))]
Author = Annotated[Actor, Depends(allow(Permission.DUTY_CLAIM))]
Year = Annotated[int, Path(ge=1900, le=2999, description="Duty year.")]


@router.get("/{year}", operation_id="reports_get", response_model=ReportOut)
def get_report(seat_id: Id64, year: Year, actor: Reader, reads: Reads) -> Response:
    """The duty report of a year, for its member and the secretariat."""
    with reads.connect() as conn:
        return json_response(queries.read(conn, actor, seat_id, year))


@router.put("/{year}", operation_id="reports_save", responses=problems(412))
def save_report(
    seat_id: Id64, year: Year, body: ReportIn, actor: Author, db: Db, version: IfMatch
) -> ReportOut:
    """Save the words of my report; 412 carries the present report as `current`."""
    return service.save(db, actor, seat_id, year, version, body)


@router.get("/{year}/versions", operation_id="reports_list_versions", response_model=Page[ReportVersionRow])
def list_versions(
    seat_id: Id64, year: Year, actor: Reader, reads: Reads, limit: Limit = 20, cursor: Cursor = None
) -> Response:
    """The saved versions of the words, newest first."""
    with reads.connect() as conn:
        return json_response(queries.page_of_versions(conn, actor, seat_id, year, cursor, limit))


@router.get("/{year}/versions/{version}", operation_id="reports_get_version", response_model=ReportVersionOut)
def get_version(seat_id: Id64, year: Year, version: Id64, actor: Reader, reads: Reads) -> Response:
    """The words of one version."""
    with reads.connect() as conn:
        return json_response(queries.version(conn, actor, seat_id, year, version))
