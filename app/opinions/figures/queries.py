"""Figures of opinion reports, counted from the ledger: one figure is one set of records, and opens exactly those."""

from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from urllib.parse import urlencode

from sqlalchemy import (
    ColumnElement,
    Connection,
    Integer,
    String,
    and_,
    case,
    cast,
    func,
    literal,
    null,
    select,
)

from app.auth import subjects
from app.auth.actor import Actor
from app.auth.permissions import Permission, Role
from app.core.paging import PageRows, before, decode_cursor, page
from app.core.sql import table
from app.duty.models import DutyRecord
from app.opinions.lifecycle import TIER_LABELS, Tier
from app.people.duty_years import local_time
from app.people.models import Person, Seat, Sector
from app.people.queries import author_columns, join_author

_d, _s, _x, _p = table(DutyRecord), table(Seat), table(Sector), table(Person)


class OpinionFigure(StrEnum):
    """What is counted."""

    SUBMITTED = "submitted"
    ISSUED = "issued"
    ADOPTED = "adopted"
    COMMENTED = "commented"


FIGURE_LABELS = {
    OpinionFigure.SUBMITTED: "报送",
    OpinionFigure.ISSUED: "签发",
    OpinionFigure.ADOPTED: "采用",
    OpinionFigure.COMMENTED: "批示",
}
_KINDS = {f"opinion.{figure}": figure for figure in OpinionFigure}
#: A report is handed in at no tier.
_tier = case((_d.c.kind != "opinion.submitted", _d.c.level), else_=null())


class By(StrEnum):
    """What each row of figures is about."""

    ALL = "all"
    AUTHOR = "author"
    SECTOR = "sector"
    YEAR = "year"


#: The filter that holds one row.
_ASKED_BY = {By.AUTHOR: "seat_id", By.SECTOR: "sector_id", By.YEAR: "year"}


@dataclass(frozen=True)
class CountedReport:
    """Which records are counted: of some figure, tier, duty year, seat, sector; all where nothing is said."""

    figure: OpinionFigure | None = None
    tier: Tier | None = None
    year: int | None = None
    seat_id: int | None = None
    sector_id: int | None = None


def _counted(actor: Actor, wanted: CountedReport) -> ColumnElement[bool]:
    """The live records that a selection counts; a member's are their own."""
    kinds = _KINDS if wanted.figure is None else (f"opinion.{wanted.figure}",)
    only = [
        _d.c.organization_id == actor.organization_id,
        _d.c.kind.in_(kinds),
        _d.c.voided_at.is_(None),
    ]
    for column, value in (
        (_tier, wanted.tier),
        (_d.c.duty_year, wanted.year),
        (_d.c.seat_id, wanted.seat_id),
        (_s.c.sector_id, wanted.sector_id),
    ):
        if value is not None:
            only.append(column == value)
    if not (actor.may(Permission.OPINION_EDIT) or Role.LEADER in actor.roles):
        only.append(_d.c.seat_id.in_(actor.seat_ids))
    return and_(*only)


def page_of_figures(
    conn: Connection, actor: Actor, by: By, wanted: CountedReport, cursor: str | None, limit: int
) -> PageRows:
    """Figures by author, sector or duty year, in the order of the roster or from the newest year; or all together."""
    key, label = _row_of(by)
    source, counted = join_author(_d, _d.c.seat_id), _counted(actor, wanted)
    keys = select(key.label("key"), label.label("label")).select_from(source).where(counted).distinct()
    descending = by is By.YEAR
    if cursor:
        (last,) = decode_cursor(cursor, int)
        keys = keys.where(key < last if descending else key > last)
    ordered = keys.order_by(key.desc() if descending else key).limit(limit + 1)
    rows = page([dict(row) for row in conn.execute(ordered).mappings()], limit, ["key"])
    figures = conn.execute(
        select(key.label("key"), _d.c.kind, _tier.label("tier"), func.count().label("count"))
        .select_from(source)
        .where(counted, key.in_([row["key"] for row in rows["items"]]))
        .group_by(key, _d.c.kind, _tier)
    ).all()
    years = local_time(conn, actor.organization_id).years if by is By.YEAR else None
    for row in rows["items"]:
        if years is not None:
            row["label"] = years.label(row["key"])
        row["figures"] = [
            _figure(f) | {"count": f.count, "path": _path(wanted, by, f)}
            for f in figures
            if f.key == row["key"]
        ]
        row["figures"].sort(key=lambda f: (list(OpinionFigure).index(f["figure"]), _rank(f["tier"])))
    return rows


def _path(wanted: CountedReport, by: By, row: Any) -> str:
    """Opens what one figure of a row counts."""
    asked = {name: value for name, value in asdict(wanted).items() if value is not None}
    asked |= {"figure": _KINDS[row.kind]} | ({"tier": row.tier} if row.tier else {})
    asked |= {} if by is By.ALL else {_ASKED_BY[by]: row.key}
    return f"/api/v1/opinions/statistics/records?{urlencode(asked)}"


def _rank(tier: str | None) -> int:
    return -1 if tier is None else list(Tier).index(Tier(tier))


def _row_of(by: By) -> tuple[ColumnElement[int], ColumnElement[str]]:
    """By what the figures of a row are put together, and what the row is called."""
    match by:
        case By.AUTHOR:
            return _d.c.seat_id, _p.c.name
        case By.SECTOR:
            return _s.c.sector_id, _x.c.name
        case By.YEAR:
            return _d.c.duty_year, cast(_d.c.duty_year, String)
        case By.ALL:
            return literal(0, Integer), literal("合计", String)


def _figure(row: Any) -> dict[str, Any]:
    figure = _KINDS[row.kind]
    return {
        "figure": figure,
        "figure_label": FIGURE_LABELS[figure],
        "tier": row.tier,
        "tier_label": TIER_LABELS.get(row.tier),
    }


def page_of_counted(
    conn: Connection, actor: Actor, wanted: CountedReport, cursor: str | None, limit: int
) -> PageRows:
    """What a figure counts, newest first; title and path of the reports that the actor may see."""
    name, _, _, sector = author_columns()
    found = (
        select(
            _d.c.id,
            _d.c.kind,
            _tier.label("tier"),
            _d.c.occurred_on.label("on"),
            _d.c.occurred_at,
            _d.c.seat_id,
            name,
            sector,
            _d.c.subject_type,
            _d.c.subject_id,
        )
        .select_from(join_author(_d, _d.c.seat_id))
        .where(_counted(actor, wanted))
    )
    if cursor:
        found = found.where(before([_d.c.occurred_at, _d.c.id], decode_cursor(cursor, datetime, int)))
    ordered = conn.execute(found.order_by(_d.c.occurred_at.desc(), _d.c.id.desc()).limit(limit + 1)).all()
    columns = ("id", "on", "occurred_at", "seat_id", "author_name", "author_sector")
    rows = page(
        [
            {name: getattr(row, name) for name in columns}
            | _figure(row)
            | {"subject": (row.subject_type, row.subject_id)}
            for row in ordered
        ],
        limit,
        ["occurred_at", "id"],
    )
    links = subjects.links(conn, actor, {row["subject"] for row in rows["items"]})
    for row in rows["items"]:
        link = links.get(row.pop("subject"))
        row |= {"path": link and link.path, "title": link.title if link else "内容未向您开放"}
        del row["occurred_at"]
    return rows
