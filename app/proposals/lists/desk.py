"""Who works on proposals at a desk: reviewers of the secretariat, and officers of the units that handle them."""

from collections.abc import Collection

from sqlalchemy import Connection, select, true

from app.auth import desks
from app.auth.actor import Actor
from app.auth.permissions import PROPOSAL_STAFF
from app.core.sql import table
from app.proposals.models import Proposal
from app.proposals.queries import handled, insider, visible_to

_p = table(Proposal)


def _works(conn: Connection, actor: Actor, ids: Collection[int]) -> set[int]:
    """Staff of any review or of the handling, but not on what they write or sign themselves."""
    if not actor.permissions & PROPOSAL_STAFF:
        return set()
    others = ~insider(actor) if desks.has_own(actor) else true()
    return set(conn.scalars(select(_p.c.id).where(_p.c.id.in_(ids), visible_to(actor), others)))


def _handles(conn: Connection, actor: Actor, ids: Collection[int]) -> set[int]:
    """Officers of a unit, on what is assigned to it."""
    own = (_p.c.organization_id == actor.organization_id) & _p.c.deleted_at.is_(None)
    return set(conn.scalars(select(_p.c.id).where(_p.c.id.in_(ids), own, handled(actor))))


desks.register("proposal", _works, _handles)
