"""Targets of venues, and how many reach theirs in a duty year; each figure has the list of exactly what it counts."""

from typing import Any
from urllib.parse import urlencode

from sqlalchemy import Connection, case, delete, func, insert, select
from sqlmodel import Session

from app.audit.service import log as audit
from app.auth.actor import Actor
from app.consultations.venues.models import Venue, VenueTarget
from app.consultations.venues.queries import held, in_year, target, visible_to, year_of
from app.consultations.venues.rules import LEVEL_LABELS
from app.consultations.venues.schemas import TargetsIn, VenueFigures
from app.core.paging import PageRows
from app.core.sql import advisory_lock, table

_v, _t = table(Venue), table(VenueTarget)


def figures(conn: Connection, actor: Actor, year: int | None) -> dict[str, Any]:
    """Of each level: its venues in a duty year, its target, and how many reached it."""
    of = year_of(conn, actor, year)
    each = select(_v.c.level, held(of).label("held"), target(of).label("target"))
    met = each.where(visible_to(actor), in_year(of)).subquery()
    counts = conn.execute(
        select(
            met.c.level,
            func.count().label("venues"),
            func.sum(case((met.c.held >= met.c.target, 1), else_=0)).label("reached"),
            func.sum(case((met.c.held < met.c.target, 1), else_=0)).label("behind"),
        ).group_by(met.c.level)
    )
    counted = {row["level"]: row for row in counts.mappings()}
    set_for = select(_t.c.level, _t.c.number).where(
        _t.c.organization_id == actor.organization_id, _t.c.year == of.number
    )
    targets = {row.level: row.number for row in conn.execute(set_for)}

    def figure(key: str, label: str, filters: dict[str, Any]) -> dict[str, Any]:
        rows = [counted[level] for level in counted if key in {level, "whole"}]

        def path(**more: str) -> str:
            return f"/api/v1/venues?{urlencode(filters | {'year': of.number} | more)}"

        return {
            "key": key,
            "label": label,
            "target": targets.get(key),
            **{name: sum(int(row[name]) for row in rows) for name in ("venues", "reached", "behind")},
            "path": path(),
            "reached_path": path(reached="true"),
            "behind_path": path(reached="false"),
        }

    return {
        "year": of.number,
        "year_label": of.label,
        "levels": [figure(level, label, {"level": level}) for level, label in LEVEL_LABELS.items()],
        "whole": figure("whole", "合计", {}),
    }


def one_page_of_figures(conn: Connection, actor: Actor, year: int | None) -> PageRows:
    """The figures as rows of a sheet, the whole at its end."""
    found = figures(conn, actor, year)
    return {"items": [*found["levels"], found["whole"]], "next": None}


def set_targets(db: Session, actor: Actor, year: int, new: TargetsIn) -> VenueFigures:
    """Replace the targets of a duty year; a level that is left out has none."""
    conn, of = db.connection(), actor.organization_id
    advisory_lock(conn, f"venue targets {of}")
    conn.execute(delete(_t).where(_t.c.organization_id == of, _t.c.year == year))
    rows = [
        {"organization_id": of, "year": year, "level": level, "number": number}
        for level, number in new.targets.items()
    ]
    if rows:
        conn.execute(insert(_t), rows)
    audit(db, actor, "venue.targets_set", year=year)
    return VenueFigures.model_validate(figures(conn, actor, year))
