"""What a bulletin counts: records as they stood when it was made. Counts and lists are made of the same rows."""

from datetime import date
from itertools import product
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Connection,
    Join,
    Label,
    Select,
    String,
    Table,
    cast,
    func,
    literal,
    or_,
    select,
)

from app.bulletins.models import BulletinBody, BulletinCommittee, BulletinSeat, BulletinVoid
from app.bulletins.rules import ACTS, ANY, Dimension
from app.core.sql import AnyRow, table
from app.duty.measures import ledger
from app.duty.measures.rules import Measure
from app.duty.models import DutyMeasure, DutyRecord

_d, _m, _v = table(DutyRecord), table(DutyMeasure), table(BulletinVoid)
_s, _c, _b = table(BulletinSeat), table(BulletinCommittee), table(BulletinBody)


class FrozenBulletin(NamedTuple):
    """What names the records of a bulletin."""

    id: int
    organization_id: int
    duty_year: int
    last_record_id: int
    starts_on: date
    ends_on: date
    before_starts_on: date
    before_on: date


class RecordSelection(NamedTuple):
    """Which records: of a year (0: the bulletin's), a kind or any act, a group, one seat, a measure."""

    year: int
    kind: str | None = ANY
    dimension: Dimension | None = None
    name: str = ""
    seat_id: int | None = None
    measure: Measure | None = None


def in_year(of: FrozenBulletin | AnyRow, year: int) -> ColumnElement[bool]:
    """The records of one of a bulletin's two years, by the days that they had when it was made."""
    now = year == of.duty_year
    return _d.c.occurred_on.between(
        *((of.starts_on, of.ends_on) if now else (of.before_starts_on, of.before_on))
    )


def in_both_years(of: FrozenBulletin | AnyRow) -> ColumnElement[bool]:
    """The records of a bulletin's two years."""
    return or_(*(in_year(of, year) for year in (of.duty_year, of.duty_year - 1)))


def counted(of: FrozenBulletin) -> tuple[ColumnElement[bool], ...]:
    """The records that a bulletin counts, of both years."""
    void = select(_v.c.record_id).where(_v.c.bulletin_id == of.id, _v.c.record_id == _d.c.id)
    return (
        _d.c.organization_id == of.organization_id,
        _d.c.id <= of.last_record_id,
        in_both_years(of),
        ~void.exists(),
    )


def selected(of: FrozenBulletin, wanted: RecordSelection) -> list[ColumnElement[bool]]:
    """The records of a bulletin that a figure counts."""
    only = [*counted(of), in_year(of, wanted.year)]
    if wanted.kind == ANY:
        only.append(_d.c.kind.in_(ACTS))
    elif wanted.kind is not None:
        only.append(_d.c.kind == wanted.kind)
    if wanted.seat_id is not None:
        only.append(_d.c.seat_id == wanted.seat_id)
    if wanted.measure is not None:
        only.append(ledger.having(wanted.measure))
    if wanted.dimension is not None:
        only.append(_d.c.seat_id.in_(select(_s.c.seat_id).where(*sitting(of, wanted))))
    return only


def sitting(of: FrozenBulletin, wanted: RecordSelection) -> list[ColumnElement[bool]]:
    """The seats of a year, of a sector, committee or body if one is named."""
    only = [_s.c.bulletin_id == of.id, _s.c.duty_year == wanted.year]
    if wanted.seat_id is not None:
        only.append(_s.c.seat_id == wanted.seat_id)
    if wanted.dimension == "sector":
        only.append(_s.c.sector == wanted.name)
    elif wanted.dimension == "committee":
        members = select(_c.c.seat_id).where(_c.c.bulletin_id == of.id, _c.c.committee == wanted.name)
        only.append(_s.c.seat_id.in_(members))
    elif wanted.dimension == "body":
        named = (_b.c.bulletin_id == of.id) & (_b.c.duty_year == wanted.year) & (_b.c.body == wanted.name)
        only.append(_s.c.seat_id.in_(select(_b.c.seat_id).where(named)))
    return only


def in_body(seats: Table) -> ColumnElement[bool]:
    """Joins seats of bulletins with the bodies to which they belonged in the same year."""
    same = (_b.c.bulletin_id == seats.c.bulletin_id) & (_b.c.duty_year == seats.c.duty_year)
    return same & (_b.c.seat_id == seats.c.seat_id)


#: One thing that records are about.
SUBJECT = _d.c.subject_type + ":" + cast(_d.c.subject_id, String)


def _groups(of: FrozenBulletin, year: int, dimension: str) -> tuple[Label[Any], Join]:
    """The name of each group of a dimension, and the records with the seats of a year that it comes from."""
    names = {"": literal(""), "sector": _s.c.sector, "committee": _c.c.committee, "body": _b.c.body}
    source = _d.join(
        _s,
        (_s.c.bulletin_id == of.id) & (_s.c.duty_year == year) & (_s.c.seat_id == _d.c.seat_id),
    )
    if dimension == "committee":
        source = source.join(_c, (_c.c.bulletin_id == of.id) & (_c.c.seat_id == _d.c.seat_id))
    elif dimension == "body":
        source = source.join(_b, in_body(_s))
    return names[dimension].label("name"), source


def _cells(of: FrozenBulletin, year: int, dimension: str) -> Select[Any]:
    """One row for each group and kind of a year: how many records, subjects and seats, and the sum of quantities."""
    name, source = _groups(of, year, dimension)
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


def _amounts(
    conn: Connection, of: FrozenBulletin, year: int, dimension: str
) -> dict[tuple[str, str], dict[str, int]]:
    """The amounts of each group and kind of a year, added up by measure."""
    names, source = _groups(of, year, dimension)
    rows = conn.execute(
        select(names, _d.c.kind, _m.c.measure, func.sum(_m.c.amount).label("amount"))
        .select_from(source.join(_m, _m.c.record_id == _d.c.id))
        .where(*counted(of), in_year(of, year))
        .group_by(names, _d.c.kind, _m.c.measure)
    )
    found: dict[tuple[str, str], dict[str, int]] = {}
    for row in rows:
        found.setdefault((row.name, row.kind), {})[row.measure] = int(row.amount)
    return found


def cells(conn: Connection, of: FrozenBulletin) -> list[dict[str, Any]]:
    """All counts of a bulletin, as rows of `BulletinCount`, by kind and for any act."""
    found = []
    for year, dimension in product((of.duty_year - 1, of.duty_year), ("", "sector", "committee", "body")):
        grouped = _cells(of, year, dimension)
        by_kind = grouped.add_columns(_d.c.kind).group_by(_d.c.kind)
        amounts = _amounts(conn, of, year, dimension)
        of_any = grouped.add_columns(literal(ANY).label("kind")).where(_d.c.kind.in_(ACTS))
        for query in (by_kind, of_any):
            found += [
                {**row, "bulletin_id": of.id, "measures": amounts.get((row["name"], row["kind"]))}
                for row in conn.execute(query).mappings()
            ]
    return found
