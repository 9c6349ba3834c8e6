"""Jobs enqueued inside the caller's transaction and drained by the worker; each is done at least once.

A worker leases a job and runs its handler in a transaction that also marks it done, so a crash loses nothing: the
lease runs out and another worker takes it. What a handler writes to the database happens once; a worker that has lost
its lease rolls back. What it does elsewhere (files, messages) must bear happening twice.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import Column, Index, Update, delete, select, update
from sqlmodel import Field, Session, SQLModel

from app.core import clock
from app.core.db import Database
from app.core.sql import Id, Json, Utc, insert_new, table

LEASE = timedelta(minutes=5)
MAX_ATTEMPTS = 8
KEPT = timedelta(days=7)

Handler = Callable[[Session, dict[str, Any]], None]
_handlers: dict[str, Handler] = {}
log = structlog.get_logger()


class Job(SQLModel, table=True):
    """A piece of work to do after a commit; `unique_key` lets the same work wait only once."""

    __table_args__ = (Index("ix_job_waiting", "done_at", "run_at"),)

    id: int | None = Field(default=None, primary_key=True, sa_type=Id)
    kind: str = Field(max_length=60)
    payload: dict[str, Any] = Field(sa_column=Column(Json, nullable=False))
    unique_key: str = Field(unique=True, max_length=160)
    run_at: datetime = Field(sa_type=Utc)
    attempts: int = 0
    leased_until: datetime | None = Field(default=None, sa_type=Utc)
    done_at: datetime | None = Field(default=None, sa_type=Utc)
    error: str | None = Field(default=None, max_length=500)


def handles(kind: str) -> Callable[[Handler], Handler]:
    """Register the handler of a kind of job."""

    def register(handler: Handler) -> Handler:
        _handlers[kind] = handler
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
    }
    insert_new(db.connection(), table(Job), row, ["unique_key"])


def run_due(database: Database, limit: int = 50) -> int:
    """Run up to `limit` due jobs one after another; how many were tried."""
    tried = 0
    while tried < limit and (job := _lease(database)):
        tried += 1
        job_id, kind, payload, attempts = job
        try:
            with database.transaction() as db:
                _handlers[kind](db, payload)
                db.execute(
                    _leased(job_id, attempts)
                    .values(done_at=clock.now(), error=None)
                    .returning(table(Job).c.id)
                ).one()
        except Exception as e:  # noqa: BLE001 - whatever a handler raises is recorded and tried again
            log.warning("job failed", job=job_id, kind=kind, attempts=attempts, error=repr(e))
            _put_back(database, job_id, attempts, repr(e))
    return tried


def _lease(database: Database) -> tuple[int, str, dict[str, Any], int] | None:
    j, now = table(Job), clock.now()
    free = j.c.leased_until.is_(None) | (j.c.leased_until < now)
    due = (
        select(j.c.id)
        .where(j.c.done_at.is_(None), j.c.run_at <= now, j.c.attempts < MAX_ATTEMPTS, free)
        .order_by(j.c.run_at, j.c.id)
        .limit(1)
        .with_for_update(skip_locked=True)  # nothing on SQLite, whose writers wait for each other anyway
    )
    with database.transaction() as db:
        row = db.execute(
            update(j)
            .where(j.c.id == due.scalar_subquery())
            .values(leased_until=now + LEASE, attempts=j.c.attempts + 1)
            .returning(j.c.id, j.c.kind, j.c.payload, j.c.attempts)
        ).first()
        return (row.id, row.kind, row.payload, row.attempts) if row else None


def _leased(job_id: int, attempts: int) -> Update:
    """An UPDATE of a job that touches no row once another worker has taken the lease over."""
    j = table(Job)
    return update(j).where(j.c.id == job_id, j.c.attempts == attempts, j.c.done_at.is_(None))


def _put_back(database: Database, job_id: int, attempts: int, error: str) -> None:
    again = clock.now() + timedelta(seconds=2**attempts * 5)
    with database.transaction() as db:
        db.execute(_leased(job_id, attempts).values(leased_until=None, error=error[:500], run_at=again))


def forget_old(db: Session) -> int:
    """Drop jobs that were done more than `KEPT` ago; how many."""
    j = table(Job)
    return db.connection().execute(delete(j).where(j.c.done_at < clock.now() - KEPT)).rowcount
