"""Who works on claims and appeals at a desk: staff who record acts of duty."""

from collections.abc import Collection

from sqlalchemy import Connection, select, true

from app.archive.models import Claim
from app.archive.queries import visible_to
from app.auth import desks
from app.auth.actor import Actor
from app.auth.permissions import Permission
from app.core.sql import table

_c = table(Claim)


def _works(conn: Connection, actor: Actor, ids: Collection[int]) -> set[int]:
    """Staff who record, but not on claims of their own."""
    if not actor.may(Permission.DUTY_RECORD):
        return set()
    others = _c.c.account_id != actor.account_id if desks.has_own(actor) else true()
    return set(conn.scalars(select(_c.c.id).where(_c.c.id.in_(ids), visible_to(actor), others)))


desks.register("claim", _works)
