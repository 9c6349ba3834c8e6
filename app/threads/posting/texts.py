"""What posted texts say: measured once when they are posted, so that heat tells acts from junk and copies.

A table of texts (`body`) of members has `fingerprint`, which equal texts share, and `substance`, how many different
things a text says, 0 when they were said before. A text that was posted before these columns came has
none until the worker measures it, and is no junk until then.
"""

from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Connection, Integer, Table, bindparam, case, exists, or_, select, update
from sqlmodel import SQLModel

from app.core.db import Database
from app.core.hot.prepared import Prepared
from app.core.jobs.short_transactions import write
from app.core.language.words import measured

#: Who says in this time what was said before, repeats it.
REMEMBERED = timedelta(days=90)
_MOMENT = timedelta(microseconds=1)
#: Texts that one transaction measures.
_AT_ONCE = 500


@cache
def _tables() -> list[Table]:
    return [of for of in SQLModel.metadata.sorted_tables if {"substance", "fingerprint"} <= set(of.c.keys())]


def substance() -> ColumnElement[int]:
    """How much a text says that nobody in the organization has said lately; `known` gives the parameters."""
    said_before = or_(
        *(
            exists().where(
                of.c.fingerprint == bindparam("fingerprint"),
                of.c.organization_id == bindparam("organization_id"),
                of.c.created_at > bindparam("since"),
                of.c.created_at <= bindparam("until"),
                of.c.deleted_at.is_(None),
            )
            for of in [table.alias() for table in _tables()]
        )
    )
    return case((said_before, 0), else_=bindparam("substance", type_=Integer))


def known(body: str, organization_id: int, until: datetime) -> dict[str, Any]:
    """What is stored of a text, and the parameters of `substance()`: who said it before, said it `until` then."""
    return measured(body) | {"organization_id": organization_id, "since": until - REMEMBERED, "until": until}


@cache
def _mark(of: Table) -> Prepared:
    values = {"substance": substance(), "fingerprint": bindparam("fingerprint")}
    return Prepared(update(of).where(of.c.id == bindparam("row")).values(values))


@cache
def _number(of: Table) -> Prepared:
    changed = update(of).where(of.c.id == bindparam("row"))
    return Prepared(changed.values(fingerprint=bindparam("fingerprint")))


def measure(conn: Connection, of: Table, row: int, body: str, organization_id: int, at: datetime) -> None:
    """Store what the text of a row says that was just added."""
    _mark(of).tuples(conn, **known(body, organization_id, at), row=row)


def measure_again(
    conn: Connection, of: Table, row: int, body: str, organization_id: int, at: datetime
) -> None:
    """Store what a text says that was changed; it does not repeat itself."""
    _mark(of).tuples(conn, **known(body, organization_id, at - _MOMENT), row=row)


def measure_some(conn: Connection, most: int = _AT_ONCE) -> int:
    """Measure up to `most` texts of each table that were never measured, oldest first; how many.

    All get their fingerprints before one is compared with others.
    """
    for missing, mark in (("fingerprint", _number), ("substance", _mark)):
        done = 0
        for of in _tables():
            rows = conn.execute(
                select(of.c.id, of.c.body, of.c.organization_id, of.c.created_at)
                .where(of.c[missing].is_(None))
                .order_by(of.c.id)
                .limit(most)
            ).all()
            given = [known(r.body, r.organization_id, r.created_at - _MOMENT) | {"row": r.id} for r in rows]
            mark(of).each(conn, given)
            done += len(rows)
        if done:
            return done
    return 0


def measure_all(database: Database) -> None:
    """Measure what is left of texts from before they were measured, some in each transaction."""
    with database.read.connect() as conn:
        if not any(conn.scalar(select(of.c.id).where(of.c.substance.is_(None)).limit(1)) for of in _tables()):
            return
    while write(database, lambda db: measure_some(db.connection())):
        pass
