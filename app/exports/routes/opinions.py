"""An opinion report as an issue of 社情民意信息."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response

from app.auth.actor import Actor, allow
from app.auth.permissions import Permission
from app.core.db import Db, Reads
from app.core.errors import problems
from app.core.paging import Id64
from app.core.web.downloads import gives
from app.exports import service

Reader = Annotated[Actor, Depends(allow(Permission.OPINION_READ))]
Numbered = Annotated[
    int | None,
    Query(ge=1, le=9999, description="The number of the issue, where the office counts otherwise."),
]

router = APIRouter(
    prefix="/api/v1/opinions",
    tags=["导出"],
    default_response_class=Response,
    responses=problems(401, 403, 404, 422),
)


@router.get("/{report_id}/document.docx", operation_id="exports_get_opinion_word", responses=gives("docx"))
def get_opinion_word(
    report_id: Id64, actor: Reader, reads: Reads, db: Db, number: Numbered = None
) -> Response:
    """A report in the layout of a printed issue (社情民意信息), as Word.

    Before it is issued its state stands in the place of the number.
    """
    return service.opinion(reads, db, actor, report_id, number)
