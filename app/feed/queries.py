"""Reads of the feed: an update is seen by everybody in its organization's circle until it is deleted or hidden."""

from collections.abc import Collection
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

from sqlalchemy import ColumnElement, Connection, Select, and_, bindparam, func, literal, select

from app.auth import subjects
from app.auth.actor import Actor
from app.auth.permissions import Permission
from app.auth.subjects import Subject
from app.core import clock
from app.core.errors import NotFound
from app.core.hot.prepared import Prepared
from app.core.paging import decode_cursor, page
from app.core.sql import Id, table
from app.feed import rules
from app.feed.models import FeedRead, Update
from app.feed.schemas import KIND_LABELS
from app.people.queries import author_columns, committee_mates, join_author, sector_mates
from app.threads.models import Thread
from app.threads.shared import SharedPage, for_one, shared

Scope = Literal["all", "sector", "committees"]

_u, _t, _f = table(Update), table(Thread), table(FeedRead)

#: An update that is neither deleted nor hidden.
shown = and_(_u.c.deleted_at.is_(None), _u.c.hidden_at.is_(None))


def visible_to(actor: Actor) -> ColumnElement[bool]:
    """The rows of `update` that the actor may see."""
    return and_(
        _u.c.organization_id == actor.organization_id, shown, literal(actor.may(Permission.CIRCLE_READ))
    )


_VISIBLE = Prepared(
    select(_u.c.id, _u.c.seat_id).where(
        _u.c.id.in_(bindparam("ids", expanding=True)),
        _u.c.organization_id == bindparam("organization_id"),
        shown,
    )
)


def visible_updates(conn: Connection, actor: Actor, ids: Collection[int]) -> set[int]:
    """Which of some updates the actor may see: all of the circle, their own who have left it."""
    rows = _VISIBLE.tuples(conn, ids=list(ids), organization_id=actor.organization_id)
    in_circle = actor.may(Permission.CIRCLE_READ)
    return {update_id for update_id, author in rows if in_circle or author in actor.seat_ids}


def _circle(actor: Actor) -> tuple[int, bool | frozenset[int]]:
    return actor.organization_id, actor.may(Permission.CIRCLE_READ) or actor.seat_ids


#: Characters of an update that stand for it elsewhere.
EXCERPT = 40
_titles = subjects.excerpted(_u.c.id, _u.c.body, EXCERPT)
subjects.register(Subject("update", "动态", visible_updates, "/api/v1/updates/{id}", _circle, _titles))

_AUTHOR = Prepared(select(_u.c.seat_id).where(_u.c.id == bindparam("id")))


def author(conn: Connection, update_id: int) -> int | None:
    """The seat that posted an update."""
    seat_id: int | None = _AUTHOR.scalar(conn, id=update_id)
    return seat_id


def _updates() -> Select[Any]:
    """Updates shown in `:organization_id`."""
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
            _u.c.account_id,
            *author_columns(),
            _t.c.id.label("thread_id"),
            _t.c.reply_count,
            _u.c.support_count,
            _u.c.created_at,
            _u.c.edited_at,
        )
        .select_from(source)
        .where(_u.c.organization_id == bindparam("organization_id"), shown)
    )


@dataclass(frozen=True)
class UpdateQuery:
    """Which updates: of a scope, or of one seat; of the first page or of the one after a cursor."""

    scope: Scope = "all"
    seat_id: int | None = None
    cursor: str | None = None
    limit: int = 20

    @property
    def common(self) -> bool:
        """Whether all readers of an organization see the same, and many of them look."""
        return self.cursor is None and (self.scope == "all" or self.seat_id is not None)


@cache
def _page(scope: Scope, *, of_seat: bool, further: bool) -> Prepared:
    found = _updates()
    if of_seat:
        found = found.where(_u.c.seat_id == bindparam("seat_id"))
    elif scope != "all":
        mates = sector_mates if scope == "sector" else committee_mates
        found = found.where(_u.c.seat_id.in_(mates(bindparam("reader", type_=Id))))
    if further:
        found = found.where(_u.c.id < bindparam("before"))
    return Prepared(found.order_by(_u.c.id.desc()).limit(bindparam("limit")))


def page_of_updates(conn: Connection, actor: Actor, wanted: UpdateQuery) -> SharedPage:
    """Updates newest first."""
    values: dict[str, int] = {"organization_id": actor.organization_id, "limit": wanted.limit + 1}
    if wanted.seat_id is not None:
        values["seat_id"] = wanted.seat_id
    elif wanted.scope != "all":
        values["reader"] = actor.shown_seat
    if wanted.cursor:
        (values["before"],) = decode_cursor(wanted.cursor, int)
    statement = _page(wanted.scope, of_seat=wanted.seat_id is not None, further=bool(wanted.cursor))
    rows = page(statement.rows(conn, **values), wanted.limit, ["id"])
    return shared(
        conn, "update", [_finish(row) for row in rows["items"]], rules.allowed_actions, next=rows["next"]
    )


def _finish(row: dict[str, Any]) -> dict[str, Any]:
    row["kind_label"] = KIND_LABELS[row["kind"]]
    return row | {"stage": rules.stage(row["created_at"], clock.now())}


_ONE = Prepared(_updates().where(_u.c.id == bindparam("id")))


def update_row(conn: Connection, actor: Actor, update_id: int) -> dict[str, Any]:
    """One update; `NotFound` when the actor may not see it."""
    found = _ONE.rows(conn, id=update_id, organization_id=actor.organization_id)
    if not found or update_id not in visible_updates(conn, actor, [update_id]):
        raise NotFound
    return for_one(conn, actor.outside(), "update", _finish(found[0]), rules.allowed_actions)


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
