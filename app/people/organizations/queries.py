"""Reads of the tree of organizations."""

from typing import Any

from sqlalchemy import Connection, select

from app.auth.actor import Actor
from app.core import clock
from app.core.errors import NotFound
from app.core.sql import table
from app.people.models import LEVEL_LABELS, Organization

_o = table(Organization)


def organizations(conn: Connection, actor: Actor) -> list[dict[str, Any]]:
    """The actor's organization with all above it and all below it, top first."""
    above = select(_o.c.id, _o.c.parent_id).where(_o.c.id == actor.organization_id).cte(recursive=True)
    above = above.union(select(_o.c.id, _o.c.parent_id).where(_o.c.id == above.c.parent_id))
    shown = {*conn.scalars(select(above.c.id)), *below(conn, actor.organization_id)}
    columns = (_o.c.id, _o.c.parent_id, _o.c.name, _o.c.level, _o.c.timezone, _o.c.duty_years)
    rows = conn.execute(select(*columns).where(_o.c.id.in_(shown)).order_by(_o.c.id)).all()
    nodes = [_node(row, own=row.id == actor.organization_id) for row in rows]
    tops = [node for node in nodes if node["parent_id"] not in shown]
    return [found for top in tops for found in _downward(top, nodes)]


def _node(row: Any, *, own: bool) -> dict[str, Any]:
    names = ("id", "parent_id", "name", "level")
    node = {name: getattr(row, name) for name in names}
    node |= {"level_label": LEVEL_LABELS[row.level], "own": own, "timezone": None, "duty_year_starts": None}
    if own:
        year = row.duty_years.of(clock.local_day(clock.now(), row.timezone))
        node |= {"timezone": row.timezone, "duty_year_starts": row.duty_years.starts(year)}
    return node


def _downward(node: dict[str, Any], nodes: list[dict[str, Any]]) -> list[dict[str, Any]]:
    children = [n for n in nodes if n["parent_id"] == node["id"]]
    return [node] + [found for child in children for found in _downward(child, nodes)]


def below(conn: Connection, organization_id: int) -> set[int]:
    """The ids of all organizations below one, at any depth."""
    found = select(_o.c.id).where(_o.c.parent_id == organization_id).cte(recursive=True)
    found = found.union(select(_o.c.id).where(_o.c.parent_id == found.c.id))
    return set(conn.scalars(select(found.c.id)))


def stands_above_all(conn: Connection, organization_id: int) -> bool:
    """Whether all others of this server stand below an organization: what is the server's own is looked after by it."""
    tops = conn.scalars(select(_o.c.id).where(_o.c.parent_id.is_(None)).limit(2)).all()
    return list(tops) == [organization_id]


def require_below(conn: Connection, actor: Actor, organization_id: int) -> None:
    """`NotFound` unless an organization stands below the actor's."""
    if organization_id not in below(conn, actor.organization_id):
        raise NotFound("没有这个下级政协组织。", code="no_organization")


def one(conn: Connection, actor: Actor, organization_id: int) -> dict[str, Any]:
    """A node that the actor sees."""
    return next(node for node in organizations(conn, actor) if node["id"] == organization_id)
