"""Find members and handling units by name."""

from sqlalchemy import Connection, select

from app.auth.actor import Actor
from app.auth.permissions import Permission
from app.core.finding import MOST, Hit, contains_words
from app.core.language import names
from app.core.sql import table
from app.people.models import POST_LABELS, UNIT_LABELS, Person, Post, Seat, Sector, Unit

_s, _p, _x, _u = table(Seat), table(Person), table(Sector), table(Unit)
#: Seats that one person may have held, in all terms that are kept.
_SEATS = 5


def find_members(conn: Connection, actor: Actor, text: str) -> list[Hit]:
    """Persons by part of the name, each with the last seat; those who hold it today first."""
    if not actor.may(Permission.PEOPLE_READ):
        return []
    today = actor.today
    rows = conn.execute(
        select(_s.c.id, _s.c.person_id, _s.c.post, _s.c.ends_on, _p.c.name, _x.c.name.label("sector"))
        .join(_p, _p.c.id == _s.c.person_id)
        .join(_x, _x.c.id == _s.c.sector_id)
        .where(_s.c.organization_id == actor.organization_id, names.like(_p.c.name, text))
        .order_by((_s.c.ends_on < today), _s.c.starts_on.desc(), _s.c.id)
        .limit(MOST * _SEATS)
    )
    last = {row.person_id: row for row in reversed(rows.all())}
    return [
        Hit(
            "seat",
            "委员",
            row.name,
            f"{row.sector} · {POST_LABELS[Post(row.post)]}" + (" · 已离任" if row.ends_on < today else ""),
            f"/api/v1/seats/{row.id}",
        )
        for row in reversed(last.values())
    ][:MOST]


def find_units(conn: Connection, actor: Actor, text: str) -> list[Hit]:
    """Units by words of the name, with the path of their figures."""
    if not (actor.may(Permission.PROPOSAL_READ) and actor.may(Permission.STATISTICS_READ)):
        return []
    rows = conn.execute(
        select(_u.c.id, _u.c.name, _u.c.kind)
        .where(_u.c.organization_id == actor.organization_id, contains_words(_u.c.name, text))
        .order_by(_u.c.name)
        .limit(MOST)
    )
    return [
        Hit("unit", "承办单位", row.name, UNIT_LABELS[row.kind], f"/api/v1/statistics/units/{row.id}")
        for row in rows
    ]
