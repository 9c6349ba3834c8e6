"""Who works on opinion reports and leads at a desk: editors."""

from collections.abc import Collection

from sqlalchemy import Connection, select, true

from app.auth import desks
from app.auth.actor import Actor
from app.auth.permissions import Permission
from app.core.sql import table
from app.opinions import queries
from app.opinions.leads import queries as lead_queries
from app.opinions.models import Lead, OpinionReport

_r, _l = table(OpinionReport), table(Lead)


def _works_on_reports(conn: Connection, actor: Actor, ids: Collection[int]) -> set[int]:
    """Editors, but not on reports of their own seat."""
    if not actor.may(Permission.OPINION_EDIT):
        return set()
    others = _r.c.seat_id.is_(None) | _r.c.seat_id.not_in(actor.seat_ids)
    found = select(_r.c.id).where(_r.c.id.in_(ids), queries.visible_to(actor))
    return set(conn.scalars(found.where(others if desks.has_own(actor) else true())))


def _works_on_leads(conn: Connection, actor: Actor, ids: Collection[int]) -> set[int]:
    """Editors, but not on leads that they handed in themselves."""
    if not actor.may(Permission.OPINION_EDIT):
        return set()
    others = _l.c.account_id.is_(None) | (_l.c.account_id != actor.account_id)
    found = select(_l.c.id).where(_l.c.id.in_(ids), lead_queries.visible_to(actor))
    return set(conn.scalars(found.where(others if desks.has_own(actor) else true())))


desks.register("opinion_report", _works_on_reports)
desks.register("lead", _works_on_leads)
