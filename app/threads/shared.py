"""Pages that many read, as JSON: made once for each version of what they show, with who supports what in it.

A page is made anew when its version moves, and after `KEPT`, because names and posts of authors have no version.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from weakref import WeakKeyDictionary

from anyio import to_thread
from pydantic_core import to_json
from sqlalchemy import Connection, Engine, bindparam, select

from app.auth.actor import Actor
from app.core import clock
from app.core.db import Database
from app.core.prepared import Prepared
from app.core.sql import table
from app.threads.models import Support

KEPT = timedelta(minutes=1)
_MOST = 500  # pages kept of each database, about 10 MB


class SharedPage(NamedTuple):
    """The JSON of rows, each without its closing `,"supported":…}`, and of the page's other fields.

    `fans` are the places of the rows that a seat supports, by seat.
    """

    items: list[bytes]
    rest: bytes
    fans: dict[int, set[int]]

    def body(self, actor: Actor, **own: object) -> bytes:
        """The page for one reader, with `own` fields of theirs."""
        mine = self.fans.get(actor.seat_id or 0, ())
        items = b",".join(
            [
                item + (b',"supported":true}' if place in mine else b',"supported":false}')
                for place, item in enumerate(self.items)
            ]
        )
        more = b"," + to_json(own)[1:] if own else b"}"
        return b'{"items":[' + items + b"]," + self.rest[1:-1] + more


_u = table(Support)
_FANS = Prepared(
    select(_u.c.target_id, _u.c.seat_id).where(
        _u.c.target_type == bindparam("kind"), _u.c.target_id.in_(bindparam("ids", expanding=True))
    )
)
_SUPPORTED = Prepared(
    select(_u.c.target_id).where(
        _u.c.target_type == bindparam("kind"),
        _u.c.target_id == bindparam("id"),
        _u.c.seat_id == bindparam("seat_id"),
    )
)


def supported(conn: Connection, actor: Actor, kind: str, id: int) -> bool:
    """Whether the actor supports one reply or update."""
    return _SUPPORTED.first(conn, kind=kind, id=id, seat_id=actor.seat_id or 0) is not None


def shared(conn: Connection, kind: str, rows: list[dict[str, Any]], **rest: object) -> SharedPage:
    """A page of rows that have an `id`, replies or updates."""
    fans: dict[int, set[int]] = {}
    places = {row["id"]: place for place, row in enumerate(rows)}
    for target_id, seat_id in _FANS.tuples(conn, kind=kind, ids=list(places)) if places else ():
        fans.setdefault(seat_id, set()).add(places[target_id])
    return SharedPage([to_json(row)[:-1] for row in rows], to_json(rest), fans)


class _Kept(NamedTuple):
    version: object
    until: datetime
    page: SharedPage


_pages: WeakKeyDictionary[Engine, dict[object, _Kept]] = WeakKeyDictionary()


async def kept(
    database: Database, key: object, version: object, make: Callable[[Connection], SharedPage]
) -> SharedPage:
    """The page kept for `key` if it is of this version; else the one that `make` gives, kept from now on.

    `version` is to be read before the rows: then a page may be newer than it says, never older.
    """
    pages, now = _pages.setdefault(database.read, {}), clock.now()
    found = pages.get(key)
    if found is None or found.version != version or found.until < now:
        found = pages[key] = _Kept(version, now + KEPT, await made(database, make))
        while len(pages) > _MOST:
            del pages[next(iter(pages))]
    return found.page


async def made(database: Database, make: Callable[[Connection], SharedPage]) -> SharedPage:
    """A page made for this request only."""

    def in_thread() -> SharedPage:
        with database.read.connect() as conn:
            return make(conn)

    return await to_thread.run_sync(in_thread)
