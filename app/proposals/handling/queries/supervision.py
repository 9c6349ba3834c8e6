"""Reads of supervision: who may supervise, and which supervisors have left."""

from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, select

from app.auth.actor import Actor
from app.auth.models import Account
from app.auth.permissions import Role
from app.auth.queries import in_office
from app.core.sql import table
from app.proposals.lifecycle import ENDS, LABELS, ProposalState
from app.proposals.models import Proposal
from app.proposals.queries import visible_to

_p, _a = table(Proposal), table(Account)


def supervisor_left(actor: Actor) -> ColumnElement[bool]:
    """The supervisor of a proposal that goes on is no leader of its organization any more."""
    leads = in_office(_p.c.supervisor_id, _p.c.organization_id, Role.LEADER, actor.today)
    return _p.c.supervisor_id.is_not(None) & _p.c.state.not_in(ENDS) & ~leads


def supervisors(conn: Connection, actor: Actor, year: int) -> list[dict[str, Any]]:
    """The leaders of the actor's organization by name, each with what they look after in a year."""
    leads = in_office(_a.c.id, actor.organization_id, Role.LEADER, actor.today)
    leaders = conn.execute(select(_a.c.id, _a.c.name).where(leads).order_by(_a.c.name, _a.c.id)).all()
    of_year = _p.c.supervised_month.between(date(year, 1, 1), date(year, 12, 31))
    unplanned = _p.c.supervised_month.is_(None) & _p.c.state.not_in(ENDS)
    columns = (_p.c[name] for name in ("id", "number", "title", "state", "supervisor_id"))
    theirs: dict[int, list[dict[str, Any]]] = {leader.id: [] for leader in leaders}
    for row in conn.execute(
        select(*columns, _p.c.supervised_month.label("month"))
        .where(visible_to(actor), _p.c.supervisor_id.in_(theirs), of_year | unplanned)
        .order_by(_p.c.supervised_month, _p.c.id)
    ).mappings():
        theirs[row["supervisor_id"]].append(dict(row) | {"state_label": LABELS[ProposalState(row["state"])]})
    return [
        {"account_id": leader.id, "name": leader.name, "proposals": theirs[leader.id]} for leader in leaders
    ]
