"""Live events: rows numbered in commit order for each organization, shared by all processes.

`emit` collects; at commit one UPDATE of the organization's `stream` row takes its numbers and holds that row
until the commit, so numbers become visible in order, without gaps. That makes `Last-Event-ID` and ETags exact
on both databases. Events name what changed, never what it says.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Column, Connection, Index, and_, bindparam, func, insert, select, update
from sqlmodel import Field, Session, SQLModel

from app.core import clock
from app.core.db import Database, hooks
from app.core.hot.prepared import Prepared
from app.core.sql import Id, Json, Utc, delete_some, table

KEPT = timedelta(days=7)
CHANNEL = "lvyi_live"


class Stream(SQLModel, table=True):
    """The last event number of an organization."""

    organization_id: int = Field(primary_key=True, sa_type=Id, foreign_key="organization.id")
    seq: int = Field(default=0, sa_type=Id)


class Event(SQLModel, table=True):
    """One change that clients may want to hear of; `account_id` limits it to one account.

    `channel` is the list that shows the change and whose ETag it moves, `also` the screen of the thing alone.
    """

    __table_args__ = (
        Index("ix_event_channel", "organization_id", "channel", "seq"),
        Index("ix_event_at", "at"),
    )

    organization_id: int = Field(primary_key=True, sa_type=Id, foreign_key="organization.id")
    seq: int = Field(primary_key=True, sa_type=Id)
    channel: str = Field(max_length=40)
    also: str | None = Field(default=None, max_length=40)
    name: str = Field(max_length=40)
    account_id: int | None = Field(default=None, sa_type=Id)
    subject_type: str | None = Field(default=None, max_length=40)
    subject_id: int | None = Field(default=None, sa_type=Id)
    data: dict[str, Any] = Field(sa_column=Column(Json, nullable=False))
    at: datetime = Field(sa_type=Utc)


_s, _e = table(Stream), table(Event)
_TAKE = Prepared(
    update(_s)
    .where(_s.c.organization_id == bindparam("of"))
    .values(seq=_s.c.seq + bindparam("count"))
    .returning(_s.c.seq)
)
_ADD = Prepared(insert(_e).values({column.name: bindparam(column.name) for column in _e.columns}))
_NOTIFY = Prepared(select(func.pg_notify(CHANNEL, bindparam("organization_id"))))


@dataclass(frozen=True)
class _Pending:
    organization_id: int
    row: dict[str, Any]


_wake: list[Callable[[int], None]] = []


def on_commit(wake: Callable[[int], None]) -> Callable[[], None]:
    """Call `wake(organization_id)` after each commit with events in this process; returns the undo."""
    _wake.append(wake)
    return lambda: _wake.remove(wake)


def emit(
    db: Session,
    organization_id: int,
    channel: str,
    name: str,
    *,
    also: str | None = None,
    subject: tuple[str, int] | None = None,
    account_id: int | None = None,
    **data: int | str | None,
) -> None:
    """Announce a change with the commit of `db`.

    `channel` groups what one screen shows (`feed`, `thread:12`, `topics`), `also` names a second screen;
    `subject` limits the event to those who may see that subject, `account_id` to one account, whatever it watches.
    `data` holds ids and states only.
    """
    pending: list[_Pending] | None = db.info.get("events")
    if pending is None:
        pending = db.info["events"] = []
        hooks(db).before.append(_number)
        hooks(db).after.append(lambda: _announce(db))
    subject_type, subject_id = subject or (None, None)
    pending.append(
        _Pending(
            organization_id,
            {
                "channel": channel,
                "also": also,
                "name": name,
                "account_id": account_id,
                "subject_type": subject_type,
                "subject_id": subject_id,
                "data": data,
                "at": clock.now(),
            },
        )
    )


def _number(db: Session) -> None:
    conn = db.connection()
    pending: list[_Pending] = db.info["events"]
    for organization_id in sorted({p.organization_id for p in pending}):
        rows = [p.row for p in pending if p.organization_id == organization_id]
        last = _TAKE.scalar(conn, of=organization_id, count=len(rows))
        first = last - len(rows) + 1
        _ADD.each(
            conn, [row | {"organization_id": organization_id, "seq": first + i} for i, row in enumerate(rows)]
        )
        if conn.dialect.name == "postgresql":
            _NOTIFY.tuples(conn, organization_id=str(organization_id))


def _announce(db: Session) -> None:
    for organization_id in {p.organization_id for p in db.info.pop("events", [])}:
        for wake in _wake:
            wake(organization_id)


_LAST = Prepared(select(_s.c.seq).where(_s.c.organization_id == bindparam("organization_id")))
_LAST_OF_CHANNEL = Prepared(
    select(_e.c.seq)
    .where(_e.c.organization_id == bindparam("organization_id"), _e.c.channel == bindparam("channel"))
    .order_by(_e.c.seq.desc())
    .limit(1)
)


def last_seq(conn: Connection, organization_id: int, channel: str | None = None) -> int:
    """The number of the newest event of an organization, or of one of its channels; 0 before the first."""
    if channel is None:
        return _LAST.scalar(conn, organization_id=organization_id) or 0
    return _LAST_OF_CHANNEL.scalar(conn, organization_id=organization_id, channel=channel) or 0


def _newest(conn: Connection, channels: Collection[tuple[int, str]]) -> dict[tuple[int, str], int]:
    return {key: last_seq(conn, *key) for key in channels}


async def newest(database: Database, organization_id: int, channel: str) -> int:
    """As `last_seq`, asked together with other requests."""
    return await database.look_up(_newest, (organization_id, channel)) or 0


_AFTER = Prepared(
    select(
        *(
            _e.c[name]
            for name in ("seq", "channel", "also", "name", "account_id", "subject_type", "subject_id", "data")
        )
    )
    .where(_e.c.organization_id == bindparam("organization_id"), _e.c.seq > bindparam("seq"))
    .order_by(_e.c.seq)
    .limit(bindparam("limit"))
)


def after(conn: Connection, organization_id: int, seq: int, limit: int = 200) -> list[dict[str, Any]]:
    """Up to `limit` events after number `seq`, oldest first, for every account: the reader's rights are not checked."""
    return _AFTER.rows(conn, organization_id=organization_id, seq=seq, limit=limit)


def last_seqs(conn: Connection, organization_ids: Collection[int]) -> dict[int, int]:
    """The number of the newest event of each of some organizations that has had one."""
    s = table(Stream)
    rows = conn.execute(select(s.c.organization_id, s.c.seq).where(s.c.organization_id.in_(organization_ids)))
    return {row.organization_id: row.seq for row in rows}


def forget_old(db: Session) -> int:
    """Drop some events older than `KEPT`, not the newest of each channel, for ETags; how many."""
    e = table(Event)
    newest = select(func.max(e.c.seq)).group_by(e.c.organization_id, e.c.channel)
    return delete_some(db.connection(), e, and_(e.c.at < clock.now() - KEPT, e.c.seq.not_in(newest)))
