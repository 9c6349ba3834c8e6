"""Pages of replies or updates that many read, as JSON, completed for each reader."""

from collections.abc import Callable, Collection
from functools import cache
from typing import Any, NamedTuple

from pydantic_core import to_json
from sqlalchemy import Connection, bindparam, select

from app.auth.actor import Actor
from app.auth.permissions import Permission
from app.core.hot.prepared import Prepared
from app.core.sql import table
from app.threads.models import Support

#: The verbs open to a reader: by their permissions, the stage of the row, and whether it is their own.
May = Callable[[Collection[Permission], str, bool], Collection[str]]


class SharedPage(NamedTuple):
    """The JSON of rows, each without its closing `,"supported":…}`, and of the page's other fields.

    `authors` are the accounts and `stages` the stages of the rows, `fans` the places of the rows that a seat supports,
    by seat. What only its author and those who hide content may read of a row is in `whole`, by place.
    """

    items: list[bytes]
    rest: bytes
    authors: list[int]
    stages: list[str]
    fans: dict[int, set[int]]
    whole: dict[int, bytes]
    may: May

    def body(self, actor: Actor, **own: object) -> bytes:
        """The page for one reader, with `own` fields of theirs."""
        me, held, mine = actor.account_id, actor.permissions, self.fans.get(actor.seat_id or 0, ())
        rows = self.items
        if self.whole:
            rows = [
                self.whole.get(place, row) if sees_whole(actor, self.authors[place]) else row
                for place, row in enumerate(rows)
            ]
        items = b",".join(
            [
                row + _end(self.may, held, stage, author == me, place in mine)
                for place, (row, author, stage) in enumerate(
                    zip(rows, self.authors, self.stages, strict=True)
                )
            ]
        )
        more = b"," + to_json(own)[1:] if own else b"}"
        return b'{"items":[' + items + b"]," + self.rest[1:-1] + more


def sees_whole(actor: Actor, author: int) -> bool:
    """Whether the actor may read what is hidden of an account's content."""
    return author == actor.account_id or Permission.CONTENT_HIDE in actor.permissions


@cache
def _end(may: May, held: frozenset[Permission], stage: str, own: bool, supported: bool) -> bytes:  # noqa: FBT001
    return b"," + to_json({"supported": supported, "may": may(held, stage, own)})[1:]


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


def for_one(conn: Connection, actor: Actor, kind: str, row: dict[str, Any], may: May) -> dict[str, Any]:
    """One row of those that `shared` takes, completed for its reader."""
    author, stage, whole = row.pop("account_id"), row.pop("stage"), row.pop("whole", {})
    return {
        **row,
        **(whole if sees_whole(actor, author) else {}),
        "supported": _SUPPORTED.first(conn, kind=kind, id=row["id"], seat_id=actor.seat_id or 0) is not None,
        "may": may(actor.permissions, stage, author == actor.account_id),
    }


def shared(conn: Connection, kind: str, rows: list[dict[str, Any]], may: May, **rest: object) -> SharedPage:
    """A page of replies or updates: rows with `id`, the `account_id` of the author, their `stage` as `may` knows it.

    `whole` has the fields of a row that only some may read, in the place of those that all read.
    """
    authors, stages = [row.pop("account_id") for row in rows], [row.pop("stage") for row in rows]
    secrets = {place: row.pop("whole") for place, row in enumerate(rows) if "whole" in row}
    whole = {place: to_json(rows[place] | secret)[:-1] for place, secret in secrets.items()}
    fans: dict[int, set[int]] = {}
    places = {row["id"]: place for place, row in enumerate(rows)}
    for target_id, seat_id in _FANS.tuples(conn, kind=kind, ids=list(places)) if places else ():
        fans.setdefault(seat_id, set()).add(places[target_id])
    items = [to_json(row)[:-1] for row in rows]
    return SharedPage(items, to_json(rest), authors, stages, fans, whole, may)
