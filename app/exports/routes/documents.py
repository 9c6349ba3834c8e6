"""Documents of a proposal in the official layout, and the archive of a whole session."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from app.auth.actor import Actor, allow
from app.auth.permissions import Permission
from app.core.db import Db, Reads
from app.core.errors import problems
from app.core.paging import Id64
from app.core.web.downloads import gives
from app.exports import service
from app.files.service import folder

Reader = Annotated[Actor, Depends(allow(Permission.PROPOSAL_READ))]
Staff = Annotated[Actor, Depends(allow(Permission.PROPOSAL_REVIEW))]

router = APIRouter(
    prefix="/api/v1",
    tags=["导出"],
    default_response_class=Response,
    responses=problems(401, 403, 404, 422),
)


@router.get(
    "/proposals/{proposal_id}/document.docx", operation_id="exports_get_word", responses=gives("docx")
)
def get_word(proposal_id: Id64, actor: Reader, reads: Reads, db: Db) -> Response:
    """A proposal in the official layout, as Word."""
    return service.proposal(reads, db, actor, proposal_id, "docx")


@router.get("/proposals/{proposal_id}/document.pdf", operation_id="exports_get_pdf", responses=gives("pdf"))
def get_pdf(proposal_id: Id64, actor: Reader, reads: Reads, db: Db) -> Response:
    """A proposal in the official layout, as PDF."""
    return service.proposal(reads, db, actor, proposal_id, "pdf")


@router.get(
    "/proposals/{proposal_id}/replies/{reply_id}/document.docx",
    operation_id="exports_get_reply_word",
    responses=gives("docx"),
)
def get_reply_word(proposal_id: Id64, reply_id: Id64, actor: Reader, reads: Reads, db: Db) -> Response:
    """A reply that was sent, as a letter in the official layout, as Word."""
    return service.reply(reads, db, actor, proposal_id, reply_id, "docx")


@router.get(
    "/proposals/{proposal_id}/replies/{reply_id}/document.pdf",
    operation_id="exports_get_reply_pdf",
    responses=gives("pdf"),
)
def get_reply_pdf(proposal_id: Id64, reply_id: Id64, actor: Reader, reads: Reads, db: Db) -> Response:
    """A reply that was sent, as a letter in the official layout, as PDF."""
    return service.reply(reads, db, actor, proposal_id, reply_id, "pdf")


@router.get(
    "/proposal-windows/{window_id}/archive.zip", operation_id="exports_get_session", responses=gives("zip")
)
def get_session(window_id: Id64, actor: Staff, reads: Reads, db: Db, request: Request) -> Response:
    """All proposals on file of a window: an index, and for each a folder with documents and attachments."""
    return service.session(reads, db, actor, window_id, folder(request.app.state.settings))
