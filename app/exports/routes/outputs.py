"""Outputs in the official layout."""

from typing import Annotated

from fastapi import APIRouter, Depends, Response

from app.auth.actor import Actor, allow
from app.auth.permissions import Permission
from app.core.db import Db, Reads
from app.core.errors import problems
from app.core.paging import Id64
from app.core.web.downloads import gives
from app.exports import service

Reader = Annotated[Actor, Depends(allow(Permission.OUTPUT_READ))]

router = APIRouter(
    prefix="/api/v1/outputs/{output_id}",
    tags=["导出"],
    default_response_class=Response,
    responses=problems(401, 403, 404, 422),
)


@router.get("/document.docx", operation_id="exports_get_output_word", responses=gives("docx"))
def get_output_word(output_id: Id64, actor: Reader, reads: Reads, db: Db) -> Response:
    """An output with red head and number, as Word."""
    return service.output(reads, db, actor, output_id, "docx")


@router.get("/document.pdf", operation_id="exports_get_output_pdf", responses=gives("pdf"))
def get_output_pdf(output_id: Id64, actor: Reader, reads: Reads, db: Db) -> Response:
    """An output with red head and number, as PDF."""
    return service.output(reads, db, actor, output_id, "pdf")
