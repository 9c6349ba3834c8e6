"""Who works on activities at a desk: staff who manage them; a committee's office on those of its committee."""

from collections.abc import Collection

from sqlalchemy import Connection, select, true

from app.activities.models import Activity
from app.activities.queries import visible_to
from app.auth import desks
from app.auth.actor import Actor
from app.auth.permissions import Permission
from app.core.sql import table
from app.people.offices.scope import own_committees

_a = table(Activity)


def _works(conn: Connection, actor: Actor, ids: Collection[int]) -> set[int]:
    if not actor.may(Permission.ACTIVITY_MANAGE):
        return set()
    limited = Permission.ACTIVITY_MANAGE in actor.limited
    hosted = _a.c.committee_id.in_(own_committees(actor)) if limited else true()
    return set(conn.scalars(select(_a.c.id).where(_a.c.id.in_(ids), visible_to(actor), hosted)))


desks.register("activity", _works)
