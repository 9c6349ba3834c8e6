"""Notifications of the one who asks."""

from fastapi import APIRouter, Response

from app.auth.actor import AnyActor
from app.core.db import Db, Reads
from app.core.errors import problems
from app.core.paging import Cursor, Limit, Page, json_response
from app.notifications import queries, service
from app.notifications.schemas import NotificationOut, ReadUpTo, Unread

router = APIRouter(prefix="/api/v1/notifications", tags=["消息"], responses=problems(401, 403, 422))


@router.get("", operation_id="notifications_list", response_model=Page[NotificationOut])
def list_notifications(actor: AnyActor, reads: Reads, limit: Limit = 20, cursor: Cursor = None) -> Response:
    """My notifications, newest first."""
    with reads.connect() as conn:
        return json_response(queries.page_of_notifications(conn, actor, cursor, limit))


@router.get("/unread", operation_id="notifications_count_unread", response_model=Unread)
def count_unread(actor: AnyActor, reads: Reads) -> Response:
    """How many notifications I have not read."""
    with reads.connect() as conn:
        return json_response({"count": queries.unread_count(conn, actor)})


@router.put("/read", operation_id="notifications_mark_read", status_code=204)
def mark_read(body: ReadUpTo, actor: AnyActor, db: Db) -> None:
    """Mark my notifications as read up to one of them."""
    service.mark_read(db, actor, body.up_to)
