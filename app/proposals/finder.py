"""Find proposals by the official number in the present window, or by words of the title."""

import re

from sqlalchemy import Connection, case, or_, select

from app.auth.actor import Actor
from app.auth.permissions import Permission
from app.core import clock
from app.core.finding import MOST, Hit, contains_words
from app.core.sql import table
from app.proposals.lifecycle import LABELS
from app.proposals.models import Proposal, ProposalWindow
from app.proposals.queries import visible_to

_p, _w = table(Proposal), table(ProposalWindow)
_NUMBER = re.compile(r"第?\s*([0-9]{1,6})\s*号?")


def find(conn: Connection, actor: Actor, text: str) -> list[Hit]:
    """The proposal of this number first, then the newest whose title has the words."""
    if not actor.may(Permission.PROPOSAL_READ):
        return []
    matches, first = contains_words(_p.c.title, text), []
    if number := _NUMBER.fullmatch(text):
        present = (
            select(_w.c.id)
            .where(_w.c.organization_id == actor.organization_id, _w.c.opens_at <= clock.now())
            .order_by(_w.c.opens_at.desc(), _w.c.id.desc())
            .limit(1)
            .scalar_subquery()
        )
        numbered = (_p.c.number == int(number[1])) & (_p.c.window_id == present)
        matches, first = or_(numbered, matches), [case((numbered, 0), else_=1)]
    rows = conn.execute(
        select(_p.c.id, _p.c.title, _p.c.state, _p.c.number, _w.c.name)
        .outerjoin(_w, _w.c.id == _p.c.window_id)
        .where(visible_to(actor), matches)
        .order_by(*first, _p.c.id.desc())
        .limit(MOST)
    )
    return [
        Hit(
            "proposal",
            "提案",
            row.title or "（未写案由）",
            " · ".join(
                part
                for part in (f"第 {row.number} 号" if row.number else "", LABELS[row.state], row.name or "")
                if part
            ),
            f"/api/v1/proposals/{row.id}",
        )
        for row in rows
    ]
