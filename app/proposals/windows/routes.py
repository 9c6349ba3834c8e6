"""The windows (征集期) in which proposals may be submitted."""

from typing import Annotated

from fastapi import APIRouter, Depends, Response

from app.auth.actor import Actor, allow
from app.auth.permissions import Permission
from app.core.db import Db, Reads
from app.core.errors import problems
from app.core.paging import Cursor, Id64, Limit, Page, json_response
from app.core.web.idempotency import OnceKey
from app.proposals.windows import queries, service
from app.proposals.windows.schemas import WindowIn, WindowOut, WindowPatch

router = APIRouter(prefix="/api/v1/proposal-windows", tags=["提案"], responses=problems(401, 403, 422))

Reader = Annotated[Actor, Depends(allow(Permission.PROPOSAL_READ))]
Reviewer = Annotated[Actor, Depends(allow(Permission.PROPOSAL_REVIEW))]


@router.get("", operation_id="proposals_list_windows", response_model=Page[WindowOut])
def list_windows(actor: Reader, reads: Reads, limit: Limit = 20, cursor: Cursor = None) -> Response:
    """The windows, newest first."""
    with reads.connect() as conn:
        return json_response(queries.page_of_windows(conn, actor, cursor, limit))


@router.post(
    "",
    operation_id="proposals_open_window",
    status_code=201,
    response_model=WindowOut,
    responses=problems(409),
)
def open_window(body: WindowIn, actor: Reviewer, db: Db, once: OnceKey) -> Response:
    """Open a window; windows do not overlap."""
    return once(db, actor.account_id, body, lambda: service.open_window(db, actor, body))


@router.patch(
    "/{window_id}",
    operation_id="proposals_change_window",
    responses=problems(404, 409),
)
def change_window(window_id: Id64, body: WindowPatch, actor: Reviewer, db: Db) -> WindowOut:
    """Rename a window, or move its ends."""
    return service.change_window(db, actor, window_id, body)
