"""Notifications of the one who asks."""

from fastapi import APIRouter, Response

from app.auth.actor import AnyActor
from app.core.db import Db, Reads
from app.core.errors import problems
from app.core.paging import Cursor, Id64, Limit, Page, json_response
from app.notifications import (
    credentials,  # noqa: F401 - it listens
    queries,
    service,
)
from app.notifications.schemas import NotificationOut, ReadUpTo, SettingsIn, SettingsOut, Unread

router = APIRouter(prefix="/api/v1/notifications", tags=["消息"], responses=problems(401, 403, 422))


@router.get("", operation_id="notifications_list", response_model=Page[NotificationOut])
def list_notifications(actor: AnyActor, reads: Reads, limit: Limit = 20, cursor: Cursor = None) -> Response:
    """My notifications of all my organizations, newest first; replies in one place are one entry."""
    with reads.connect() as conn:
        return json_response(queries.page_of_notifications(conn, actor, cursor, limit))


@router.get("/unread", operation_id="notifications_count_unread", response_model=Unread)
def count_unread(actor: AnyActor, reads: Reads) -> Response:
    """How many entries of my list have something that I have not read."""
    with reads.connect() as conn:
        return json_response(queries.unread(conn, actor))


@router.put("/read", operation_id="notifications_mark_read", status_code=204)
def mark_read(body: ReadUpTo, actor: AnyActor, db: Db) -> None:
    """Mark my notifications of all organizations as read up to one of them."""
    service.mark_read(db, actor, body.up_to)


@router.put(
    "/{notification_id}/read",
    operation_id="notifications_mark_entry_read",
    status_code=204,
    responses=problems(404),
)
def mark_entry_read(notification_id: Id64, actor: AnyActor, db: Db) -> None:
    """Mark one entry of my list as read, with all that it gathers."""
    service.mark_entry_read(db, actor, notification_id)


@router.get("/settings", operation_id="notifications_get_settings", response_model=SettingsOut)
def get_settings(actor: AnyActor, reads: Reads) -> Response:
    """Which kinds of notifications I may switch off, and how they are now."""
    with reads.connect() as conn:
        return json_response({"items": queries.settings(conn, actor)})


@router.put("/settings", operation_id="notifications_change_settings", response_model=SettingsOut)
def change_settings(body: SettingsIn, actor: AnyActor, db: Db) -> Response:
    """Switch kinds of notifications on or off for me."""
    service.set_up(db, actor, body.items)
    return json_response({"items": queries.settings(db.connection(), actor)})
