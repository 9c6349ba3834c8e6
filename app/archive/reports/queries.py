"""Reads of yearly duty reports, for their member and for staff who record."""

from typing import Any, NamedTuple

from sqlalchemy import Connection, select

from app.archive.models import DutyReport, DutyReportVersion
from app.archive.reports.rules import PASSAGES
from app.auth.actor import Actor
from app.auth.permissions import Permission
from app.casefiles import reads
from app.core import clock
from app.core.errors import NotFound
from app.core.paging import PageRows
from app.core.sql import table
from app.duty import queries as duty
from app.people.models import STANDING_POSTS, Organization, Seat
from app.people.queries import is_own_seat

_r, _v, _s, _o = table(DutyReport), table(DutyReportVersion), table(Seat), table(Organization)


class Author(NamedTuple):
    """Who reports: whether on the standing committee, whether it is the actor; and what the year is called."""

    standing: bool
    own: bool
    year_label: str


def require(conn: Connection, actor: Actor, seat_id: int, year: int) -> Author:
    """Whose report it is; `NotFound` when the actor may not see it, or the seat was not held in the year."""
    columns = (_s.c.post, _s.c.starts_on, _s.c.ends_on, _o.c.duty_years, _o.c.timezone)
    same = (_s.c.id == seat_id) & (_s.c.organization_id == actor.organization_id)
    seat = conn.execute(select(*columns).join(_o, _o.c.id == _s.c.organization_id).where(same)).one_or_none()
    if seat is None or not duty.sees_all(conn, actor, seat_id):
        raise NotFound
    last = min(seat.ends_on, clock.local_day(clock.now(), seat.timezone))
    held = [seat.duty_years.of(day) for day in (seat.starts_on, last)]
    if not held[0] <= year <= held[1]:
        raise NotFound("这一年度不在委员任期之内。", code="year_outside_seat")
    own = is_own_seat(conn, actor, seat_id)
    return Author(seat.post in STANDING_POSTS, own, seat.duty_years.label(year))


def read(conn: Connection, actor: Actor, seat_id: int, year: int) -> dict[str, Any]:
    """The report of a seat and a year; figures count what the archive of the year lists."""
    author = require(conn, actor, seat_id, year)
    saved = select(_r.c.version, _r.c.saved_at, _r.c.passages)
    row = conn.execute(saved.where(_r.c.seat_id == seat_id, _r.c.duty_year == year)).one_or_none()
    return {
        "seat_id": seat_id,
        "year": year,
        "label": author.year_label,
        "version": row.version if row else 0,
        "saved_at": row.saved_at if row else None,
        "passages": _passages(row.passages if row else {}) if author.standing else [],
        "figures": duty.counts(conn, actor, seat_id, duty.Selection(year=year)),
        "may_edit": author.standing and author.own and actor.may(Permission.DUTY_CLAIM),
    }


def _passages(words: dict[str, str]) -> list[dict[str, str]]:
    return [{"key": key, **part._asdict(), "text": words.get(key, "")} for key, part in PASSAGES.items()]


def page_of_versions(
    conn: Connection, actor: Actor, seat_id: int, year: int, cursor: str | None, limit: int
) -> PageRows:
    """The saved versions of the words, newest first."""
    require(conn, actor, seat_id, year)
    found = select(_v.c.version, _v.c.saved_at).where(_v.c.seat_id == seat_id, _v.c.duty_year == year)
    return reads.page_of_versions(conn, found, _v.c.version, cursor, limit)


def version(conn: Connection, actor: Actor, seat_id: int, year: int, number: int) -> dict[str, Any]:
    """The words of one version."""
    require(conn, actor, seat_id, year)
    same = (_v.c.seat_id == seat_id) & (_v.c.duty_year == year) & (_v.c.version == number)
    saved = reads.only(conn, select(_v.c.version, _v.c.saved_at, _v.c.passages).where(same))
    return saved | {"passages": _passages(saved["passages"])}
