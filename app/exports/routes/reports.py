"""The yearly duty report (年度履职报告) as a document."""

from typing import Annotated

from fastapi import APIRouter, Depends, Response

from app.archive.reports.routes import Year
from app.auth.actor import Actor, allow
from app.auth.permissions import Permission
from app.core.db import Db, Reads
from app.core.errors import problems
from app.core.paging import Id64
from app.core.web.downloads import gives
from app.exports import service

Reader = Annotated[Actor, Depends(allow(Permission.DUTY_READ))]

router = APIRouter(
    prefix="/api/v1/seats/{seat_id}/reports/{year}",
    tags=["导出"],
    default_response_class=Response,
    responses=problems(401, 403, 404, 422),
)


@router.get("/document.docx", operation_id="exports_get_report_word", responses=gives("docx"))
def get_report_word(seat_id: Id64, year: Year, actor: Reader, reads: Reads, db: Db) -> Response:
    """The duty report of a year as Word, for its member and the secretariat."""
    return service.report(reads, db, actor, seat_id, year, "docx")


@router.get("/document.pdf", operation_id="exports_get_report_pdf", responses=gives("pdf"))
def get_report_pdf(seat_id: Id64, year: Year, actor: Reader, reads: Reads, db: Db) -> Response:
    """The duty report of a year as PDF, for its member and the secretariat."""
    return service.report(reads, db, actor, seat_id, year, "pdf")
