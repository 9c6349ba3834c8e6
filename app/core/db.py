"""Engines and the `Db` dependency: one request is one transaction, committed before the response leaves.

Reads take `Reads`, an autocommit engine (measured: a third cheaper than begin and rollback). Writes take `Db`,
whose transaction begins as a writer (`BEGIN IMMEDIATE` on SQLite) at its first statement.
"""

import select
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Annotated, Any

from anyio import CapacityLimiter, to_thread
from fastapi import Depends, Request
from pydantic_core import from_json
from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DisconnectionError
from sqlmodel import Session

from app.core.flush import Flush, of_postgresql, of_sqlite
from app.core.gather import Gather

#: Seconds a writer waits for another one before the request is answered 503.
BUSY_SECONDS = 5


#: KiB of pages that a connection to SQLite keeps: the one writer's stay true, a reader's are dropped at each commit.
_WRITER_CACHE, _READER_CACHE = 32_768, 4_096


def _on_sqlite_connect(cache: int, connection: DBAPIConnection, _record: object) -> None:
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=NORMAL")  # `commit` waits for the disk
    cursor.execute("PRAGMA wal_autocheckpoint=4000")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.execute(f"PRAGMA busy_timeout={BUSY_SECONDS * 1000}")
    cursor.execute(f"PRAGMA cache_size=-{cache}")
    cursor.close()


def _refuse_closed(connection: Any, _record: object, _proxy: object) -> None:
    """An idle connection on which something can be read was closed by the server: the pool makes a new one."""
    idle = select.poll()
    idle.register(connection.fileno(), select.POLLIN)
    if idle.poll(0):
        raise DisconnectionError


def _begin_as_writer(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")


@dataclass(frozen=True)
class Database:
    """The two engines of one database URL, its one way to wait for the disk, and its look-ups for many at once."""

    write: Engine
    read: Engine
    flush: Flush
    gather: Gather

    @classmethod
    def connect(cls, url: str, *, pool: int = 16) -> "Database":
        """Engines for `url` (`sqlite:///…` or `postgresql://…`), each with a pool of `pool` connections."""
        sqlite = make_url(url).get_backend_name() == "sqlite"
        shared: dict[str, Any] = {
            "hide_parameters": True,  # what people write, and their phones, never reach the log
            "pool_size": pool,
            "max_overflow": 0,
            "pool_timeout": BUSY_SECONDS,
            "pool_use_lifo": True,
            "json_deserializer": from_json,
        }
        return _sqlite(url, shared) if sqlite else _postgresql(url, shared)

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """A session that commits at the end of the block, for commands, jobs and tests."""
        session = new_session(self)
        try:
            yield session
            commit(session)
        except BaseException:
            session.rollback()
            raise
        finally:
            session.close()

    def dispose(self) -> None:
        """Close every connection."""
        self.write.dispose()
        self.read.dispose()


def _sqlite(url: str, shared: dict[str, Any]) -> Database:
    # autocommit at the driver: SQLAlchemy's own BEGIN is the only one
    shared |= {"connect_args": {"isolation_level": None, "check_same_thread": False}}
    # writers queue for the one connection; SQLite's own lock is waited for by sleeping
    write = create_engine(url, **shared | {"pool_size": 1})
    read = create_engine(url, **shared, isolation_level="AUTOCOMMIT", pool_reset_on_return=None)
    event.listen(write, "connect", partial(_on_sqlite_connect, _WRITER_CACHE))
    event.listen(read, "connect", partial(_on_sqlite_connect, _READER_CACHE))
    event.listen(write, "begin", _begin_as_writer)
    return Database(write, read, of_sqlite(write.url.database or ""), Gather(read))


def _postgresql(url: str, shared: dict[str, Any]) -> Database:
    # compiling a plan took 1.7 s of a list query that runs for 0.4 s
    options = "-c timezone=UTC -c jit=off"

    def engine(options: str, **more: Any) -> Engine:
        made = create_engine(
            url, connect_args={"connect_timeout": BUSY_SECONDS, "options": options}, **shared | more
        )
        event.listen(made, "checkout", _refuse_closed)
        return made

    read = engine(options, isolation_level="AUTOCOMMIT", pool_reset_on_return=None)
    return Database(engine(f"{options} -c synchronous_commit=off"), read, of_postgresql(read), Gather(read))


@dataclass
class Hooks:
    """What runs around the commit of one session: `before` inside the transaction, `after` once it is durable."""

    before: list[Callable[[Session], None]] = field(default_factory=list)
    after: list[Callable[[], None]] = field(default_factory=list)


class _Session(Session):
    """A session that hands out its connection without asking itself again: acts do so ten times."""

    def connection(self, *args: Any, **options: Any) -> Connection:
        """The connection of the transaction."""
        known: Connection | None = self.info.get("connection")
        if known is None or known.closed:
            known = self.info["connection"] = super().connection(*args, **options)
        return known


def new_session(database: Database) -> Session:
    """A writing session; it takes a connection at its first statement only."""
    return _Session(database.write, expire_on_commit=False, info={"hooks": Hooks(), "flush": database.flush})


def hooks(db: Session) -> Hooks:
    """The commit hooks of a session."""
    found: Hooks = db.info["hooks"]
    return found


def commit(db: Session) -> None:
    """Run the `before` hooks, commit, wait until it is on disk, then run the `after` hooks: the only way to write."""
    mine = hooks(db)
    if db.in_transaction() or mine.before:
        db.flush()
        for hook in mine.before:
            hook(db)
        db.commit()
        db.info["flush"]()
    db.info["hooks"] = Hooks()
    for done in mine.after:
        done()


# Commits do not queue behind requests that wait for the connections they hold.
_commits = CapacityLimiter(64)


async def _session(request: Request) -> AsyncIterator[Session]:
    db = new_session(request.app.state.database)
    try:
        yield db
        if db.in_transaction() or hooks(db).before:
            await to_thread.run_sync(commit, db, limiter=_commits)
    except BaseException:
        await to_thread.run_sync(db.rollback, limiter=_commits)
        raise
    finally:
        db.close()


async def _read_engine(request: Request) -> Engine:
    engine: Engine = request.app.state.database.read
    return engine


Db = Annotated[Session, Depends(_session, scope="function")]
Reads = Annotated[Engine, Depends(_read_engine)]
