"""Reads of what the form of a proposal names: units, activities, the plenary's days."""

from collections.abc import Collection
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Connection, String, column, select
from sqlalchemy import table as named

from app.auth import subjects
from app.auth.actor import Actor
from app.core import clock
from app.core.sql import Id, Utc, table
from app.people.models import Unit
from app.proposals.rules import Period

_u = table(Unit)
# The package `activities` stands beside this one: its table is named here, not imported.
_activity = named(
    "activity",
    column("organization_id", Id),
    column("kind", String),
    column("starts_at", Utc),
    column("ends_at", Utc),
    column("cancelled_at", Utc),
)


def units(conn: Connection, organization_id: int, ids: Collection[int]) -> list[dict[str, Any]]:
    """Handling units of an organization by id and name, in the order of `ids`."""
    if not ids:
        return []
    rows = conn.execute(
        select(_u.c.id, _u.c.name).where(_u.c.organization_id == organization_id, _u.c.id.in_(ids))
    )
    names = {row.id: row.name for row in rows}
    return [{"id": id, "name": names[id]} for id in ids if id in names]


def activities(conn: Connection, actor: Actor, ids: Collection[int]) -> list[dict[str, Any]]:
    """Those of some activities that the actor may see, with their titles."""
    titles = subjects.titles(
        conn, [("activity", id) for id in subjects.visible(conn, actor, "activity", ids)] if ids else []
    )
    return [{"id": id, "name": titles["activity", id]} for id in ids if ("activity", id) in titles]


def shown(conn: Connection, actor: Actor, form: dict[str, Any]) -> dict[str, Any]:
    """The units and activities that a form names, for its readers."""
    return {
        "suggested_units": units(conn, actor.organization_id, form.get("suggested_unit_ids", [])),
        "activities": activities(conn, actor, form.get("activity_ids", [])),
    }


def period_on(conn: Connection, organization_id: int, day: date, zone: str) -> Period:
    """Whether a local day lies within the days of a plenary session."""
    begins, ends = clock.day_starts(day, zone), clock.day_starts(day + timedelta(days=1), zone)
    plenary = select(_activity.c.kind).where(
        _activity.c.organization_id == organization_id,
        _activity.c.kind == "plenary",
        _activity.c.cancelled_at.is_(None),
        _activity.c.starts_at < ends,
        _activity.c.ends_at >= begins,
    )
    return "between" if conn.scalar(plenary.limit(1)) is None else "during"
