"""Reads of presence: staff see staff, officers of a unit those of the same unit."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, select

from app.auth import desks
from app.auth.actor import Actor
from app.auth.models import Account
from app.core import clock
from app.core.errors import NotFound
from app.core.sql import AnyRow, table
from app.presence.models import Presence

#: Clients say every 20 seconds that they are there: two heartbeats may be lost.
GONE_AFTER = timedelta(seconds=45)
#: Rows that a list shows at most.
_MOST = 200

_p, _a = table(Presence), table(Account)


@dataclass(frozen=True)
class Room:
    """A thing, and who meets there: staff, or the officers of one unit; with its rows as the actor found them."""

    subject: tuple[str, int]
    unit_id: int | None
    rows: list[AnyRow]


def _meets(unit_id: int | None) -> ColumnElement[bool]:
    return _p.c.unit_id.is_(None) if unit_id is None else _p.c.unit_id == unit_id


def _rows(*which: ColumnElement[bool]) -> Any:
    joined = select(_p, _a.c.name).join(_a, _a.c.id == _p.c.account_id)
    return joined.where(*which).order_by(_p.c.since, _p.c.account_id)


def room(conn: Connection, actor: Actor, subject: tuple[str, int]) -> Room:
    """The room of a thing that the actor works on, or that the actor's unit handles; else `NotFound`."""
    kind, subject_id = subject
    desk, unit_id = desks.desk(kind), None
    if subject_id not in desk.works(conn, actor, [subject_id]):
        unit_id = actor.unit_id
        if unit_id is None or subject_id not in desk.handles(conn, actor, [subject_id]):
            raise NotFound
    at = (_p.c.subject_type == kind, _p.c.subject_id == subject_id, _meets(unit_id))
    return Room(subject, unit_id, list(conn.execute(_rows(*at))))


def is_there(row: AnyRow, now: datetime) -> bool:
    """Whether a row still means something."""
    return bool(row.seen_at > now - GONE_AFTER)


def others(actor: Actor, rows: list[AnyRow], now: datetime) -> list[dict[str, Any]]:
    """Those of some rows who are there now, without the actor."""
    return [
        {
            "subject": f"{row.subject_type}:{row.subject_id}",
            "account_id": row.account_id,
            "name": row.name,
            "since": row.since,
            "editing": row.editing,
        }
        for row in rows
        if is_there(row, now) and row.account_id != actor.account_id
    ]


def of_kind(conn: Connection, actor: Actor, kind: str) -> list[dict[str, Any]]:
    """Who else has which things of a kind open now, of those that the actor works on or whose unit handles them."""
    now, desk = clock.now(), desks.desk(kind)
    here = (
        _p.c.organization_id == actor.organization_id,
        _p.c.subject_type == kind,
        _p.c.seen_at > now - GONE_AFTER,
    )
    found = list(conn.execute(_rows(*here).limit(_MOST)))
    works = desk.works(conn, actor, {row.subject_id for row in found if row.unit_id is None})
    own = {row.subject_id for row in found if row.unit_id == actor.unit_id is not None}
    handles = desk.handles(conn, actor, own) if own else set()
    seen = [row for row in found if row.subject_id in (works if row.unit_id is None else handles & own)]
    seen = [row for row in seen if row.unit_id in {None, actor.unit_id}]
    return others(actor, seen, now)
