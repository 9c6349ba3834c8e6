"""Reads of the members of bodies."""

from datetime import date
from typing import Any

from sqlalchemy import Connection, and_, case, func, literal, select

from app.auth.actor import Actor
from app.core.sql import alias, table
from app.people.bodies.memberships import listed_on, memberships
from app.people.bodies.models import Body, BodyMember, BodySpokesperson
from app.people.models import Seat
from app.people.queries import author_columns, join_author

_b, _m, _k, _s = table(Body), table(BodyMember), table(BodySpokesperson), table(Seat)
_later = alias(_m, "later")


def _person() -> list[Any]:
    name, _, post_label, sector = author_columns("")
    return [name.label("name"), post_label.label("post_label"), sector.label("sector")]


def members(conn: Connection, actor: Actor, body_id: int, day: date) -> list[dict[str, Any]]:
    """Who belongs to a body on a local day and holds a seat then: its head, its spokespersons, the rest."""
    of = memberships(day, [body_id])
    speaks = select(_k.c.seat_id).where(_k.c.body_id == body_id)
    rank = case((_b.c.head_seat_id == of.c.seat_id, 0), (of.c.seat_id.in_(speaks), 1), else_=2)
    stay = and_(_m.c.body_id == body_id, _m.c.seat_id == of.c.seat_id, listed_on(day))
    source = join_author(of.join(_b, _b.c.id == of.c.body_id).outerjoin(_m, stay), of.c.seat_id)
    rows = conn.execute(
        select(
            of.c.seat_id,
            *_person(),
            case((rank == 0, "负责人"), (rank == 1, "代表"), else_="成员").label("role_label"),
            literal(True).label("present"),
            _m.c.starts_on,
            _m.c.ends_on,
        )
        .select_from(source)
        .where(_b.c.organization_id == actor.organization_id)
        .where(_s.c.starts_on <= day, _s.c.ends_on >= day)
        .order_by(rank, of.c.seat_id)
    )
    return [dict(row) for row in rows.mappings()]


def others(conn: Connection, body_id: int, present: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Who is listed in a body and is none of those present: the last stay of each, the latest first."""
    same = and_(_later.c.body_id == _m.c.body_id, _later.c.seat_id == _m.c.seat_id)
    last = select(func.max(_later.c.starts_on)).where(same).scalar_subquery()
    rows = conn.execute(
        select(_m.c.seat_id, *_person(), _m.c.starts_on, _m.c.ends_on)
        .select_from(join_author(_m, _m.c.seat_id))
        .where(_m.c.body_id == body_id, _m.c.seat_id.not_in([one["seat_id"] for one in present]))
        .where(_m.c.starts_on == last)
        .order_by(_m.c.starts_on.desc(), _m.c.seat_id)
    )
    return [{**row, "role_label": "成员", "present": False} for row in rows.mappings()]
