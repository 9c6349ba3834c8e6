"""Reads of boards of points: places, sectors and committees that are ranked by themselves."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Literal

from sqlalchemy import ColumnElement, Connection, Select, Subquery, and_, func, literal, or_, select

from app.core.sql import table
from app.people.models import Committee, Person, Seat, SeatCommittee, Sector
from app.points.models import Score
from app.points.queries import LoadedRuleset, held

_k, _m, _s = table(Score), table(SeatCommittee), table(Seat)
NO_COMMITTEE = "未编入专委会"
_committee, _person, _sector = table(Committee), table(Person), table(Sector)


@dataclass(frozen=True)
class BoardQuery:
    """Which part of a board: seats of some posts, ranked together or `by` sector or committee, held on a day.

    A sector or committee that is named shows only its seats, ranked among themselves.
    """

    posts: Collection[str]
    by: Literal["sector", "committee"] | None = None
    sector_id: int | None = None
    committee_id: int | None = None
    held_on: date | None = None


def _on_board(of: LoadedRuleset, wanted: BoardQuery) -> ColumnElement[bool]:
    on = and_(_k.c.ruleset_id == of.id, held(of), _s.c.post.in_(wanted.posts))
    return on if wanted.held_on is None else and_(on, _s.c.ends_on >= wanted.held_on)


def _placed(of: LoadedRuleset, wanted: BoardQuery) -> Subquery:
    """The place of every seat of a board, once for each division that it stands in; ties share one (1, 1, 3)."""
    division = {"sector": _s.c.sector_id, "committee": func.coalesce(_m.c.committee_id, 0), None: literal(0)}[
        wanted.by
    ]
    joined = _k.join(_s, _s.c.id == _k.c.seat_id)
    if wanted.by == "committee":
        joined = joined.outerjoin(_m, _m.c.seat_id == _s.c.id)
    columns = (_k.c.seat_id, _k.c.points, _k.c.months, _k.c.minimums_met, _s.c.sector_id)
    place = func.rank().over(partition_by=division, order_by=_k.c.points.desc())
    size = func.count().over(partition_by=division)
    own = (place.label("own_place"), size.label("own_size"))
    found = select(*columns, division.label("division"), place.label("place"), size.label("size"), *own)
    return found.select_from(joined).where(_on_board(of, wanted)).subquery()


def ranked(of: LoadedRuleset, wanted: BoardQuery) -> Select[Any]:
    """A board: kept scores with rank, each seat once, in the division where it stands best if none is named.

    `rank` among `count` is what is shown, of a part by itself; the best `place` among its `size` decides on bands.
    """
    placed = _placed(of, wanted)
    rows = _best(placed) if wanted.by == "committee" else placed
    only: list[ColumnElement[bool]] = []
    if wanted.by == "committee":
        named = wanted.committee_id
        only.append(rows.c.nth == 1 if named is None else rows.c.division == named)
    elif wanted.committee_id is not None:
        only.append(rows.c.seat_id.in_(select(_m.c.seat_id).where(_m.c.committee_id == wanted.committee_id)))
    if wanted.sector_id is not None:
        only.append(rows.c.sector_id == wanted.sector_id)
    rank: ColumnElement[int] = rows.c.own_place
    count: ColumnElement[int] = rows.c.own_size
    if wanted.sector_id is not None or wanted.committee_id is not None:
        rank, count = func.rank().over(order_by=rows.c.points.desc()), func.count().over()
    names = ("seat_id", "points", "months", "minimums_met", "division", "place", "size")
    own = (rows.c[name] for name in names)
    return select(*own, rank.label("rank"), count.label("count")).where(*only)


def _best(placed: Subquery) -> Subquery:
    """The rows of a board on which a seat may stand several times, with its best place; the `nth` 1 is the best."""
    order = (placed.c.place, placed.c.size.desc(), placed.c.division)
    kept = [column for column in placed.c if column.name not in {"place", "size"}]
    found = {name: func.first_value(placed.c[name]) for name in ("place", "size")} | {
        "nth": func.row_number()
    }
    best = [of.over(partition_by=placed.c.seat_id, order_by=order).label(name) for name, of in found.items()]
    return select(*kept, *best).subquery()


def board_rows(
    conn: Connection,
    of: LoadedRuleset,
    wanted: BoardQuery,
    *,
    after: tuple[int, int] | None = None,
    limit: int | None = None,
    seat_id: int | None = None,
) -> list[dict[str, Any]]:
    """Rows of a board, best first, behind a rank and seat; or the one of a seat."""
    board = ranked(of, wanted).subquery()
    query = (
        select(board, _person.c.name, _sector.c.name.label("sector"), _s.c.post)
        .join(_s, _s.c.id == board.c.seat_id)
        .join(_person, _person.c.id == _s.c.person_id)
        .join(_sector, _sector.c.id == _s.c.sector_id)
        .order_by(board.c.rank, board.c.seat_id)
        .limit(limit)
    )
    if after is not None:
        rank, seat = after
        query = query.where(or_(board.c.rank > rank, and_(board.c.rank == rank, board.c.seat_id > seat)))
    if seat_id is not None:
        query = query.where(board.c.seat_id == seat_id)
    return [dict(row) for row in conn.execute(query).mappings()]


@dataclass(frozen=True)
class Division:
    """A sector or committee on a board that ranks each by itself: its seats and what they have on average."""

    id: int
    label: str
    count: int
    average: float


def divisions(conn: Connection, of: LoadedRuleset, wanted: BoardQuery) -> list[Division]:
    """The sectors or committees of a board, that of the highest average first; 0: seats of no committee."""
    placed = _placed(of, wanted)
    names = _sector if wanted.by == "sector" else _committee
    average = func.avg(placed.c.points)
    rows = conn.execute(
        select(placed.c.division, names.c.name, func.count(), average)
        .select_from(placed.outerjoin(names, names.c.id == placed.c.division))
        .group_by(placed.c.division, names.c.name)
        .order_by(average.desc(), placed.c.division)
    )
    return [Division(row[0], row[1] or NO_COMMITTEE, row[2], round(float(row[3])) / 100) for row in rows]


def divided(
    conn: Connection, of: LoadedRuleset, who: BoardQuery, seat_id: int | None
) -> tuple[BoardQuery, list[Division], Division | None]:
    """The sector or committee to show of a board that ranks each by itself: as asked, that of a seat, or the first."""
    if who.by is None:
        return who, [], None
    all_of_them = divisions(conn, of, who)
    asked = who.sector_id if who.by == "sector" else who.committee_id
    if asked is None:
        own = board_rows(conn, of, who, seat_id=seat_id) if seat_id else []
        asked = own[0]["division"] if own else next((one.id for one in all_of_them), None)
    shown = next((one for one in all_of_them if one.id == asked), None)
    if who.by == "sector":
        return replace(who, sector_id=asked), all_of_them, shown
    return replace(who, committee_id=asked), all_of_them, shown


def division_name(conn: Connection, by: Literal["sector", "committee"], division: int) -> str:
    """What a sector or committee is called; 0: no committee."""
    names = _sector if by == "sector" else _committee
    return conn.scalar(select(names.c.name).where(names.c.id == division)) or NO_COMMITTEE
