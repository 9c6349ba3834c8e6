"""`lvyi recount`: proves every counter and cache against the rows it stands for, and repairs what may be repaired.

Each domain registers its checks beside its tables. A counter is a cache and can be set right; a difference
between content and ledger is only reported, because somebody must decide which of the two is wrong.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    Table,
    and_,
    bindparam,
    func,
    literal,
    null,
    select,
    union_all,
    update,
)
from sqlmodel import Session

from app.core import clock
from app.core.db import Database
from app.core.excel.report import Progress
from app.core.jobs.short_transactions import parts, write
from app.core.live import Event, Stream
from app.core.sql import AnyRow, snapshot, table
from app.duty.models import DutyRecord
from app.people.models import Organization


@dataclass(frozen=True)
class Difference:
    """One stored figure that is not what its rows say."""

    check: str
    id: str
    stored: Any
    counted: Any


#: Must bear that others have changed what differs since it was found.
Repair = Callable[[Connection, Sequence[Difference]], None]


@dataclass(frozen=True)
class RecountCheck:
    """`find` lists the differences; `repair` sets the stored figures right, where that is safe."""

    name: str
    find: Callable[[Connection], list[Difference]]
    repair: Repair | None = None


def _silent(_stage: str, _done: int, _total: int) -> None:
    """No progress shown."""


_checks: list[RecountCheck] = []
#: Figures that one transaction sets right, and how often those are looked for again that others moved meanwhile.
CHUNK, _ROUNDS = 500, 3

_r = table(DutyRecord)
live_record = _r.c.voided_at.is_(None)


def register(check: RecountCheck) -> None:
    """Add a check to `lvyi recount`."""
    _checks.append(check)


def counter(name: str, of: Table, column: str, counts: Select[Any]) -> RecountCheck:
    """A check that `of.column` is what `counts` says, a SELECT of ids and figures; 0 for ids that it leaves out."""
    counted = counts.subquery()
    row_id, figure = counted.c
    due = func.coalesce(figure, 0)
    wrong = (
        select(of.c.id, of.c[column], due)
        .select_from(of.outerjoin(counted, row_id == of.c.id))
        .where(of.c[column] != due)
    )
    # where others have counted since, it is found again
    same = (of.c.id == bindparam("row")) & (of.c[column] == bindparam("stored"))
    mend = update(of).where(same).values({column: bindparam("counted")})

    def find(conn: Connection) -> list[Difference]:
        return [Difference(name, str(row[0]), row[1], row[2]) for row in conn.execute(wrong)]

    def repair(conn: Connection, differences: Sequence[Difference]) -> None:
        rows = [{"row": int(d.id), "stored": d.stored, "counted": d.counted} for d in differences]
        conn.execute(mend, rows)

    return RecountCheck(name, find, repair)


def ledger(
    name: str,
    kind: str,
    subject: ColumnElement[Any],
    seat: ColumnElement[Any],
    done: ColumnElement[bool],
    quantity: ColumnElement[int] | None = None,
) -> RecountCheck:
    """A check that live records of `kind` and the rows of its content where `done` holds are the same pairs.

    Their quantities are compared too where one is given. Records brought in by staff or by import stand for
    themselves and are left out.
    """
    counted, stored = (literal(1), literal(1)) if quantity is None else (quantity, _r.c.quantity)
    content = select(
        subject.label("subject"), seat.label("seat"), counted.label("counted"), null().label("stored")
    ).where(done)
    records = select(_r.c.subject_id, _r.c.seat_id, null(), stored).where(
        _r.c.kind == kind, live_record, _r.c.source == "platform"
    )
    both = union_all(content, records).subquery()
    pair, due, held = (both.c.subject, both.c.seat), func.max(both.c.counted), func.max(both.c.stored)
    unlike = (
        select(*pair, held.label("stored"), due.label("counted"))
        .group_by(*pair)
        .having(held.is_distinct_from(due))
    )

    def find(conn: Connection) -> list[Difference]:
        return [
            Difference(name, f"{kind} 主题 {row.subject} 席位 {row.seat}", row.stored or 0, row.counted or 0)
            for row in conn.execute(unlike)
        ]

    return RecountCheck(name, find)


def run(conn: Connection, progress: Progress = _silent) -> list[Difference]:
    """Every difference found; exact where `conn` sees one moment."""
    found: list[Difference] = []
    for done, check in enumerate(_checks):
        progress("核对", done, len(_checks))
        found += check.find(conn)
    return found


def repair(database: Database, progress: Progress = _silent) -> list[Difference]:
    """Every difference found, and the stored figures set right where that is safe, some in each transaction."""
    found: list[Difference] = []
    for done, check in enumerate(_checks):
        progress("核对", done, len(_checks))
        differences = _seen(database, check)
        found += differences
        for _ in range(_ROUNDS):
            if not (differences and check.repair):
                break
            for some in parts(differences, CHUNK):
                write(database, partial(_set_right, check.repair, some))
            differences = _seen(database, check)  # what others counted meanwhile was left alone
    return found


def _seen(database: Database, check: RecountCheck) -> list[Difference]:
    with database.read.connect() as conn, snapshot(conn):
        return check.find(conn)


def _set_right(repair: Repair, differences: Sequence[Difference], db: Session) -> None:
    repair(db.connection(), differences)


def _days(conn: Connection) -> list[Difference]:
    """Local day and duty year of every record, against its moment and its organization's settings.

    All records of a day are right when its first and its last one are: later moments have later days.
    """
    o, found = table(Organization), list[Difference]()
    filed = (_r.c.organization_id, _r.c.occurred_on, _r.c.duty_year)
    ends = select(*filed, func.min(_r.c.occurred_at).label("first"), func.max(_r.c.occurred_at).label("last"))
    days = ends.group_by(*filed).subquery()
    places = select(days, o.c.timezone, o.c.duty_years).join(o, o.c.id == days.c.organization_id)
    for day in conn.execute(places).all():
        stored = (day.occurred_on, day.duty_year)

        def due(at: datetime, place: AnyRow = day) -> tuple[date, int]:
            on = clock.local_day(at, place.timezone)
            return on, place.duty_years.of(on)

        if (due(day.first), due(day.last)) == (stored, stored):
            continue
        same = (c == value for c, value in zip(filed, (day.organization_id, *stored), strict=True))
        found += [
            Difference("履职记录的日期", str(row.id), stored, due(row.occurred_at))
            for row in conn.execute(select(_r.c.id, _r.c.occurred_at).where(*same))
            if due(row.occurred_at) != stored
        ]
    return found


def _numbers(conn: Connection) -> list[Difference]:
    """The event counter of each organization, against its newest event."""
    s, e = table(Stream), table(Event)
    newest = select(func.max(e.c.seq)).where(e.c.organization_id == s.c.organization_id).scalar_subquery()
    rows = conn.execute(
        select(s.c.organization_id, s.c.seq, newest).where(and_(newest.is_not(None), s.c.seq != newest))
    )
    return [Difference("事件序号", str(row[0]), row[1], row[2]) for row in rows]


register(RecountCheck("履职记录的日期", _days))
register(RecountCheck("事件序号", _numbers))
