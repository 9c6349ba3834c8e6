"""The adoption of findings by source, sector, unit or year; each figure has the list of exactly what it counts."""

from typing import Any
from urllib.parse import urlencode

from sqlalchemy import ColumnElement, Connection, func, select

from app.auth.actor import Actor
from app.core.sql import table
from app.findings.lifecycle import SOURCES, Fate, FindingState
from app.findings.models import Finding, FindingAuthor
from app.findings.queries import span, visible_to
from app.findings.schemas import FigureGroup
from app.people.duty_years import local_time
from app.people.models import Seat, Sector, Unit

_f, _w, _s, _x, _u = table(Finding), table(FindingAuthor), table(Seat), table(Sector), table(Unit)
_FATES = (Fate.ADOPTED, Fate.PARTLY, Fate.REFUSED)


def figures(conn: Connection, actor: Actor, by: FigureGroup, year: int | None) -> dict[str, Any]:
    """The adoption of what was released (in a duty year) and the actor may see, in the whole and by one division."""
    released = [visible_to(actor), _f.c.state == FindingState.RELEASED]
    if year is not None:
        released.append(_f.c.released_on.between(*span(conn, actor, year)))
    more = {} if year is None else {"year": year}
    (whole,) = conn.execute(select(*_counts()).where(*released)).mappings()
    groups = _by_year(conn, actor, released) if by == "year" else _grouped(conn, by, released)
    name = {"source": "source", "sector": "sector_id", "unit": "unit_id", "year": "year"}[by]
    return {
        "whole": _figure("whole", "合计", dict(whole), more),
        "groups": [_figure(str(key), label, counts, more | {name: key}) for key, label, counts in groups],
    }


def _counts() -> list[ColumnElement[int]]:
    # by id, for a suggestion of several members of a sector counts there once
    ids = func.count(_f.c.id.distinct())
    return [ids.label("released"), *(ids.filter(_f.c.fate == fate).label(fate.value) for fate in _FATES)]


def _grouped(
    conn: Connection, by: FigureGroup, released: list[ColumnElement[bool]]
) -> list[tuple[Any, str, dict[str, int]]]:
    if by == "source":
        rows = conn.execute(
            select(_f.c.source, *_counts()).where(*released).group_by(_f.c.source).order_by(_f.c.source)
        )
        return [(row.source, SOURCES[row.source].label, _counted(row)) for row in rows]
    group = _x if by == "sector" else _u
    joined = (
        _f.join(_u, _u.c.id == _f.c.unit_id)
        if by == "unit"
        else (
            _f.join(_w, _w.c.finding_id == _f.c.id)
            .join(_s, _s.c.id == _w.c.seat_id)
            .join(_x, _x.c.id == _s.c.sector_id)
        )
    )
    rows = conn.execute(
        select(group.c.id, group.c.name, *_counts())
        .select_from(joined)
        .where(*released)
        .group_by(group.c.id, group.c.name)
        .order_by(group.c.id)
    )
    return [(row.id, row.name, _counted(row)) for row in rows]


def _by_year(
    conn: Connection, actor: Actor, released: list[ColumnElement[bool]]
) -> list[tuple[int, str, dict[str, int]]]:
    """Days are added up by the duty year of each, which only the organization's own rules know."""
    years = local_time(conn, actor.organization_id).years
    sums: dict[int, dict[str, int]] = {}
    for row in conn.execute(select(_f.c.released_on, *_counts()).where(*released).group_by(_f.c.released_on)):
        of = sums.setdefault(years.of(row.released_on), {})
        for name, count in _counted(row).items():
            of[name] = of.get(name, 0) + count
    return [(year, years.label(year), sums[year]) for year in sorted(sums, reverse=True)]


def _counted(row: Any) -> dict[str, int]:
    return {name: getattr(row, name) for name in ("released", *_FATES)}


def _figure(key: str, label: str, counts: dict[str, int], filters: dict[str, Any]) -> dict[str, Any]:
    taken_up, released = counts["adopted"] + counts["partly"], counts["released"]
    query = urlencode({"state": FindingState.RELEASED.value} | filters)
    return {
        **counts,
        "key": key,
        "label": label,
        "rate": round(100 * taken_up / released, 1) if released else None,
        "path": f"/api/v1/findings?{query}",
    }
