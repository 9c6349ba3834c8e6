"""The figures of deeds by campaign, body, sector, place or year; each has the list of exactly what it counts."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, Connection, func, literal, select

from app.auth.actor import Actor
from app.core.paging import PageRows
from app.core.sql import AnyRow, table
from app.deeds.queries import RECORDS, DeedFilter, amounts, which
from app.deeds.schemas import DeedGroup
from app.duty.measures.rules import MEASURES, Measure, value, written
from app.duty.models import DutyRecord
from app.people.bodies.queries import names_of
from app.people.duty_years import local_time
from app.people.models import Seat, Sector
from app.projects.models import Project

_d, _p, _s, _x = table(DutyRecord), table(Project), table(Seat), table(Sector)
#: By division: what one group is, and the filter of its list.
_GROUPS: dict[DeedGroup, tuple[ColumnElement[Any], str]] = {
    "campaign": (_p.c.campaign, "campaign"),
    "body": (_p.c.body_id, "body_id"),
    "sector": (_s.c.sector_id, "sector_id"),
    "place": (_p.c.place, "place"),
    "year": (_d.c.duty_year, "year"),
}


def figures(conn: Connection, actor: Actor, by: DeedGroup, wanted: DeedFilter) -> dict[str, Any]:
    """The figures of some deeds in the whole and by one division; what is in no group counts in the whole alone."""
    key, name = _GROUPS[by]
    same = which(actor, wanted)
    grouped = [*same, key.is_not(None), *([key != ""] if by == "place" else [])]
    counts = (
        func.count(_d.c.subject_id.distinct()).label("deeds"),
        func.count(_d.c.seat_id.distinct()).label("members"),
    )
    whole = conn.execute(select(*counts).select_from(RECORDS).where(*same)).one()
    of_groups = select(key.label("key"), *counts).select_from(RECORDS).where(*grouped).group_by(key)
    rows = conn.execute(of_groups.order_by(key)).all()
    measured = amounts(conn, grouped, key)
    labels = _labels(conn, actor, by, [row.key for row in rows])
    return {
        "whole": _figure(
            "whole", "合计", whole, amounts(conn, same, literal("whole")).get("whole", {}), wanted
        ),
        "groups": [
            _figure(
                str(row.key),
                labels.get(row.key, str(row.key)),
                row,
                measured.get(row.key, {}),
                wanted._replace(**{name: row.key}),
            )
            for row in rows
        ],
    }


def one_page_of_figures(conn: Connection, actor: Actor, by: DeedGroup, wanted: DeedFilter) -> PageRows:
    """The figures as rows of a sheet, the whole at its end; amounts in units."""
    found = figures(conn, actor, by, wanted)
    rows = [*found["groups"], found["whole"]]
    for row in rows:
        said = {one["measure"]: value(one["measure"], one["amount"]) for one in row["measures"]}
        row |= {str(measure): said.get(measure) for measure in MEASURES}
    return {"items": rows, "next": None}


def _labels(conn: Connection, actor: Actor, by: DeedGroup, keys: list[Any]) -> Mapping[Any, str]:
    if by == "body":
        return names_of(conn, keys)
    if by == "sector":
        named = conn.execute(select(_x.c.id, _x.c.name).where(_x.c.id.in_(keys)))
        return {row.id: row.name for row in named}
    if by == "year":
        years = local_time(conn, actor.organization_id).years
        return {year: years.label(year) for year in keys}
    return {}


def _figure(
    key: str, label: str, row: AnyRow, measured: Mapping[Measure, int], wanted: DeedFilter
) -> dict[str, Any]:
    return {
        "key": key,
        "label": label,
        "deeds": row.deeds,
        "deeds_path": wanted.path(),
        "members": row.members,
        "members_path": wanted.path("/members"),
        "measures": [
            {**written(measure, measured[measure]), "path": wanted.path(measure=measure.value)}
            for measure in MEASURES
            if measure in measured
        ],
    }
