"""Reads of notifications."""

from typing import Any

from sqlalchemy import Connection, func, select

from app.auth import subjects
from app.auth.actor import Actor
from app.core.paging import PageRows, before, decode_cursor, page
from app.core.sql import table
from app.notifications.models import Notification

_n = table(Notification)


def page_of_notifications(conn: Connection, actor: Actor, cursor: str | None, limit: int) -> PageRows:
    """The actor's notifications, newest first; what may no longer be seen has lost its title and path."""
    found = select(
        _n.c.id, _n.c.kind, _n.c.title, _n.c.subject_type, _n.c.subject_id, _n.c.at, _n.c.read_at
    ).where(_n.c.account_id == actor.account_id, _n.c.organization_id == actor.organization_id)
    if cursor:
        found = found.where(before([_n.c.id], decode_cursor(cursor, int)))
    rows = [dict(r) for r in conn.execute(found.order_by(_n.c.id.desc()).limit(limit + 1)).mappings()]
    for kind in {row["subject_type"] for row in rows}:
        of_kind = [row for row in rows if row["subject_type"] == kind]
        seen = subjects.visible(conn, actor, kind, {row["subject_id"] for row in of_kind})
        for row in of_kind:
            _open(row, visible=row["subject_id"] in seen)
    return page(rows, limit, ["id"])


def _open(row: dict[str, Any], *, visible: bool) -> None:
    row["path"] = subjects.subject(row["subject_type"]).open(row["subject_id"]) if visible else None
    if not visible and not row["kind"].endswith(
        ".hidden"
    ):  # its author still learns what was hidden, and why
        row["title"] = "内容已不可见"


def unread_count(conn: Connection, actor: Actor) -> int:
    """How many notifications the actor has not read."""
    count = select(func.count()).where(
        _n.c.account_id == actor.account_id,
        _n.c.organization_id == actor.organization_id,
        _n.c.read_at.is_(None),
    )
    return conn.scalar(count) or 0
