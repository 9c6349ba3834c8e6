"""Engines and the `Db` dependency: one request is one transaction, committed before the response leaves.

Reads take `Reads`, an autocommit engine (measured: a third cheaper than begin and rollback). Writes take `Db`,
whose transaction begins as a writer (`BEGIN IMMEDIATE` on SQLite) at its first statement.
"""

import select
from collections.abc import AsyncIterator, Callable, Collection, Hashable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Annotated, Any, TypeVar

from anyio import CapacityLimiter, to_thread
from fastapi import Depends, Request
from pydantic_core import from_json
from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DisconnectionError
from sqlmodel import Session

from app.core.gather import Gather

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")
LookUp = Callable[[Connection, Collection[K]], Mapping[K, V]]

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
    """The two engines of one database URL."""

    write: Engine
    read: Engine
    gathers: dict[LookUp[Any, Any], Gather[Any, Any]] = field(default_factory=dict)

    @classmethod
    def connect(cls, url: str, *, pool: int = 16) -> "Database":
        """Engines for `url` (`sqlite:///…` or `postgresql://…`), each with a pool of `pool` connections."""
        sqlite = make_url(url).get_backend_name() == "sqlite"
        shared: dict[str, Any] = {
            "pool_size": pool,
            "max_overflow": 0,
            "pool_timeout": BUSY_SECONDS,
            "pool_use_lifo": True,
        }
        shared["json_deserializer"] = from_json
        if sqlite:
            # autocommit at the driver: SQLAlchemy's own BEGIN below is the only one
            shared["connect_args"] = {"isolation_level": None, "check_same_thread": False}
        else:
            # compiling a plan took 1.7 s of a list query that runs for 0.4 s
            shared["connect_args"] = {
                "connect_timeout": BUSY_SECONDS,
                "options": "-c timezone=UTC -c jit=off",
            }
        # writers on SQLite queue for the one connection; its own lock is waited for by sleeping
        write = create_engine(url, **shared | ({"pool_size": 1} if sqlite else {}))
        read = create_engine(url, **shared, isolation_level="AUTOCOMMIT", pool_reset_on_return=None)
        if sqlite:
            for engine in (write, read):
                event.listen(engine, "connect", _on_sqlite_connect)
            event.listen(write, "begin", _begin_as_writer)
        else:
            for engine in (write, read):
                event.listen(engine, "checkout", _refuse_closed)
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

    async def gathered(self, look_up: LookUp[K, V], key: K) -> V | None:
        """What `look_up(conn, keys)` finds for `key`, asked together with other requests."""
        gather = self.gathers.get(look_up)
        if gather is None:
            gather = self.gathers.setdefault(look_up, Gather(partial(self._look_up, look_up)))
        return await gather(key)

    def _look_up(self, look_up: LookUp[K, V], keys: Collection[K]) -> Mapping[K, V]:
        with self.read.connect() as conn:
            return look_up(conn, keys)

    def dispose(self) -> None:
        """Close every connection."""
        self.write.dispose()
        self.read.dispose()


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
    return _Session(database.write, expire_on_commit=False, info={"hooks": Hooks()})


def hooks(db: Session) -> Hooks:
    """The commit hooks of a session."""
    found: Hooks = db.info["hooks"]
    return found


def commit(db: Session) -> None:
    """Run the `before` hooks, commit, then the `after` hooks."""
    mine = hooks(db)
    if db.in_transaction() or mine.before:
        db.flush()
        for hook in mine.before:
            hook(db)
        db.commit()
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
