"""Everybody's cards of a period, some in each transaction: what was issued, told and counted is committed together.

Cards are composed before the transaction that signs and issues them. Whoever is killed loses the cards at hand; the
job, or the command run again, goes on from the last ones that were issued.
"""

from typing import Any, NamedTuple
from uuid import uuid4

from sqlalchemy import Connection, insert, select, update
from sqlmodel import Session

from app.audit.service import log as audit
from app.auth.actor import Actor
from app.cards import queries, service
from app.cards.issued import queries as issued_queries
from app.cards.issued import service as issued_service
from app.cards.issued.service import Made
from app.cards.models import CardBatch
from app.core import clock, outbox
from app.core.db import Database, reads
from app.core.errors import Conflict
from app.core.jobs.short_transactions import write
from app.core.sql import AnyRow, advisory_lock, table
from app.people.duty_years import local_time

#: Cards of one transaction: some hundredths of a second of the writer.
CHUNK = 10
_b = table(CardBatch)


class BatchProgress(NamedTuple):
    """How far a batch is."""

    done: int
    total: int
    issued: int
    finished: bool


def begin(db: Session, organization_id: int, period: str, actor: Actor | None = None) -> int:
    """Have everybody's card of a period that is over issued, or go on with the batch that does; its id."""
    conn = db.connection()
    advisory_lock(conn, f"card batches:{organization_id}")
    unfinished = select(_b.c.id).where(
        _b.c.organization_id == organization_id, _b.c.period == period, _b.c.finished_at.is_(None)
    )
    batch_id = conn.scalar(unfinished)
    if batch_id is None:
        batch_id = _new(db, organization_id, period, actor)
    outbox.enqueue(db, "cards.issue", uuid4().hex, batch_id=batch_id)
    return batch_id


def _new(db: Session, organization_id: int, period: str, actor: Actor | None) -> int:
    conn = db.connection()
    local = local_time(conn, organization_id)
    today = local.today()
    not_over = Conflict("尚未结束，结束后才能颁发。", code="period_not_over", state="open")
    term_id = None
    if period == "term":
        term = issued_queries.last_term(conn, organization_id, today)
        if term is None:
            raise not_over
        term_id, first, last = term
    else:
        first, last = local.years.days(int(period))
        if last >= today:
            raise not_over
    row = {
        "organization_id": organization_id,
        "period": period,
        "term_id": term_id,
        "begun_by": actor.account_id if actor else None,
        "begun_at": clock.now(),
        "total": issued_queries.count(conn, issued_queries.holders(organization_id, first, last, term_id)),
        "done": 0,
        "issued": 0,
        "at_seat": 0,
    }
    batch_id: int = conn.execute(insert(_b).values(**row).returning(_b.c.id)).scalar_one()
    audit(db, actor, "cards.issued", ("card_batch", batch_id), period=period, count=row["total"])
    return batch_id


@outbox.handles("cards.issue", lane="batch")
def _issue(db: Session, payload: dict[str, Any]) -> None:
    with reads(db).connect() as conn:
        part = _made(conn, payload["batch_id"])
    if not _put_in_force(db, part).finished:
        outbox.enqueue(db, "cards.issue", uuid4().hex, batch_id=payload["batch_id"])


def step(database: Database, batch_id: int) -> BatchProgress:
    """Issue the next cards of a batch; who has one already, of whatever state, gets no other."""
    with database.read.connect() as conn:
        part = _made(conn, batch_id)
    return write(database, lambda db: _put_in_force(db, part))


class _Part(NamedTuple):
    """The cards of the next seats of a batch, as it was when they were made."""

    batch: AnyRow
    seat_ids: list[int]
    cards: list[Made]


def _made(conn: Connection, batch_id: int) -> _Part:
    batch = conn.execute(select(_b).where(_b.c.id == batch_id)).one()
    if batch.finished_at is not None:
        return _Part(batch, [], [])
    if batch.term_id is None:
        first, last = local_time(conn, batch.organization_id).years.days(int(batch.period))
    else:
        first, last = issued_queries.term_days(conn, batch.term_id)
    seats = issued_queries.holders(batch.organization_id, first, last, batch.term_id)
    s = seats.selected_columns.id
    seat_ids = list(conn.scalars(seats.where(s > batch.at_seat).order_by(s).limit(CHUNK)))
    have = issued_queries.issued_of(conn, seat_ids, batch.period)
    owners = queries.owners(conn, [i for i in seat_ids if i not in have]).values()
    cards = [
        issued_service.made(conn, whose, service.period_of(whose, batch.period), by=batch.begun_by)
        for whose in owners
    ]
    return _Part(batch, seat_ids, cards)


def _put_in_force(db: Session, part: _Part) -> BatchProgress:
    """Issue the cards, unless somebody else has gone on with the batch since they were made."""
    conn, batch_id = db.connection(), part.batch.id
    advisory_lock(conn, f"card batch:{batch_id}")
    batch = conn.execute(select(_b).where(_b.c.id == batch_id)).one()
    if batch.finished_at is not None or batch.at_seat != part.batch.at_seat:
        return BatchProgress(batch.done, batch.total, batch.issued, finished=batch.finished_at is not None)
    seat_ids = part.seat_ids
    issued = sum(issued_service.put_in_force(db, card) is not None for card in part.cards)
    now = BatchProgress(
        batch.done + len(seat_ids), batch.total, batch.issued + issued, finished=len(seat_ids) < CHUNK
    )
    values = {"done": now.done, "issued": now.issued, "at_seat": seat_ids[-1] if seat_ids else batch.at_seat}
    if now.finished:
        values["finished_at"] = clock.now()
    conn.execute(update(_b).where(_b.c.id == batch_id).values(**values))
    return now
