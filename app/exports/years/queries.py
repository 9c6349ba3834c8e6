"""Reads of a whole year: of a member for the duty report, of all for the bulletin."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, select

from app.archive.reports import queries
from app.auth.actor import Actor
from app.bulletins import queries as bulletins
from app.bulletins.lists import queries as list_queries
from app.bulletins.rules import DIMENSION_LABELS
from app.core import clock
from app.core.paging import PageRows
from app.core.sql import table
from app.duty import queries as duty
from app.exports.lists import tables
from app.exports.years.bulletin import YearOfAll
from app.people import queries as people
from app.people.models import Organization, Term

Row = Mapping[str, Any]

_o, _t = table(Organization), table(Term)


@dataclass(frozen=True)
class YearOfDuty:
    """A seat's year as its report says it; `passages` are headings with texts, `records` rows of `RecordOut`."""

    organization: str
    term: str
    year: int
    label: str
    seat: Row
    passages: Sequence[tuple[str, str]]
    records: Sequence[Row]
    today: date


def year_of_duty(conn: Connection, actor: Actor, seat_id: int, year: int) -> YearOfDuty:
    """All that the duty report of a seat and a year says; `NotFound` when the actor may not see it."""
    words = queries.read(conn, actor, seat_id, year)
    seat = people.seat(conn, actor, seat_id)
    names = select(_o.c.name, _t.c.name.label("term")).join(_t, _t.c.organization_id == _o.c.id)
    place = conn.execute(names.where(_t.c.id == seat["term_id"])).one()
    wanted = duty.Selection(year=year)

    def pages(conn: Connection, cursor: str | None) -> PageRows:
        return duty.page_of_records(conn, actor, seat_id, wanted, cursor, tables.AT_ONCE)

    return YearOfDuty(
        organization=place.name,
        term=place.term,
        year=year,
        label=words["label"],
        seat=seat,
        passages=[(part["heading"], part["text"]) for part in words["passages"]],
        records=list(tables.every(conn, pages)),
        today=clock.local_day(clock.now(), actor.zone),
    )


def year_of_all(conn: Connection, actor: Actor, bulletin_id: int) -> YearOfAll:
    """All that the bulletin of a year says; `NotFound` when the actor may not see it."""
    said = bulletins.detail(conn, actor, bulletin_id)

    def pages(conn: Connection, cursor: str | None) -> PageRows:
        return list_queries.page_of_unmet(conn, actor, bulletin_id, cursor, tables.AT_ONCE)

    return YearOfAll(
        bulletin=said,
        groups={by: bulletins.every_group(conn, actor, bulletin_id, by) for by in DIMENSION_LABELS},
        unmet=list(tables.every(conn, pages)) if said["unmet"] else None,
        day=clock.local_day(said["published_at"] or said["counted_at"] or clock.now(), actor.zone),
    )
