"""What is known of the things in a chain."""

from collections.abc import Collection
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import Connection, Select, bindparam, column, func, select, values

from app.auth.models import Account
from app.core.sql import table
from app.lineage.models import LineageLink
from app.lineage.nodes import LineageNode
from app.lineage.rules import Thing
from app.people.queries import author_columns, join_author

_l, _a = table(LineageLink), table(Account)


class Fact(NamedTuple):
    """What is known of a thing, in the order of the columns of `facts`."""

    type: str
    id: int
    account_id: int | None
    author_name: str
    title: str | None
    words: str | None
    created_at: datetime
    submitted_at: datetime | None
    at: datetime | None
    state: str | None
    stands: bool
    draft: bool | None
    taken_up: bool | None
    bore_fruit: bool | None


def facts(conn: Connection, things: Collection[Thing]) -> dict[Thing, Fact]:
    """Author, title, moments and state of things; those that do not exist are left out."""
    if not things:
        return {}
    asked = list(things)
    asked += asked[-1:] * (
        (1 << (len(asked) - 1).bit_length()) - len(asked)
    )  # few statements serve all lengths
    ends: dict[str, str | int] = {f"asked_type_{n}": type_ for n, (type_, _) in enumerate(asked)}
    ends |= {f"asked_id_{n}": id_ for n, (_, id_) in enumerate(asked)}
    rows = map(Fact._make, conn.execute(_facts(len(asked)), ends))
    return {(row.type, row.id): row for row in rows}


@cache
def _facts(count: int) -> Select[Any]:
    columns = (column("type", _l.c.to_type.type), column("id", _l.c.to_id.type))
    rows = [tuple(bindparam(f"asked_{c.name}_{n}", type_=c.type) for c in columns) for n in range(count)]
    asked = values(*columns, name="asked").data(rows).cte()
    what = LineageNode("thing", asked.c.type, asked.c.id)
    name, *_ = author_columns()
    source = join_author(what.to(asked), what.seat_id, outer=True).outerjoin(_a, _a.c.id == what.account_id)
    return select(
        asked.c.type,
        asked.c.id,
        what.account_id.label("account_id"),
        func.coalesce(name, _a.c.name, "群众").label("author_name"),
        what.title.label("title"),
        what.words.label("words"),
        what.created_at.label("created_at"),
        what.submitted_at.label("submitted_at"),
        what.at.label("at"),
        what.state.label("state"),
        what.stands.label("stands"),
        what.draft.label("draft"),
        what.taken_up.label("taken_up"),
        what.bore_fruit.label("bore_fruit"),
    ).select_from(source)
