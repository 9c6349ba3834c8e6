"""Who belongs to which body, on a local day."""

from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Subquery, or_, select, union

from app.core.sql import table
from app.people.bodies.models import Body, BodyMember
from app.people.models import Seat, SeatCommittee

_b, _m, _s, _c = table(Body), table(BodyMember), table(Seat), table(SeatCommittee)


def listed_on(day: date) -> ColumnElement[bool]:
    """Whether a row of `body_member` is in force on a local day."""
    return (_m.c.starts_on <= day) & or_(_m.c.ends_on.is_(None), _m.c.ends_on >= day)


def memberships(day: date, bodies: Any) -> Subquery:
    """Rows of `body_id` and `seat_id` of some bodies (ids): who is listed, or sits in the sector or committee."""
    return union(
        select(_m.c.body_id, _m.c.seat_id).where(_m.c.body_id.in_(bodies), listed_on(day)),
        select(_b.c.id, _s.c.id).join(_s, _s.c.sector_id == _b.c.sector_id).where(_b.c.id.in_(bodies)),
        select(_b.c.id, _c.c.seat_id)
        .join(_c, _c.c.committee_id == _b.c.committee_id)
        .where(_b.c.id.in_(bodies)),
    ).subquery("memberships")
