"""The book of speeches."""

from typing import Annotated

from fastapi import APIRouter, Depends, Response

from app.auth.actor import Actor, allow
from app.auth.permissions import Permission
from app.core.db import Db, Reads
from app.core.errors import problems
from app.core.paging import Id64
from app.core.web.downloads import gives
from app.exports import service

Manager = Annotated[Actor, Depends(allow(Permission.SPEECH_MANAGE))]

router = APIRouter(
    prefix="/api/v1/speech-calls/{call_id}",
    tags=["导出"],
    default_response_class=Response,
    responses=problems(401, 403, 404, 422),
)


@router.get("/book.docx", operation_id="exports_get_speech_book_word", responses=gives("docx"))
def get_speech_book_word(call_id: Id64, actor: Manager, reads: Reads, db: Db) -> Response:
    """The chosen speeches of a call as a book: contents, oral ones in order, written ones; as Word."""
    return service.speech_book(reads, db, actor, call_id, "docx")


@router.get("/book.pdf", operation_id="exports_get_speech_book_pdf", responses=gives("pdf"))
def get_speech_book_pdf(call_id: Id64, actor: Manager, reads: Reads, db: Db) -> Response:
    """The chosen speeches of a call as a book: contents, oral ones in order, written ones; as PDF."""
    return service.speech_book(reads, db, actor, call_id, "pdf")
