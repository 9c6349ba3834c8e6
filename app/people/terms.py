"""Days of terms: between two terms the one that has ended is shown, so that nothing is empty."""

from collections.abc import Iterable
from datetime import date

from sqlalchemy import Connection, Select, select

from app.core import clock
from app.core.sql import table
from app.people.models import Organization, SeatEnd, Term

_t, _o = table(Term), table(Organization)


def shown_day(terms: Iterable[tuple[date, date]], today: date) -> date:
    """The day whose people are shown: today, or between terms the last day of the term that has ended."""
    ended = []
    for first, last in terms:
        if first <= today <= last:
            return today
        if last < today:
            ended.append(last)
    return max(ended, default=today)


def terms_in(organization_id: int, first: date, last: date) -> Select[int]:
    """The ids of the terms that run on one of these days."""
    return select(_t.c.id).where(
        _t.c.organization_id == organization_id, _t.c.starts_on <= last, _t.c.ends_on >= first
    )


def shown_day_of(conn: Connection, organization_id: int) -> date:
    """The day whose people an organization shows now."""
    rows = conn.execute(
        select(_o.c.timezone, _t.c.starts_on, _t.c.ends_on)
        .join(_t, _t.c.organization_id == _o.c.id, isouter=True)
        .where(_o.c.id == organization_id)
    ).all()
    today = clock.local_day(clock.now(), rows[0].timezone)
    return shown_day([(row.starts_on, row.ends_on) for row in rows if row.starts_on], today)


def end_of(recorded: str | None, ends_on: date, term_ends_on: date, today: date) -> str | None:
    """How a seat ended: as staff recorded it, else with its term when that is over; None while held or unknown."""
    if recorded or not ends_on == term_ends_on < today:
        return recorded
    return SeatEnd.TERM_OVER
