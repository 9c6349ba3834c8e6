"""Find proposals by the official number in the present window, or by words of the title."""

import re
from typing import Any

from sqlalchemy import Connection, Select, literal, select, union_all

from app.auth.actor import Actor
from app.auth.permissions import Permission
from app.core import clock
from app.core.finding import MOST, Hit, contains_words
from app.core.sql import alias, table
from app.proposals.lifecycle import LABELS
from app.proposals.models import Proposal, ProposalWindow
from app.proposals.queries import visible_to

_p, _w = table(Proposal), table(ProposalWindow)
_present = alias(_w, "present")
_NUMBER = re.compile(r"第?\s*([0-9]{1,6})\s*号?")


def find(conn: Connection, actor: Actor, text: str) -> list[Hit]:
    """The proposal of this number first, then the newest whose title has the words."""
    if not actor.may(Permission.PROPOSAL_READ):
        return []
    found: Any = _titled(actor, text)
    if number := _NUMBER.fullmatch(text):
        # apart, so that each reads one index: with OR all proposals of the organization would be read
        both = (_numbered(actor, int(number[1])).subquery(), found.subquery())
        found = union_all(*map(select, both))
    rows = sorted(conn.execute(found), key=lambda row: (row.place, -row.id))
    first: dict[int, Any] = {}
    for row in rows:
        first.setdefault(row.id, row)
    return [_hit(row) for row in list(first.values())[:MOST]]


def _rows(actor: Actor, place: int) -> Select[Any]:
    joined = _p.outerjoin(_w, _w.c.id == _p.c.window_id)
    columns = (_p.c.id, _p.c.title, _p.c.state, _p.c.number, _w.c.name, literal(place).label("place"))
    return select(*columns).select_from(joined).where(visible_to(actor))


def _titled(actor: Actor, text: str) -> Select[Any]:
    return _rows(actor, 1).where(contains_words(_p.c.title, text)).order_by(_p.c.id.desc()).limit(MOST)


def _numbered(actor: Actor, number: int) -> Select[Any]:
    """The one with an official number in the window that opened last."""
    present = (
        select(_present.c.id)
        .where(_present.c.organization_id == actor.organization_id, _present.c.opens_at <= clock.now())
        .order_by(_present.c.opens_at.desc(), _present.c.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    return _rows(actor, 0).where(_p.c.window_id == present, _p.c.number == number)


def _hit(row: Any) -> Hit:
    number = f"第 {row.number} 号" if row.number else ""
    said = " · ".join(part for part in (number, LABELS[row.state], row.name) if part)
    return Hit("proposal", "提案", row.title or "（未写案由）", said, f"/api/v1/proposals/{row.id}")
