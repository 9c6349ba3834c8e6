"""Jobs enqueued inside the caller's transaction and run by the worker; each is done at least once.

A worker leases a job and runs its handler in a transaction that also marks it done, so a crash loses nothing: the
lease, which the worker renews while it lives, runs out and another worker takes the job. What a handler writes to the
database happens once; a worker that has lost its lease rolls back. What it does elsewhere (files, messages) must bear
happening twice. Kinds of jobs run in lanes with threads of their own, so that a slow kind holds up no other lane.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Literal, NamedTuple

import structlog
from sqlalchemy import Column, ColumnElement, Index, Select, Update, func, select, update
from sqlmodel import Field, Session, SQLModel

from app.core import clock
from app.core.db import Database
from app.core.sql import Id, Json, Utc, delete_some, insert_new, table

#: A killed worker's jobs are taken over after so long; a living one renews its leases every `HEARTBEAT`.
LEASE = timedelta(seconds=20)
HEARTBEAT = LEASE / 4
MAX_ATTEMPTS = 8
KEPT = timedelta(days=7)

Lane = Literal["default", "push", "batch"]
#: Threads of a worker in each lane. Long batches take turns; pushes mostly wait for others' servers.
LANES: dict[Lane, int] = {"default": 2, "push": 4, "batch": 1}

Payload = dict[str, Any]
Handler = Callable[[Session, Payload], None]
Write = Callable[[Session], None]
OutsideHandler = Callable[[Database, Payload], Write | None]


class _Registered(NamedTuple):
    lane: Lane
    #: What to write in the transaction that marks the job done.
    prepare: OutsideHandler


_handlers: dict[str, _Registered] = {}
log = structlog.get_logger()


class Later(Exception):
    """Raised by a handler that cannot do its job now: it is run again in some seconds, and loses no attempt."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"again in {seconds:.0f} s")
        self.seconds = seconds


class Job(SQLModel, table=True):
    """A piece of work to do after a commit; `unique_key` lets the same work wait only once.

    `leases` counts how often it was leased and only grows: whoever holds an earlier lease is recognised by it.
    """

    __table_args__ = (Index("ix_job_waiting", "done_at", "run_at"),)

    id: int | None = Field(default=None, primary_key=True, sa_type=Id)
    kind: str = Field(max_length=60)
    payload: dict[str, Any] = Field(sa_column=Column(Json, nullable=False))
    unique_key: str = Field(unique=True, max_length=160)
    run_at: datetime = Field(sa_type=Utc)
    attempts: int = 0
    leases: int = 0
    leased_until: datetime | None = Field(default=None, sa_type=Utc)
    done_at: datetime | None = Field(default=None, sa_type=Utc)
    error: str | None = Field(default=None, max_length=500)


_j = table(Job)
_FAILED = (_j.c.done_at.is_(None), _j.c.attempts >= MAX_ATTEMPTS)


def handles(kind: str, *, lane: Lane = "default") -> Callable[[Handler], Handler]:
    """Register the handler of a kind of job; it runs inside the transaction that marks the job done."""

    def register(handler: Handler) -> Handler:
        _handlers[kind] = _Registered(lane, lambda _database, payload: lambda db: handler(db, payload))
        return handler

    return register


def handles_outside(kind: str, *, lane: Lane = "default") -> Callable[[OutsideHandler], OutsideHandler]:
    """Register a handler that runs outside of any transaction, for what calls others or computes for long.

    What it returns is called in the transaction that marks the job done. Transactions that it takes itself must bear
    happening twice.
    """

    def register(handler: OutsideHandler) -> OutsideHandler:
        _handlers[kind] = _Registered(lane, handler)
        return handler

    return register


def enqueue(
    db: Session, kind: str, unique_key: str, *, run_at: datetime | None = None, **payload: int | str
) -> None:
    """Have `kind` done once after the commit of `db`; a job with the same `unique_key` is not added again."""
    row = {
        "kind": kind,
        "payload": payload,
        "unique_key": f"{kind}:{unique_key}",
        "run_at": run_at or clock.now(),
        "attempts": 0,
        "leases": 0,
    }
    insert_new(db.connection(), _j, row, ["unique_key"])


class _Leased(NamedTuple):
    id: int
    kind: str
    payload: Payload
    attempts: int
    leases: int


class Runner:
    """Runs jobs for one worker, from several threads, and renews the leases of those that run now."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._running: dict[int, int] = {}

    def run_due(self, limit: int = 50, lane: Lane | None = None) -> int:
        """Run up to `limit` due jobs of a lane, or of all, one after another; how many were tried."""
        tried = 0
        while tried < limit and (job := _lease(self._database, lane)):
            tried += 1
            self._running[job.id] = job.leases
            try:
                _run(self._database, job)
            finally:
                del self._running[job.id]
        return tried

    def renew(self) -> None:
        """Lease the jobs that run now for as long again; those that are being marked done are passed over."""
        for job_id, leases in list(self._running.items()):
            mine = select(_j.c.id).where(_j.c.id == job_id).with_for_update(skip_locked=True)
            with self._database.transaction() as db:
                renewed = _leased(job_id, leases).where(_j.c.id.in_(mine))
                db.execute(renewed.values(leased_until=clock.now() + LEASE))


def run_due(database: Database, limit: int = 50) -> int:
    """Run up to `limit` due jobs of all lanes one after another; how many were tried."""
    return Runner(database).run_due(limit)


def _run(database: Database, job: _Leased) -> None:
    try:
        write = _handlers[job.kind].prepare(database, job.payload)
        with database.transaction() as db:
            if write:
                write(db)
            done = _leased(job.id, job.leases).values(done_at=clock.now(), error=None)
            db.execute(done.returning(_j.c.id)).one()
    except Later as later:
        _put_back(database, job, timedelta(seconds=later.seconds), repr(later), attempts=job.attempts - 1)
    except Exception as e:  # noqa: BLE001 - whatever a handler raises is recorded and tried again
        _put_back(database, job, timedelta(seconds=2**job.attempts * 5), repr(e), attempts=job.attempts)
        told = log.error if job.attempts >= MAX_ATTEMPTS else log.warning
        event = "job given up" if job.attempts >= MAX_ATTEMPTS else "job failed"
        told(event, job=job.id, kind=job.kind, attempts=job.attempts, error=repr(e))


def _lease(database: Database, lane: Lane | None) -> _Leased | None:
    now = clock.now()
    free = _j.c.leased_until.is_(None) | (_j.c.leased_until < now)
    due = (
        select(_j.c.id)
        .where(_j.c.done_at.is_(None), _j.c.run_at <= now, _j.c.attempts < MAX_ATTEMPTS, free, *_in(lane))
        .order_by(_j.c.run_at, _j.c.id)
        .limit(1)
    )
    with database.read.connect() as conn:  # whoever only looks takes no writer's place
        if conn.scalar(due) is None:
            return None
    # FOR UPDATE says nothing on SQLite, whose writers wait for each other anyway
    its_id = due.with_for_update(skip_locked=True).scalar_subquery()
    with database.transaction() as db:
        row = db.execute(
            update(_j)
            .where(_j.c.id == its_id)
            .values(leased_until=now + LEASE, attempts=_j.c.attempts + 1, leases=_j.c.leases + 1)
            .returning(_j.c.id, _j.c.kind, _j.c.payload, _j.c.attempts, _j.c.leases)
        ).first()
        return _Leased(*row) if row else None


def _in(lane: Lane | None) -> list[ColumnElement[bool]]:
    """Which kinds run in a lane; a kind that nobody handles fails in the default lane, and the log says so."""
    if lane is None:
        return []
    if lane == "default":
        return [_j.c.kind.not_in([kind for kind, of in _handlers.items() if of.lane != lane])]
    return [_j.c.kind.in_([kind for kind, of in _handlers.items() if of.lane == lane])]


def _leased(job_id: int, leases: int) -> Update:
    """An UPDATE of a job that touches no row once another worker has taken the lease over."""
    return update(_j).where(_j.c.id == job_id, _j.c.leases == leases, _j.c.done_at.is_(None))


def _put_back(database: Database, job: _Leased, pause: timedelta, error: str, *, attempts: int) -> None:
    back = {"leased_until": None, "error": error[:500], "run_at": clock.now() + pause, "attempts": attempts}
    with database.transaction() as db:
        db.execute(_leased(job.id, job.leases).values(**back))


def free_leases(database: Database) -> None:
    """Take over at once what earlier workers were killed at; for a worker that is known to be the only one."""
    with database.transaction() as db:
        db.execute(update(_j).where(_j.c.done_at.is_(None)).values(leased_until=None))


def give_up(database: Database) -> None:
    """Say of jobs whose worker was killed at the last attempt that they are given up."""
    killed = (*_FAILED, _j.c.leased_until < clock.now())
    with database.read.connect() as conn:
        if conn.scalar(select(_j.c.id).where(*killed).limit(1)) is None:
            return
    error = func.coalesce(_j.c.error, "the worker was killed")
    with database.transaction() as db:
        given_up = update(_j).where(*killed).values(leased_until=None, error=error)
        rows = db.execute(given_up.returning(_j.c.id, _j.c.kind, _j.c.attempts, _j.c.error)).all()
    for row in rows:
        log.error("job given up", job=row.id, kind=row.kind, attempts=row.attempts, error=row.error)


def failed() -> Select[int, str, str | None]:
    """Jobs that used up their attempts: they rest until somebody tries them again."""
    return select(_j.c.id, _j.c.kind, _j.c.error).where(*_FAILED, _j.c.leased_until.is_(None))


def waiting() -> Select[int, str, str | None]:
    """Jobs that are due and not done yet."""
    due = (_j.c.done_at.is_(None), _j.c.run_at <= clock.now(), _j.c.attempts < MAX_ATTEMPTS)
    return select(_j.c.id, _j.c.kind, _j.c.error).where(*due)


def try_again(db: Session, job_id: int | None = None) -> list[tuple[int, str]]:
    """Let the jobs that were given up run once more, or one of them; their ids and kinds."""
    ids = failed().with_only_columns(_j.c.id)
    which = [_j.c.id.in_(ids), *([] if job_id is None else [_j.c.id == job_id])]
    again = update(_j).where(*which).values(attempts=0, run_at=clock.now())
    rows = db.execute(again.returning(_j.c.id, _j.c.kind)).all()
    return [(row.id, row.kind) for row in rows]


def forget_old(db: Session) -> int:
    """Drop some of the jobs that were done more than `KEPT` ago; how many."""
    return delete_some(db.connection(), _j, _j.c.done_at < clock.now() - KEPT)
