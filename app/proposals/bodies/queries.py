"""The figures of bodies, counted from their proposals."""

from typing import Any

from sqlalchemy import Connection, func, select

from app.auth.actor import Actor
from app.core.sql import table
from app.people.bodies.models import Body
from app.people.queries import present_term
from app.proposals.lifecycle import ON_FILE, ProposalState
from app.proposals.models import Proposal

_p, _b = table(Proposal), table(Body)


def figures(conn: Connection, actor: Actor, term_id: int | None) -> list[dict[str, Any]]:
    """What each body of a term (the present one) has put forward, bodies without a proposal with zeros."""
    on_file = _p.c.state.in_(ON_FILE)
    counts = {
        "submitted": _p.c.submitted_at.is_not(None),
        "filed": on_file,
        "key": on_file & _p.c.is_key,
        "commended": on_file & _p.c.is_commended,
        "replied": on_file & _p.c.replied_at.is_not(None),
        "closed": _p.c.state == ProposalState.CLOSED,
    }
    own = (_p.c.body_id == _b.c.id) & _p.c.deleted_at.is_(None)
    rows = conn.execute(
        select(
            _b.c.id.label("body_id"),
            *(func.count(_p.c.id).filter(counted).label(name) for name, counted in counts.items()),
        )
        .select_from(_b.outerjoin(_p, own))
        .where(
            _b.c.organization_id == actor.organization_id,
            _b.c.term_id == (term_id or present_term(conn, actor.organization_id)),
        )
        .group_by(_b.c.id, _b.c.position)
        .order_by(_b.c.position, _b.c.id)
    )
    return [dict(row) for row in rows.mappings()]
