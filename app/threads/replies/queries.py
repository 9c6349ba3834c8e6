"""Reads of one thread or reply as a whole: what it hangs on, and whether it takes replies now."""

from typing import Any

from sqlalchemy import Connection, select

from app.auth import subjects
from app.auth.actor import Actor
from app.auth.permissions import Permission
from app.core.errors import Conflict, NotFound
from app.core.sql import AnyRow, table
from app.threads import queries
from app.threads.models import Reply
from app.threads.rules import rule_of
from app.threads.visibility import toward

_r = table(Reply)


def thread_row(conn: Connection, actor: Actor, thread_id: int) -> dict[str, Any]:
    """A thread with the path and title of its subject; `NotFound` when the actor may not see that."""
    thread = queries.visible_thread(conn, actor, thread_id)
    link = subjects.links(conn, actor, [thread.subject])[thread.subject]
    return {
        "id": thread.id,
        "subject_type": thread.subject[0],
        "subject_id": thread.subject[1],
        "path": link.path,
        "title": link.title,
        "reply_count": thread.reply_count,
        "may": ["reply"] if _open(conn, actor, thread.subject) else [],
    }


def _open(conn: Connection, actor: Actor, subject: tuple[str, int]) -> bool:
    try:
        rule_of(subject[0]).check(conn, actor, subject[1])
    except Conflict:
        return False
    return actor.may(Permission.REPLY_POST)


def placed_reply(conn: Connection, actor: Actor, reply_id: int) -> dict[str, Any]:
    """One reply with its thread; `NotFound` when the actor may not see it."""
    subjects.require(conn, actor, "reply", reply_id)
    thread_id: int = conn.execute(select(_r.c.thread_id).where(_r.c.id == reply_id)).scalar_one()
    thread = thread_row(conn, actor, thread_id)
    reader = toward(conn, actor, (thread["subject_type"], thread["subject_id"]))
    row = queries.reply_row(conn, reader, reply_id)
    open_now = [verb for verb in row["may"] if verb != "reply" or thread["may"]]
    return row | {"thread": thread, "may": open_now}


def reply_head(conn: Connection, actor: Actor, reply_id: int) -> AnyRow:
    """What verbs ask of one shown reply; `NotFound` when the actor may not see it."""
    subjects.require(conn, actor, "reply", reply_id)
    row = conn.execute(
        select(
            _r.c.id,
            _r.c.thread_id,
            _r.c.parent_id,
            _r.c.account_id,
            _r.c.seat_id,
            _r.c.to_seat_id,
            _r.c.created_at,
        ).where(_r.c.id == reply_id, queries.shown)
    ).first()
    if row is None:
        raise NotFound
    return row
