"""What a bulletin counts: records as they stood when it was made. Counts and lists are made of the same rows."""

from datetime import date
from itertools import product
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, Select, String, cast, func, literal, or_, select

from app.bulletins.models import BulletinCommittee, BulletinSeat, BulletinVoid
from app.bulletins.rules import ACTS, ANY, Dimension
from app.core.sql import AnyRow, table
from app.duty.models import DutyRecord

_d, _v = table(DutyRecord), table(BulletinVoid)
_s, _c = table(BulletinSeat), table(BulletinCommittee)


class Frozen(NamedTuple):
    """What names the records of a bulletin."""

    id: int
    organization_id: int
    duty_year: int
    last_record_id: int
    starts_on: date
    ends_on: date
    before_starts_on: date
    before_on: date


class Wanted(NamedTuple):
    """Which records: of a year (0: the bulletin's), of a kind or of any act, of a sector or committee, of one seat."""

    year: int
    kind: str | None = ANY
    dimension: Dimension | None = None
    name: str = ""
    seat_id: int | None = None


def in_year(of: Frozen | AnyRow, year: int) -> ColumnElement[bool]:
    """The records of one of a bulletin's two years, by the days that they had when it was made."""
    now = year == of.duty_year
    return _d.c.occurred_on.between(
        *((of.starts_on, of.ends_on) if now else (of.before_starts_on, of.before_on))
    )


def in_both_years(of: Frozen | AnyRow) -> ColumnElement[bool]:
    """The records of a bulletin's two years."""
    return or_(*(in_year(of, year) for year in (of.duty_year, of.duty_year - 1)))


def counted(of: Frozen) -> tuple[ColumnElement[bool], ...]:
    """The records that a bulletin counts, of both years."""
    void = select(_v.c.record_id).where(_v.c.bulletin_id == of.id, _v.c.record_id == _d.c.id)
    return (
        _d.c.organization_id == of.organization_id,
        _d.c.id <= of.last_record_id,
        in_both_years(of),
        ~void.exists(),
    )


def selected(of: Frozen, wanted: Wanted) -> list[ColumnElement[bool]]:
    """The records of a bulletin that a figure counts."""
    only = [*counted(of), in_year(of, wanted.year)]
    if wanted.kind == ANY:
        only.append(_d.c.kind.in_(ACTS))
    elif wanted.kind is not None:
        only.append(_d.c.kind == wanted.kind)
    if wanted.seat_id is not None:
        only.append(_d.c.seat_id == wanted.seat_id)
    if wanted.dimension is not None:
        only.append(_d.c.seat_id.in_(select(_s.c.seat_id).where(*sitting(of, wanted))))
    return only


def sitting(of: Frozen, wanted: Wanted) -> list[ColumnElement[bool]]:
    """The seats of a year, of a sector or committee if one is named."""
    only = [_s.c.bulletin_id == of.id, _s.c.duty_year == wanted.year]
    if wanted.seat_id is not None:
        only.append(_s.c.seat_id == wanted.seat_id)
    if wanted.dimension == "sector":
        only.append(_s.c.sector == wanted.name)
    elif wanted.dimension == "committee":
        members = select(_c.c.seat_id).where(_c.c.bulletin_id == of.id, _c.c.committee == wanted.name)
        only.append(_s.c.seat_id.in_(members))
    return only


#: One thing that records are about.
SUBJECT = _d.c.subject_type + ":" + cast(_d.c.subject_id, String)


def _cells(of: Frozen, year: int, dimension: str) -> Select[Any]:
    """One row for each group and kind of a year: how many records, subjects and seats, and the sum of quantities."""
    names = {"": literal(""), "sector": _s.c.sector, "committee": _c.c.committee}
    name = names[dimension].label("name")
    source = _d.join(
        _s,
        (_s.c.bulletin_id == of.id) & (_s.c.duty_year == year) & (_s.c.seat_id == _d.c.seat_id),
    )
    if dimension == "committee":
        source = source.join(_c, (_c.c.bulletin_id == of.id) & (_c.c.seat_id == _d.c.seat_id))
    return (
        select(
            literal(year).label("duty_year"),
            literal(dimension).label("dimension"),
            name,
            func.count().label("records"),
            func.count(SUBJECT.distinct()).label("subjects"),
            func.count(_d.c.seat_id.distinct()).label("members"),
            func.sum(_d.c.quantity).label("quantity"),
        )
        .select_from(source)
        .where(*counted(of), in_year(of, year))
        .group_by(name)
    )


def cells(conn: Connection, of: Frozen) -> list[dict[str, Any]]:
    """All counts of a bulletin, as rows of `BulletinCount`, by kind and for any act."""
    found = []
    for year, dimension in product((of.duty_year - 1, of.duty_year), ("", "sector", "committee")):
        grouped = _cells(of, year, dimension)
        by_kind = grouped.add_columns(_d.c.kind).group_by(_d.c.kind)
        of_any = grouped.add_columns(literal(ANY).label("kind")).where(_d.c.kind.in_(ACTS))
        for query in (by_kind, of_any):
            found += [{**row, "bulletin_id": of.id} for row in conn.execute(query).mappings()]
    return found
