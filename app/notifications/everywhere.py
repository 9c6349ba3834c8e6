"""Whoever works in several organizations hears of all of them, whichever one is open."""

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, bindparam, select

from app.auth.actor import Actor, holders
from app.auth.models import AccountRole
from app.auth.queries import organizations_of
from app.core.hot.prepared import Prepared
from app.core.sql import table
from app.notifications.models import Notification
from app.people.models import Organization

_n, _r, _o = table(Notification), table(AccountRole), table(Organization)


def actors(conn: Connection, actor: Actor) -> dict[int, Actor]:
    """The actor in each organization where nothing is due before reading, by its id; the present one first."""
    found = {actor.organization_id: actor}
    for organization_id in sorted(organizations_of(conn, actor.account_id) - {actor.organization_id}):
        other = holders(conn, organization_id, [actor.account_id]).get(actor.account_id)
        if other is not None and other.due is None:
            found[organization_id] = other
    return found


def mine(who: Mapping[int, Actor]) -> ColumnElement[bool]:
    """The notifications of the actors of one account."""
    account_id = next(iter(who.values())).account_id
    return and_(_n.c.account_id == account_id, _n.c.organization_id.in_(who))


def names(conn: Connection, ids: Collection[int]) -> dict[int, str]:
    """What organizations are called, by id."""
    rows = conn.execute(select(_o.c.id, _o.c.name).where(_o.c.id.in_(ids))) if ids else ()
    return {row.id: row.name for row in rows}


_ELSEWHERE = Prepared(
    select(_r.c.organization_id, _r.c.account_id)
    .where(
        _r.c.account_id.in_(bindparam("account_ids", expanding=True)),
        _r.c.organization_id != bindparam("organization_id"),
    )
    .distinct()
)


def elsewhere(conn: Connection, organization_id: int, account_ids: Collection[int]) -> list[tuple[Any, ...]]:
    """In which other organizations some accounts may be looking at this moment: their ids with the account."""
    return _ELSEWHERE.tuples(conn, organization_id=organization_id, account_ids=list(account_ids))
