"""Reads of agendas and papers; the caller has asked who may see the activity."""

from typing import Any

from sqlalchemy import Connection, select

from app.activities.program.models import ActivityPaper, AgendaItem
from app.core.sql import table
from app.files.queries import attached

_i, _p = table(AgendaItem), table(ActivityPaper)


def agenda(conn: Connection, activity_id: int) -> list[dict[str, Any]]:
    """The items of the agenda, in order."""
    items = select(_i.c.time, _i.c.title, _i.c.speaker).where(_i.c.activity_id == activity_id)
    return [dict(row) for row in conn.execute(items.order_by(_i.c.position)).mappings()]


def papers(conn: Connection, activity_id: int) -> list[dict[str, Any]]:
    """The papers with their files, in order."""
    rows = conn.execute(
        select(_p.c.title, _p.c.file_key).where(_p.c.activity_id == activity_id).order_by(_p.c.position)
    ).all()
    files = (
        {file["key"]: file for file in attached(conn, "activity", [activity_id])[activity_id]} if rows else {}
    )
    # two statements: a paper may have been taken away between them
    return [{"title": row.title, "file": files[row.file_key]} for row in rows if row.file_key in files]
