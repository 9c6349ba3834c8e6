"""Coverage (全覆盖走访): how many contacts were visited in a duty year; each figure has the list of what it counts."""

from typing import Any
from urllib.parse import urlencode

from sqlalchemy import ColumnElement, Connection, FromClause, case, func, select

from app.auth.actor import Actor
from app.contacts.models import Contact
from app.contacts.queries import ContactFilter, narrowed, visited_between
from app.contacts.schemas import CoverageGroup
from app.core.paging import PageRows
from app.core.sql import table
from app.people.duty_years import local_time
from app.people.models import Committee, Person, Seat, SeatCommittee, Sector

_c, _s, _p, _x = table(Contact), table(Seat), table(Person), table(Sector)
_k, _m = table(Committee), table(SeatCommittee)
_held = _c.join(_s, _s.c.id == _c.c.seat_id)
#: By division: where its groups stand, the id and name of one, and the filter of the list.
_GROUPS: dict[CoverageGroup, tuple[FromClause, ColumnElement[int], ColumnElement[str], str]] = {
    "member": (_held.join(_p, _p.c.id == _s.c.person_id), _s.c.id, _p.c.name, "seat_id"),
    "sector": (_held.join(_x, _x.c.id == _s.c.sector_id), _x.c.id, _x.c.name, "sector_id"),
    "committee": (
        _held.join(_m, _m.c.seat_id == _s.c.id).join(_k, _k.c.id == _m.c.committee_id),
        _k.c.id,
        _k.c.name,
        "committee_id",
    ),
}


def coverage(conn: Connection, actor: Actor, by: CoverageGroup, year: int | None) -> dict[str, Any]:
    """The coverage of what the actor may see in a duty year, in the whole and by one division."""
    of = local_time(conn, actor.organization_id)
    year = of.this_year() if year is None else year
    span = of.years.days(year)
    seen = narrowed(actor, ContactFilter(), span)
    counts = [
        func.count().label("contacts"),
        func.coalesce(func.sum(case((visited_between(*span), 1), else_=0)), 0).label("visited"),
    ]
    whole = conn.execute(select(*counts).select_from(_held).where(*seen)).one()
    source, key, label, name = _GROUPS[by]
    rows = conn.execute(
        select(key.label("key"), label.label("label"), *counts)
        .select_from(source)
        .where(*seen)
        .group_by(key, label)
        .order_by(key)
    )
    return {
        "year": year,
        "year_label": of.years.label(year),
        "whole": _figure("whole", "合计", whole, {"year": year}),
        "groups": [_figure(str(row.key), row.label, row, {"year": year, name: row.key}) for row in rows],
    }


def one_page_of_coverage(conn: Connection, actor: Actor, by: CoverageGroup, year: int | None) -> PageRows:
    """The coverage as rows of a sheet, the whole at its end."""
    found = coverage(conn, actor, by, year)
    return {"items": [*found["groups"], found["whole"]], "next": None}


def _figure(key: str, label: str, row: Any, filters: dict[str, int]) -> dict[str, Any]:
    contacts, visited = row.contacts, int(row.visited)

    def path(**more: str) -> str:
        return f"/api/v1/contacts?{urlencode(filters | more)}"

    return {
        "key": key,
        "label": label,
        "contacts": contacts,
        "visited": visited,
        "unvisited": contacts - visited,
        "rate": round(100 * visited / contacts, 1) if contacts else None,
        "path": path(),
        "visited_path": path(visited="true"),
        "unvisited_path": path(visited="false"),
    }
