"""Rows of any table as portable JSON arrays, out of one database and into another, of either kind.

Tables are taken as they stand in the database, not as the code's models say: a backup needs no matching release.
"""

from base64 import b64decode, b64encode
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Column, Connection, MetaData, Table, select
from sqlalchemy.exc import OperationalError

from app.core.sql import ids_were_given, load
from app.library.models import INDEX

#: Rows read and archived at a time.
PART = 5_000
#: What is true of a server only, not of its data.
_LEFT_OUT = {"alembic_version", "worker"}


def tables(conn: Connection) -> list[Table]:
    """The tables of a database, those depended upon first; without the index of words, which is built from others."""
    metadata = MetaData()
    metadata.reflect(conn, only=lambda name, _: name not in _LEFT_OUT and not INDEX.owns(name))
    return metadata.sorted_tables


def read(conn: Connection, table: Table) -> Iterator[list[list[Any]]]:
    """Every row as values that JSON can hold, in the order of the columns, `PART` at a time."""
    columns = list(table.columns)
    to_json = [_kind(c).to_json for c in columns]
    found = select(*(_as_text(conn, c) if _is_json(c) else c for c in columns))
    rows = conn.execution_options(yield_per=PART).execute(found.order_by(*table.primary_key.columns))
    for part in rows.partitions():
        yield [[None if v is None else to(v) for to, v in zip(to_json, row, strict=True)] for row in part]


def insert(conn: Connection, table: Table, names: Sequence[str], rows: Iterator[list[Any]]) -> None:
    """Write rows whose values are named by `names`. ValueError when they do not belong there."""
    columns = [table.columns[name] for name in names]
    from_json = [_kind(c).from_json for c in columns]
    values = ([None if v is None else of(v) for of, v in zip(from_json, row, strict=True)] for row in rows)
    bare = sa.table(table.name, *(sa.column(c.name, sa.Text if _is_json(c) else c.type) for c in columns))
    try:
        load(conn, bare, names, values)
    except conn.dialect.loaded_dbapi.OperationalError as e:  # the database is away or full
        raise OperationalError(f"rows of {table.name}", None, e) from e
    except (TypeError, conn.dialect.loaded_dbapi.Error) as e:
        raise ValueError(f"{table.name} does not take these rows") from e


def renumber(conn: Connection, tables: Sequence[Table]) -> None:
    """Let PostgreSQL number new rows after those that were inserted."""
    for table in tables:
        ids_were_given(conn, table)


class _Kind:
    """How a type of column is written as JSON and read again; the same for both databases."""

    def __init__(self, to_json: Callable[[Any], Any], from_json: Callable[[Any], Any]) -> None:
        self.to_json, self.from_json = to_json, from_json


def _utc(moment: datetime) -> str:
    """SQLite keeps UTC without saying so."""
    return (moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)).isoformat()


def _same(value: Any) -> Any:
    return value


_PLAIN = _Kind(_same, _same)
_KINDS: list[tuple[type[Any], _Kind]] = [
    (sa.DateTime, _Kind(_utc, datetime.fromisoformat)),
    (sa.Date, _Kind(date.isoformat, date.fromisoformat)),
    (sa.LargeBinary, _Kind(lambda content: b64encode(content).decode(), b64decode)),
]


def _kind(column: Column[Any]) -> _Kind:
    return next((kind for of, kind in _KINDS if isinstance(column.type, of)), _PLAIN)


def _is_json(column: Column[Any]) -> bool:
    return isinstance(column.type, sa.JSON)


def _as_text(conn: Connection, column: Column[Any]) -> sa.ColumnElement[str]:
    """JSON as its text, so that NULL and the JSON null stay two things."""
    plain = sa.type_coerce(column, sa.Text)
    return plain if conn.dialect.name == "sqlite" else sa.cast(column, sa.Text)
