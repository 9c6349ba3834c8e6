"""Reads of saved views: one's own, and those of one's offices."""

from typing import Any

from sqlalchemy import Connection, Select, select

from app.auth.actor import Actor
from app.auth.models import Account, AccountRole
from app.auth.permissions import Role
from app.core.errors import NotFound
from app.core.sql import table
from app.people.models_offices import Office
from app.saved_views.models import SavedView
from app.saved_views.rules import may_change

_v, _r, _o, _a = table(SavedView), table(AccountRole), table(Office), table(Account)
_OUT = ("id", "desk", "name", "query", "columns", "office_id", "position")


def own_offices(actor: Actor) -> Select[int]:
    """Ids of the offices in which the actor works today."""
    return (
        select(_r.c.office_id)
        .join(_o, _o.c.id == _r.c.office_id)
        .where(
            _r.c.account_id == actor.account_id,
            _r.c.organization_id == actor.organization_id,
            _r.c.role == Role.SECRETARIAT,
            _r.c.ends_on.is_(None) | (_r.c.ends_on >= actor.today),
            _o.c.closed_at.is_(None),
        )
    )


def offices_of(conn: Connection, actor: Actor) -> frozenset[int]:
    """As `own_offices`; nothing is asked for who is no staff."""
    return frozenset(conn.scalars(own_offices(actor))) if Role.SECRETARIAT in actor.roles else frozenset()


def views(conn: Connection, actor: Actor, desk: str | None) -> list[dict[str, Any]]:
    """What the actor has, of one desk or all."""
    return _out(conn, actor, _v.c.desk == desk if desk else None)


def one(conn: Connection, actor: Actor, view_id: int) -> dict[str, Any]:
    """One view that the actor has; `NotFound` for any other."""
    views = _out(conn, actor, _v.c.id == view_id)
    if not views:
        raise NotFound
    return views[0]


def _out(conn: Connection, actor: Actor, condition: Any) -> list[dict[str, Any]]:
    offices = offices_of(conn, actor)
    own = (_v.c.account_id == actor.account_id) & _v.c.office_id.is_(None)
    query = (
        select(
            *(_v.c[name] for name in _OUT),
            _v.c.account_id,
            _a.c.name.label("made_by"),
            _o.c.name.label("office"),
        )
        .join(_a, _a.c.id == _v.c.account_id)
        .outerjoin(_o, _o.c.id == _v.c.office_id)
        .where(_v.c.organization_id == actor.organization_id, own | _v.c.office_id.in_(offices))
        .order_by(_v.c.desk, _v.c.position, _v.c.id)
    )
    if condition is not None:
        query = query.where(condition)
    items = []
    for row in conn.execute(query):
        maker, shared = row.account_id == actor.account_id, row.office_id is not None
        changes = may_change(maker=maker, office_id=row.office_id, offices=offices)
        verbs = {"edit": changes, "delete": changes, "unshare": changes and maker and shared}
        items.append(
            {name: getattr(row, name) for name in _OUT}
            | {
                "shared": shared,
                "office": row.office,
                "made_by": row.made_by,
                "mine": maker,
                "may": [verb for verb, allowed in verbs.items() if allowed],
            }
        )
    return items
