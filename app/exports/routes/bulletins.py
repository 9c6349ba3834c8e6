"""The annual bulletin (年度通报) as a document and as a workbook."""

from fastapi import APIRouter, Response

from app.bulletins.routes import Reader
from app.core.db import Db, Reads
from app.core.errors import problems
from app.core.paging import Id64
from app.core.web.downloads import gives
from app.exports import service

router = APIRouter(
    prefix="/api/v1/bulletins/{bulletin_id}",
    tags=["导出"],
    default_response_class=Response,
    responses=problems(401, 403, 404, 422),
)


@router.get("/document.docx", operation_id="exports_get_bulletin_word", responses=gives("docx"))
def get_bulletin_word(bulletin_id: Id64, actor: Reader, reads: Reads, db: Db) -> Response:
    """A bulletin as Word; who has duties left stands in that of staff only."""
    return service.bulletin(reads, db, actor, bulletin_id, "docx")


@router.get("/document.pdf", operation_id="exports_get_bulletin_pdf", responses=gives("pdf"))
def get_bulletin_pdf(bulletin_id: Id64, actor: Reader, reads: Reads, db: Db) -> Response:
    """A bulletin as PDF; who has duties left stands in that of staff only."""
    return service.bulletin(reads, db, actor, bulletin_id, "pdf")


@router.get("/figures.xlsx", operation_id="exports_get_bulletin_sheets", responses=gives("xlsx"))
def get_bulletin_sheets(bulletin_id: Id64, actor: Reader, reads: Reads, db: Db) -> Response:
    """All figures of a bulletin as Excel; who has duties left stands in that of staff only."""
    return service.bulletin(reads, db, actor, bulletin_id, "xlsx")
