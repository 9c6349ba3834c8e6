"""Rows of any table as portable JSON arrays, out of one database and into another, of either kind.

Tables are taken as they stand in the database, not as the code's models say: a backup needs no matching release.
"""

from base64 import b64decode, b64encode
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime
from itertools import islice
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Column, Connection, MetaData, Table, func, select
from sqlalchemy.exc import DBAPIError, OperationalError, StatementError

from app.library.models import INDEX

#: Rows read, archived and written at a time.
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
    """Write rows whose values are named by `names`; by COPY on PostgreSQL. ValueError when they do not belong there."""
    try:
        _insert(conn, table, names, rows)
    except OperationalError:
        raise  # the database is away or full
    except (DBAPIError, StatementError, conn.dialect.loaded_dbapi.Error) as e:
        raise ValueError(f"{table.name} does not take these rows") from e


def _insert(conn: Connection, table: Table, names: Sequence[str], rows: Iterator[list[Any]]) -> None:
    columns = [table.columns[name] for name in names]
    from_json = [_kind(c).from_json for c in columns]
    values = ([None if v is None else of(v) for of, v in zip(from_json, row, strict=True)] for row in rows)
    if conn.dialect.name == "postgresql":
        quote = conn.dialect.identifier_preparer.quote
        copy_in = f"COPY {quote(table.name)} ({', '.join(map(quote, names))}) FROM STDIN"
        with conn.connection.cursor() as cursor, cursor.copy(copy_in) as copy:  # type: ignore[attr-defined]
            for row in values:
                copy.write_row(row)
        return
    bare = sa.table(table.name, *(sa.column(c.name, sa.Text if _is_json(c) else c.type) for c in columns))
    while part := [dict(zip(names, row, strict=True)) for row in islice(values, PART)]:
        conn.execute(bare.insert(), part)


def renumber(conn: Connection) -> None:
    """Let PostgreSQL number new rows after those that were inserted; SQLite does so by itself."""
    if conn.dialect.name != "postgresql":
        return
    quote = conn.dialect.identifier_preparer.quote
    for table in tables(conn):
        for column in table.primary_key.columns:
            if name := conn.scalar(select(func.pg_get_serial_sequence(quote(table.name), column.name))):
                last = conn.scalar(select(func.max(column)))
                conn.execute(select(func.setval(name, last or 1, last is not None)))


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
