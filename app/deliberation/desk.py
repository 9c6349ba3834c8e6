"""Who works on topics at a desk: staff who manage them; a committee's office on those of its committee."""

from collections.abc import Collection

from sqlalchemy import Connection, select, true

from app.auth import desks
from app.auth.actor import Actor
from app.auth.permissions import Permission
from app.core.sql import table
from app.deliberation.models import Topic
from app.deliberation.queries import visible_to
from app.people.offices.scope import own_committees

_t = table(Topic)


def _works(conn: Connection, actor: Actor, ids: Collection[int]) -> set[int]:
    if not actor.may(Permission.TOPIC_MANAGE):
        return set()
    limited = Permission.TOPIC_MANAGE in actor.limited
    hosted = _t.c.committee_id.in_(own_committees(actor)) if limited else true()
    return set(conn.scalars(select(_t.c.id).where(_t.c.id.in_(ids), visible_to(actor), hosted)))


desks.register("topic", _works)
