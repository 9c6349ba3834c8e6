"""The only place with differences between SQLite and PostgreSQL."""

import fcntl
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import psycopg
from sqlalchemy import (
    JSON,
    BigInteger,
    ColumnElement,
    Connection,
    Date,
    DateTime,
    Dialect,
    Engine,
    FromClause,
    Integer,
    Row,
    Select,
    Table,
    TableClause,
    TypeDecorator,
    cast,
    column,
    delete,
    func,
    select,
    tuple_,
    type_coerce,
)
from sqlalchemy import table as table_of
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError
from sqlmodel import SQLModel

#: A row whose columns are not spelled out.
AnyRow = Row[*tuple[Any, ...]]

#: SQLite gives rowids only to INTEGER keys.
Id = BigInteger().with_variant(Integer, "sqlite")
Json = JSON().with_variant(postgresql.JSONB(), "postgresql")


class Utc(TypeDecorator[datetime]):
    """An aware UTC datetime; SQLite, which drops zones, gets and gives UTC."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """To the database: naive datetimes are refused, never guessed."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("naive datetime")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """From the database: always aware, in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if dialect.name == "sqlite" else value.astimezone(UTC)


def table(model: type[SQLModel]) -> Table:
    """The Core table of a SQLModel class, for queries."""
    found: Table = model.__table__  # type: ignore[attr-defined]
    return found


def alias(of: FromClause, name: str) -> FromClause:
    """Another name of a table, for modules: its columns are made now, not by whichever requests come first.

    Two threads that make them at once get columns that are not the same, and SQLAlchemy then refuses the query.
    """
    named = of.alias(name)
    _ = named.c
    return named


def local_day(
    conn: Connection, moment: ColumnElement[datetime], zone: str, now: datetime
) -> ColumnElement[date]:
    """The local day of a `Utc` expression; SQLite, which knows no zones, takes the zone's offset at `now`."""
    if conn.dialect.name == "sqlite":
        offset = now.astimezone(ZoneInfo(zone)).utcoffset()
        assert offset is not None  # noqa: S101 - an aware time has one
        return type_coerce(func.date(moment, f"{offset.total_seconds():+.0f} seconds"), Date)
    return cast(func.timezone(zone, moment), Date)


def days_from(conn: Connection, day: ColumnElement[date], today: date) -> ColumnElement[int]:
    """How many days a local day lies before or after `today`."""
    if conn.dialect.name == "sqlite":
        return cast(func.abs(func.julianday(day) - func.julianday(today.isoformat())), Integer)
    return func.abs(type_coerce(day - cast(today, Date), Integer))


def length(conn: Connection, of: ColumnElement[Any]) -> ColumnElement[int]:
    """How many entries a list in a `Json` column has."""
    name = "json_array_length" if conn.dialect.name == "sqlite" else "jsonb_array_length"
    entries: ColumnElement[int] = getattr(func, name)(of, type_=Integer)
    return entries


def insert(conn: Connection, into: Table) -> sqlite.Insert | postgresql.Insert:
    """An INSERT that knows `on_conflict_do_nothing` and `on_conflict_do_update` on both databases."""
    return sqlite.insert(into) if conn.dialect.name == "sqlite" else postgresql.insert(into)


def insert_new(conn: Connection, into: Table, row: dict[str, Any], keys: Sequence[str] = ()) -> bool:
    """Insert `row` unless one with the same `keys`, or with any key at all, exists; True when it was inserted."""
    new = insert(conn, into).on_conflict_do_nothing(index_elements=keys or None).inline()
    return conn.execute(new, row, execution_options={"preserve_rowcount": True}).rowcount == 1


def advisory_lock(conn: Connection, name: str) -> None:
    """Take an advisory lock of this name until the transaction ends; SQLite has one writer anyway."""
    if conn.dialect.name == "postgresql":
        conn.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(name, 0))))


@contextmanager
def alone(engine: Engine, name: str, give_up: Callable[[float], bool]) -> Iterator[bool]:
    """Let one process at a time pass here for `name`, for as long as the block; its end, even by a crash, lets go.

    While another one is here, `give_up` is asked every half second (and pauses for so long): True ends the waiting,
    and the block is entered with False.
    """
    with _passing(engine, name) as passes:
        entered = passes()
        while not entered and not give_up(0.5):
            entered = passes()
        yield entered


@contextmanager
def _passing(engine: Engine, name: str) -> Iterator[Callable[[], bool]]:
    """Give what takes a lock of processes, or says that another one has it."""
    if engine.dialect.name == "postgresql":
        key = func.hashtextextended(name, 0)
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as conn:
            yield lambda: bool(conn.scalar(select(func.pg_try_advisory_lock(key))))
            conn.execute(select(func.pg_advisory_unlock_all()))
    elif not engine.url.database:
        yield lambda: True  # a database in memory is nobody else's
    else:
        with Path(f"{engine.url.database}.{name}.lock").open("w") as file:
            yield lambda: _flock(file.fileno())


def _flock(file: int) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def is_blocked(error: DBAPIError) -> bool:
    """Whether a statement failed only because another transaction was in its way for too long."""
    origin = error.orig
    if isinstance(origin, sqlite3.OperationalError):
        return origin.sqlite_errorcode & 0xFF in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
    return isinstance(origin, psycopg.errors.LockNotAvailable | psycopg.errors.DeadlockDetected)


def may_rewrite(conn: Connection, of: str) -> bool | None:
    """Whether this role may change rows of a table, or owns it; None on SQLite, which has no roles."""
    if conn.dialect.name == "sqlite":
        return None
    rights = func.has_table_privilege(of, "UPDATE, DELETE, TRUNCATE, TRIGGER")
    owner: Select[int] = (
        select(column("relowner", BigInteger))
        .select_from(table_of("pg_class"))
        .where(column("oid") == cast(of, postgresql.REGCLASS))
    )
    return bool(conn.scalar(select(rights | func.pg_has_role(owner.scalar_subquery(), "MEMBER"))))


def lock_against_writes(conn: Connection, of: Table) -> None:
    """Lock a table against writes until this transaction ends; SQLite has one writer anyway.

    Not for longer than some seconds, because whoever wants to write queues behind.
    """
    if conn.dialect.name == "postgresql":
        conn.exec_driver_sql("SET LOCAL lock_timeout = '5s'")
        conn.exec_driver_sql(f'LOCK TABLE "{of.name}" IN SHARE MODE')
        conn.exec_driver_sql("SET LOCAL lock_timeout = DEFAULT")


def load(conn: Connection, into: TableClause, columns: Sequence[str], rows: Iterator[Sequence[Any]]) -> None:
    """Bring many rows in: COPY on PostgreSQL, one prepared INSERT on SQLite."""
    types = [into.c[name].type.dialect_impl(conn.dialect).bind_processor(conn.dialect) for name in columns]
    plain = _bound(rows, [(n, bind) for n, bind in enumerate(types) if bind])
    names = ", ".join(f'"{name}"' for name in columns)
    with closing(conn.connection.cursor()) as cursor:
        if conn.dialect.name == "postgresql":
            with cursor.copy(f'COPY "{into.name}" ({names}) FROM STDIN') as copy:
                for row in plain:
                    copy.write_row(row)
        else:
            marks = ", ".join("?" * len(columns))
            statement = f'INSERT INTO "{into.name}" ({names}) VALUES ({marks})'  # noqa: S608 - names of our own
            cursor.executemany(statement, plain)  # type: ignore[arg-type] # sqlite3 takes iterators


def _bound(
    rows: Iterator[Sequence[Any]], binds: Sequence[tuple[int, Callable[[Any], Any]]]
) -> Iterator[list[Any]]:
    for row in rows:
        values = list(row)
        for n, bind in binds:
            values[n] = bind(values[n])
        yield values


#: Rows that one transaction of cleaning deletes.
AT_ONCE = 1_000


def delete_some(conn: Connection, of: Table, which: ColumnElement[bool], most: int = AT_ONCE) -> int:
    """Delete up to `most` of the rows that are old or gone; how many."""
    key = tuple_(*of.primary_key)
    some = select(*of.primary_key).where(which).limit(most).with_for_update(skip_locked=True)
    return conn.execute(delete(of).where(key.in_(some))).rowcount


@contextmanager
def snapshot(conn: Connection) -> Iterator[None]:
    """Let all reads of an autocommit connection see the same moment, while others write."""
    sqlite_reads = conn.dialect.name == "sqlite"  # in WAL mode a reader stays at the moment of its first read
    conn.exec_driver_sql("BEGIN" if sqlite_reads else "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
    try:
        yield
    finally:
        conn.exec_driver_sql("ROLLBACK")


def ids_were_given(conn: Connection, into: Table) -> None:
    """Move the sequence of a table's ids past those that were given by hand; SQLite looks for itself."""
    if conn.dialect.name != "postgresql":
        return
    quoted = conn.dialect.identifier_preparer.quote(into.name)
    for key in (c for c in into.primary_key.columns if isinstance(c.type, Integer)):
        newest, sequence = func.max(key), func.pg_get_serial_sequence(quoted, key.name)
        conn.execute(select(func.setval(sequence, func.coalesce(newest, 1), newest.is_not(None))))


@contextmanager
def limit_sort_memory(conn: Connection) -> Iterator[None]:
    """Limit the memory of a sort to 2 MB on SQLite, which sorts in as much memory as its page cache."""
    if conn.dialect.name != "sqlite":
        yield
        return
    before = conn.exec_driver_sql("PRAGMA cache_size").scalar_one()
    conn.exec_driver_sql("PRAGMA cache_size=-2048")
    try:
        yield
    finally:
        conn.exec_driver_sql(f"PRAGMA cache_size={before}")
