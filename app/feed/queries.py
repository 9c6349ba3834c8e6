"""Reads of the feed: an update is seen by everybody in its organization's circle until it is deleted or hidden."""

from collections.abc import Collection
from typing import Any, Literal

from sqlalchemy import ColumnElement, Connection, Select, and_, exists, func, literal, select

from app.auth import subjects
from app.auth.actor import Actor
from app.auth.permissions import Permission
from app.auth.subjects import Subject
from app.core.errors import NotFound
from app.core.paging import PageRows, before, decode_cursor, page
from app.core.sql import table
from app.feed.models import FeedRead, Update
from app.people.queries import author_columns, committee_mates, join_author, sector_mates
from app.threads.models import Support, Thread

Scope = Literal["all", "sector", "committees"]

_u, _t, _s, _f = table(Update), table(Thread), table(Support), table(FeedRead)

#: An update that is neither deleted nor hidden.
shown = and_(_u.c.deleted_at.is_(None), _u.c.hidden_at.is_(None))


def visible_to(actor: Actor) -> ColumnElement[bool]:
    """The rows of `update` that the actor may see."""
    return and_(
        _u.c.organization_id == actor.organization_id, shown, literal(actor.may(Permission.CIRCLE_READ))
    )


def visible_updates(conn: Connection, actor: Actor, ids: Collection[int]) -> set[int]:
    """Which of some updates the actor may see."""
    return set(conn.scalars(select(_u.c.id).where(_u.c.id.in_(ids), visible_to(actor))))


subjects.register(Subject("update", "动态", visible_updates, "/api/v1/updates/{id}"))


def author(conn: Connection, update_id: int) -> int | None:
    """The seat that posted an update."""
    return conn.scalar(select(_u.c.seat_id).where(_u.c.id == update_id))


def _updates(actor: Actor) -> Select[Any]:
    mine = exists().where(
        _s.c.target_type == "update", _s.c.target_id == _u.c.id, _s.c.seat_id == (actor.seat_id or 0)
    )
    source = join_author(_u, _u.c.seat_id).join(
        _t, (_t.c.subject_type == "update") & (_t.c.subject_id == _u.c.id)
    )
    return (
        select(
            _u.c.id,
            _u.c.kind,
            _u.c.body,
            _u.c.place,
            _u.c.pictures,
            _u.c.seat_id,
            *author_columns(),
            _t.c.id.label("thread_id"),
            _t.c.reply_count,
            _u.c.support_count,
            mine.label("supported"),
            _u.c.created_at,
            _u.c.edited_at,
        )
        .select_from(source)
        .where(visible_to(actor))
    )


def page_of_updates(
    conn: Connection, actor: Actor, *, scope: Scope, seat_id: int | None, cursor: str | None, limit: int
) -> PageRows:
    """Updates newest first: of all, of my sector, of my committees, or of one seat."""
    found = _updates(actor)
    if seat_id is not None:
        found = found.where(_u.c.seat_id == seat_id)
    elif scope != "all":
        mates = sector_mates if scope == "sector" else committee_mates
        found = found.where(_u.c.seat_id.in_(mates(actor.own_seat)))
    if cursor:
        found = found.where(before([_u.c.id], decode_cursor(cursor, int)))
    rows = [dict(r) for r in conn.execute(found.order_by(_u.c.id.desc()).limit(limit + 1)).mappings()]
    for row in rows:
        row["supported"] = bool(row["supported"])
    return page(rows, limit, ["id"])


def update_row(conn: Connection, actor: Actor, update_id: int) -> dict[str, Any]:
    """One update; `NotFound` when the actor may not see it."""
    row = conn.execute(_updates(actor).where(_u.c.id == update_id)).mappings().first()
    if row is None:
        raise NotFound
    return {**row, "supported": bool(row["supported"])}


def feed_state(conn: Connection, actor: Actor) -> dict[str, int]:
    """Up to which update the actor has seen the circle, and how many of others came since (at most 99)."""
    mine = (_f.c.account_id == actor.account_id) & (_f.c.organization_id == actor.organization_id)
    seen = conn.scalar(select(_f.c.last_update_id).where(mine)) or 0
    newer = (
        select(_u.c.id)
        .where(visible_to(actor), _u.c.id > seen, _u.c.account_id != actor.account_id)
        .limit(99)
        .subquery()
    )
    return {"last_update_id": seen, "unread": conn.scalar(select(func.count()).select_from(newer)) or 0}
