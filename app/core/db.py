"""Engines and the `Db` dependency: one request is one transaction, committed before the response leaves.

Reads take `Reads`, an autocommit engine (measured: a third cheaper than begin and rollback). Writes take `Db`,
whose transaction begins as a writer (`BEGIN IMMEDIATE` on SQLite) at its first statement. Of the request threads
writers take a share only, so that those who wait for each other never keep a reader waiting.
"""

import select
from asyncio import Future
from collections.abc import AsyncIterator, Callable, Collection, Hashable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property, partial
from typing import Annotated, Any, NamedTuple, TypeVar

from anyio import to_thread
from fastapi import Depends, Request
from pydantic_core import from_json
from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DisconnectionError
from sqlmodel import Session

from app.core.database.batching import Batch
from app.core.database.driver_errors import database_trouble, is_locked
from app.core.database.request_threads import WriterPlace, commits
from app.core.database.timeouts import WORK, Timeouts, opened

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")

#: KiB of pages that a connection to SQLite keeps: the one writer's stay true, a reader's are dropped at each commit.
_WRITER_CACHE, _READER_CACHE = 32_768, 4_096


def _on_sqlite_connect(cache: int, limits: Timeouts, connection: DBAPIConnection, _record: object) -> None:
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=FULL")  # what is acknowledged is on disk
    cursor.execute("PRAGMA wal_autocheckpoint=4000")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.execute(f"PRAGMA busy_timeout={limits.lock * 1000:.0f}")
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


class _LookUp(NamedTuple):
    find: Callable[[Connection, Collection[Any]], Mapping[Any, Any]]
    key: Hashable


class _Act(NamedTuple):
    order: int
    do: Callable[[Session], Any]


@dataclass(frozen=True)
class Database:
    """The two engines of one database URL, and what requests do together on them."""

    write: Engine
    read: Engine

    @classmethod
    def connect(cls, url: str, *, pool: int = 16, limits: Timeouts = WORK) -> "Database":
        """Engines for `url` (`sqlite:///…` or `postgresql://…`), each with a pool of `pool` connections.

        The server gives the `limits` of requests; jobs and commands may take longer.
        """
        sqlite = make_url(url).get_backend_name() == "sqlite"
        shared: dict[str, Any] = {
            "hide_parameters": True,  # what people write, and their phones, never reach the log
            "pool_size": pool,
            "max_overflow": 0,
            "pool_timeout": limits.connection,
            "pool_use_lifo": True,
            "json_deserializer": from_json,
        }
        return _sqlite(url, shared, limits) if sqlite else _postgresql(url, shared, limits)

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

    @cached_property
    def _look_ups(self) -> Batch[_LookUp]:
        return Batch("look-ups", partial(_look_up, self.read))

    @cached_property
    def _acts(self) -> Batch[_Act]:
        return Batch("acts", partial(_act, self))

    def look_up(self, find: Callable[[Connection, Collection[K]], Mapping[K, V]], key: K) -> Future[V | None]:
        """What `find` finds for a key, together with other requests that look the same up; None when nothing.

        Look-ups that are begun before the first of them is awaited go together.
        """
        return self._look_ups(_LookUp(find, key))

    async def act(self, do: Callable[[Session], V], *, order: int) -> V:
        """What `do` returns once its writes are committed, in one transaction with other small acts that wait (ADR 56).

        When one act of a transaction fails, each is done again in its own: `do` has no effects but in the session.
        Acts of one transaction go by `order`, the id of what they lock: two processes take the locks in one order.
        """
        done: V = await self._acts(_Act(order, do))
        return done

    def dispose(self) -> None:
        """Close every connection."""
        self.write.dispose()
        self.read.dispose()


def _sqlite(url: str, shared: dict[str, Any], limits: Timeouts) -> Database:
    # autocommit at the driver: SQLAlchemy's own BEGIN is the only one
    shared |= {"connect_args": {"isolation_level": None, "check_same_thread": False}}
    # writers queue for the one connection; SQLite's own lock is waited for by sleeping
    write = create_engine(url, **shared | {"pool_size": 1})
    read = create_engine(url, **shared, isolation_level="AUTOCOMMIT", pool_reset_on_return=None)
    event.listen(write, "connect", partial(_on_sqlite_connect, _WRITER_CACHE, limits))
    event.listen(read, "connect", partial(_on_sqlite_connect, _READER_CACHE, limits))
    event.listen(write, "begin", _begin_as_writer)
    return Database(write, read)


def _postgresql(url: str, shared: dict[str, Any], limits: Timeouts) -> Database:
    # compiling a plan took 1.7 s of a list query that runs for 0.4 s
    shared |= {"connect_args": {"options": f"-c timezone=UTC -c jit=off {limits.options}"}}
    write = create_engine(url, **shared)
    read = create_engine(url, **shared, isolation_level="AUTOCOMMIT", pool_reset_on_return=None)
    for engine in (write, read):
        event.listen(engine, "do_connect", lambda _dialect, _record, *given: opened(limits, *given))
        event.listen(engine, "checkout", _refuse_closed)
    return Database(write, read)


def _look_up(read: Engine, asked: Sequence[_LookUp]) -> list[Any]:
    found: dict[Any, Mapping[Any, Any] | Exception] = {}
    with read.connect() as conn:
        for find in {one.find for one in asked}:
            try:
                found[find] = find(conn, {one.key for one in asked if one.find is find})
            except Exception as e:  # noqa: BLE001 - raised in every request that asked for it
                found[find] = e
    answers = [found[one.find] for one in asked]
    return [a if isinstance(a, Exception) else a.get(one.key) for a, one in zip(answers, asked, strict=True)]


def _act(database: Database, acts: Sequence[_Act]) -> list[Any]:
    if len(acts) == 1:
        return [_alone(database, acts[0])]
    answers: dict[int, Any] = {}
    left = sorted(range(len(acts)), key=lambda place: acts[place].order)
    while left:
        done: dict[int, Any] = {}
        try:
            with database.transaction() as db:
                for place in left:
                    done[place] = acts[place].do(db)
            answers |= done
        except Exception as e:  # noqa: BLE001 - raised in the requests whose fault it is: nothing was committed yet
            if is_locked(e) and len(done) < len(left):
                locked = acts[left[len(done)]].order  # who waits for something else is not kept waiting
                answers |= {place: e for place in left if acts[place].order == locked}
            elif database_trouble(e):
                answers |= dict.fromkeys(left, e)
            else:
                answers |= {place: _alone(database, acts[place]) for place in left}
        left = [place for place in left if place not in answers]
    return [answers[place] for place in range(len(acts))]


def _alone(database: Database, act: _Act) -> Any:
    try:
        with database.transaction() as db:
            return act.do(db)
    except Exception as e:  # noqa: BLE001 - raised in the request that asked for it
        return e


@dataclass
class Hooks:
    """What runs around the commit of one session: inside the transaction, but for `after`, once it is durable.

    What many transactions write is locked last, by all in this order: the figures of seats, the chain of the audit
    log, and `before`, which numbers the events.
    """

    figures: list[Callable[[Session], None]] = field(default_factory=list)
    audit: list[Callable[[Session], None]] = field(default_factory=list)
    before: list[Callable[[Session], None]] = field(default_factory=list)
    after: list[Callable[[], None]] = field(default_factory=list)

    def inside(self) -> Iterator[Callable[[Session], None]]:
        """Those that run inside the transaction; an earlier one may add to a later list."""
        for stage in (self.figures, self.audit, self.before):
            yield from stage


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
    return _Session(database.write, expire_on_commit=False, info={"hooks": Hooks(), "database": database})


def reads(db: Session) -> Engine:
    """The reading engine beside a writing session: what a job looks up there, before it writes, holds up no writer."""
    database: Database = db.info["database"]
    return database.read


def hooks(db: Session) -> Hooks:
    """The commit hooks of a session."""
    found: Hooks = db.info["hooks"]
    return found


def has_work(db: Session) -> bool:
    """Whether there is something to commit."""
    return db.in_transaction() or any(hooks(db).inside())


def commit(db: Session) -> None:
    """Run the hooks inside the transaction, commit, then run the `after` hooks: the only way to write."""
    mine = hooks(db)
    if has_work(db):
        db.flush()
        for hook in mine.inside():
            hook(db)
        db.commit()
    db.info["hooks"] = Hooks()
    for done in mine.after:
        done()


async def _session(request: Request, _place: WriterPlace) -> AsyncIterator[Session]:
    db = new_session(request.app.state.database)
    try:
        yield db
        if has_work(db):
            await to_thread.run_sync(commit, db, limiter=commits)
    except BaseException:
        await to_thread.run_sync(db.rollback, limiter=commits)
        raise
    finally:
        db.close()


async def _read_engine(request: Request) -> Engine:
    engine: Engine = request.app.state.database.read
    return engine


async def _database(request: Request) -> Database:
    database: Database = request.app.state.database
    return database


async def _database_to_write(request: Request, _place: WriterPlace) -> Database:
    return await _database(request)


Db = Annotated[Session, Depends(_session, scope="function")]
Reads = Annotated[Engine, Depends(_read_engine)]
#: For verbs that take several transactions.
Data = Annotated[Database, Depends(_database_to_write)]
#: For reads that keep what they computed.
Store = Annotated[Database, Depends(_database)]
