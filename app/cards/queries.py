"""Reads that answer a request from the cache: whose card it is, and the card as it was kept."""

from collections.abc import Collection
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import Connection, bindparam, select

from app.cards.models import CardCache
from app.core.hot.prepared import Prepared
from app.core.sql import table
from app.people.duty_years import DutyYears
from app.people.models import Organization, Person, Seat, Sector, Term

_c, _o, _p, _s, _term, _x = (table(model) for model in (CardCache, Organization, Person, Seat, Term, Sector))


class CardOwner(NamedTuple):
    """A seat as the head of its card needs it, with the versions that its caches stand on."""

    seat_id: int
    organization_id: int
    name: str
    sector: str
    post: str
    organization: str
    zone: str
    years: DutyYears
    term: str
    term_first: date
    term_last: date
    first: date
    last: date
    figures_version: int
    account_id: int | None
    end_kind: str | None

    def has_left(self, today: date) -> bool:
        """Whether the seat has ended by a local day."""
        return today > self.last


_OWNERS = Prepared(
    select(
        _s.c.id,
        _s.c.organization_id,
        _p.c.name,
        _x.c.name.label("sector"),
        _s.c.post,
        _o.c.name.label("organization"),
        _o.c.timezone,
        _o.c.duty_years,
        _term.c.name.label("term"),
        _term.c.starts_on.label("term_first"),
        _term.c.ends_on.label("term_last"),
        _s.c.starts_on,
        _s.c.ends_on,
        _s.c.figures_version,
        _p.c.account_id,
        _s.c.end_kind,
    )
    .select_from(
        _s.join(_p, _p.c.id == _s.c.person_id)
        .join(_x, _x.c.id == _s.c.sector_id)
        .join(_o, _o.c.id == _s.c.organization_id)
        .join(_term, _term.c.id == _s.c.term_id)
    )
    .where(_s.c.id.in_(bindparam("seat_ids", expanding=True)))
)


def owners(conn: Connection, seat_ids: Collection[int]) -> dict[int, CardOwner]:
    """Whose cards those of some seats would be, by seat; seats that there are not are left out."""
    rows = map(CardOwner._make, _OWNERS.tuples(conn, seat_ids=list(seat_ids)))
    return {whose.seat_id: whose for whose in rows}


def owner(conn: Connection, seat_id: int) -> CardOwner | None:
    """Whose card it would be; None when there is no such seat."""
    return owners(conn, [seat_id]).get(seat_id)


class Kept(NamedTuple):
    """A card in the cache."""

    figures_version: int
    sections_version: int
    body: bytes
    computed_at: datetime


_KEPT = Prepared(
    select(_c.c.figures_version, _c.c.sections_version, _c.c.body, _c.c.computed_at).where(
        _c.c.seat_id == bindparam("seat_id"), _c.c.period == bindparam("period")
    )
)


def cached(conn: Connection, seat_id: int, period: str) -> Kept | None:
    """The cached card of a seat and period, of whatever version."""
    row = _KEPT.first(conn, seat_id=seat_id, period=period)
    return Kept._make(row) if row else None


def seat_ids(conn: Connection, organization_id: int) -> list[int]:
    """All seats of an organization, of every term."""
    return list(
        conn.scalars(select(_s.c.id).where(_s.c.organization_id == organization_id).order_by(_s.c.id))
    )
