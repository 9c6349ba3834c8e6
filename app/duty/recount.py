"""`lvyi recount`: proves every counter and cache against the rows it stands for, and repairs what may be repaired.

Each domain registers its checks beside its tables. A counter is a cache and can be set right; a difference
between content and ledger is only reported, because somebody must decide which of the two is wrong.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
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

from app.core import clock
from app.core.import_report import Progress
from app.core.live import Event, Stream
from app.core.sql import AnyRow, table
from app.duty.models import DutyRecord
from app.people.models import Organization


@dataclass(frozen=True)
class Difference:
    """One stored figure that is not what its rows say."""

    check: str
    id: str
    stored: Any
    counted: Any


@dataclass(frozen=True)
class Check:
    """`find` lists the differences; `repair` sets the stored figures right, where that is safe."""

    name: str
    find: Callable[[Connection], list[Difference]]
    repair: Callable[[Connection, list[Difference]], None] | None = None


_checks: list[Check] = []

_r = table(DutyRecord)
live_record = _r.c.voided_at.is_(None)


def register(check: Check) -> None:
    """Add a check to `lvyi recount`."""
    _checks.append(check)


def counter(name: str, of: Table, column: str, counts: Select[Any]) -> Check:
    """A check that `of.column` is what `counts` says, a SELECT of ids and figures; 0 for ids that it leaves out."""
    counted = counts.subquery()
    row_id, figure = counted.c
    due = func.coalesce(figure, 0)
    wrong = (
        select(of.c.id, of.c[column], due)
        .select_from(of.outerjoin(counted, row_id == of.c.id))
        .where(of.c[column] != due)
    )
    # by the difference: what others count meanwhile stays counted
    mend = update(of).where(of.c.id == bindparam("row")).values({column: of.c[column] + bindparam("missing")})

    def find(conn: Connection) -> list[Difference]:
        return [Difference(name, str(row[0]), row[1], row[2]) for row in conn.execute(wrong)]

    def repair(conn: Connection, differences: list[Difference]) -> None:
        conn.execute(mend, [{"row": int(d.id), "missing": d.counted - d.stored} for d in differences])

    return Check(name, find, repair)


def ledger(
    name: str,
    kind: str,
    subject: ColumnElement[Any],
    seat: ColumnElement[Any],
    done: ColumnElement[bool],
    quantity: ColumnElement[int] | None = None,
) -> Check:
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

    return Check(name, find)


def run(
    conn: Connection, *, repair: bool = False, progress: Progress = lambda _stage, _done, _total: None
) -> list[Difference]:
    """Every difference found, before the repair if one is asked for; `conn` must be in a transaction to repair."""
    found: list[Difference] = []
    for done, check in enumerate(_checks):
        progress("核对", done, len(_checks))
        differences = check.find(conn)
        found += differences
        if repair and differences and check.repair:
            check.repair(conn, differences)
    return found


def _days(conn: Connection) -> list[Difference]:
    """Local day and duty year of every record, against its moment and its organization's settings.

    All records of a day are right when its first and its last one are: later moments have later days.
    """
    o, found = table(Organization), list[Difference]()
    filed = (_r.c.organization_id, _r.c.occurred_on, _r.c.duty_year)
    ends = select(*filed, func.min(_r.c.occurred_at).label("first"), func.max(_r.c.occurred_at).label("last"))
    days = ends.group_by(*filed).subquery()
    places = select(days, o.c.timezone, o.c.duty_year_starts).join(o, o.c.id == days.c.organization_id)
    for day in conn.execute(places).all():
        stored = (day.occurred_on, day.duty_year)

        def due(at: datetime, place: AnyRow = day) -> tuple[date, int]:
            on = clock.local_day(at, place.timezone)
            return on, clock.duty_year(on, place.duty_year_starts)

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


register(Check("履职记录的日期", _days))
register(Check("事件序号", _numbers))
