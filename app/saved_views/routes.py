"""Saved views (常用筛选) of the console's lists."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from app.auth.actor import AnyActor
from app.core.db import Db, Reads
from app.core.errors import problems
from app.core.paging import Id64, json_response
from app.core.web.idempotency import OnceKey
from app.saved_views import queries, service
from app.saved_views.schemas import DESK, ViewContent, ViewIn, ViewList, ViewOut

router = APIRouter(prefix="/api/v1/saved-views", tags=["常用筛选"], responses=problems(401, 403, 422))

OfDesk = Annotated[
    str | None, Query(max_length=40, pattern=DESK, description="Only those of this list of the console.")
]


@router.get("", operation_id="views_list", response_model=ViewList)
def list_views(actor: AnyActor, reads: Reads, desk: OfDesk = None) -> Response:
    """My saved views and those of my office, by desk and place."""
    with reads.connect() as conn:
        return json_response({"items": queries.views(conn, actor, desk)})


@router.post("", operation_id="views_add", status_code=201, response_model=ViewOut, responses=problems(409))
def add_view(body: ViewIn, actor: AnyActor, db: Db, once: OnceKey) -> Response:
    """Save a view; at most 30 of mine for each desk."""
    return once(db, actor.account_id, body, lambda: service.add(db, actor, body))


@router.put("/{view_id}", operation_id="views_change", responses=problems(404))
def change_view(view_id: Id64, body: ViewContent, actor: AnyActor, db: Db) -> ViewOut:
    """Change a view of mine, or a shared one of my office; the last one to save wins.

    Only who made a shared view may take it back (`shared: false`); who has left the office has it no more.
    """
    return service.change(db, actor, view_id, body)


@router.delete("/{view_id}", operation_id="views_delete", status_code=204, responses=problems(404))
def delete_view(view_id: Id64, actor: AnyActor, db: Db) -> None:
    """Delete a view of mine, or a shared one of my office."""
    service.remove(db, actor, view_id)
