"""Engines and the `Db` dependency: one request is one transaction, committed before the response leaves.

Reads take `Reads`, an autocommit engine (measured: a third cheaper than begin and rollback). Writes take `Db`,
whose transaction begins as a writer (`BEGIN IMMEDIATE` on SQLite) at its first statement.
"""

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Annotated, Any

from anyio import CapacityLimiter, to_thread
from fastapi import Depends, Request
from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlmodel import Session

#: Seconds a writer waits for another one before the request is answered 503.
BUSY_SECONDS = 5


def _on_sqlite_connect(connection: DBAPIConnection, _record: object) -> None:
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=FULL")  # an acknowledged write survives a power cut
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.execute(f"PRAGMA busy_timeout={BUSY_SECONDS * 1000}")
    cursor.execute("PRAGMA cache_size=-16384")  # KiB for each connection
    cursor.close()


def _begin_as_writer(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")


@dataclass(frozen=True)
class Database:
    """The two engines of one database URL."""

    write: Engine
    read: Engine

    @classmethod
    def connect(cls, url: str, *, pool: int = 16) -> "Database":
        """Engines for `url` (`sqlite:///…` or `postgresql://…`), each with a pool of `pool` connections."""
        sqlite = make_url(url).get_backend_name() == "sqlite"
        shared: dict[str, Any] = {"pool_size": pool, "max_overflow": 0, "pool_timeout": BUSY_SECONDS}
        if sqlite:
            # autocommit at the driver: SQLAlchemy's own BEGIN below is the only one
            shared["connect_args"] = {"isolation_level": None, "check_same_thread": False}
        else:
            shared["pool_pre_ping"] = True
            shared["connect_args"] = {"connect_timeout": BUSY_SECONDS, "options": "-c timezone=UTC"}
        write = create_engine(url, **shared)
        read = create_engine(url, **shared, isolation_level="AUTOCOMMIT", pool_reset_on_return=None)
        if sqlite:
            for engine in (write, read):
                event.listen(engine, "connect", _on_sqlite_connect)
            event.listen(write, "begin", _begin_as_writer)
        return cls(write, read)

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


@dataclass
class Hooks:
    """What runs around the commit of one session: `before` inside the transaction, `after` once it is durable."""

    before: list[Callable[[Session], None]] = field(default_factory=list)
    after: list[Callable[[], None]] = field(default_factory=list)


def new_session(database: Database) -> Session:
    """A writing session; it takes a connection at its first statement only."""
    return Session(database.write, expire_on_commit=False, info={"hooks": Hooks()})


def hooks(db: Session) -> Hooks:
    """The commit hooks of a session."""
    found: Hooks = db.info["hooks"]
    return found


def commit(db: Session) -> None:
    """Run the `before` hooks, commit, then the `after` hooks."""
    if db.in_transaction():
        db.flush()
        for hook in hooks(db).before:
            hook(db)
        db.commit()
    for done in hooks(db).after:
        done()


# Commits do not queue behind requests that wait for the connections they hold.
_commits = CapacityLimiter(64)


async def _session(request: Request) -> AsyncIterator[Session]:
    db = new_session(request.app.state.database)
    try:
        yield db
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
