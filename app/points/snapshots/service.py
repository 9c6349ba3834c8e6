"""Snapshots: each board as it stood when its month had ended, never changed; corrections since stand beside it.

The worker takes them once a month has ended in the organization's zone. A row keeps its place and its figure; where
the ledger of that time was corrected since, the figure as it would be now stands beside it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Literal

from pydantic_core import from_json, to_json
from sqlalchemy import Connection, Engine, func, or_, select

from app.core import clock
from app.core.db import Database
from app.core.errors import NotFound
from app.core.paging import PageRows, before, decode_cursor, encode_cursor, page
from app.core.sql import insert_new, table
from app.duty.models import DutyRecord
from app.heat import formula, queries
from app.heat.boards import Boards
from app.heat.formula import BoardKind, HeatCalendar, Span
from app.people.duty_years import local_time
from app.people.models import STANDING_POSTS, Organization, Post
from app.people.queries import named
from app.points import queries as point_queries
from app.points import scores
from app.points.models import BoardSnapshot
from app.points.queries import LoadedRuleset

Figure = Literal["heat", "points"]
FIGURE_LABELS: dict[Figure, str] = {"heat": "热力榜", "points": "积分榜"}
_HEAT_BOARDS = {
    "all": ("全部", {Post.MEMBER.value}),
    "standing": ("常委", {post.value for post in STANDING_POSTS}),
}
_OLDER = f"本榜按当时的第{{}}版热力公式计算，名次不再变动；现行公式是第{formula.VERSION}版。"
_n, _d, _o = table(BoardSnapshot), table(DutyRecord), table(Organization)


def take(database: Database) -> int:
    """Take what is missing of the month that has ended last, in every organization; how many were taken."""
    with database.read.connect() as conn:
        found = list(conn.scalars(select(_o.c.id).order_by(_o.c.id)))
    return sum(_take(database, organization_id) for organization_id in found)


def _take(database: Database, organization_id: int) -> int:
    taken = 0
    with database.read.connect() as conn:
        calendar = queries.calendar(conn, organization_id)
        span = _month_of(
            calendar, clock.local_day(clock.now(), calendar.zone).replace(day=1) - timedelta(days=1)
        )
        mine = (_n.c.organization_id == organization_id) & (_n.c.month == _name(span))
        there = set(conn.scalars(select(_n.c.board).where(mine)))
    for figure in FIGURE_LABELS:
        if figure in there:
            continue
        with database.read.connect() as conn:
            of = _rules(conn, organization_id, span)
            if figure == "points" and of is None:
                continue
            rows = (
                _points(conn, of, span)
                if figure == "points" and of
                else _heat(conn, organization_id, calendar, span)
            )
            row = {
                "organization_id": organization_id,
                "board": figure,
                "month": _name(span),
                "ruleset_id": of.id if of and figure == "points" else None,
                "formula": formula.VERSION if figure == "heat" else None,
                "rows": b"\n".join(to_json(row) for row in rows),
                "taken_at": clock.now(),
            }
        with database.transaction() as db:
            taken += insert_new(db.connection(), _n, row, ["organization_id", "board", "month"])
    return taken


def _month_of(calendar: HeatCalendar, day: date) -> Span:
    found = formula.span(calendar, "month", day)
    assert found is not None  # noqa: S101 - every day has a month
    return found


def _name(span: Span) -> str:
    return f"{span.first:%Y-%m}"


def _rules(conn: Connection, organization_id: int, span: Span) -> LoadedRuleset | None:
    year = local_time(conn, organization_id).years.of(span.last)
    return point_queries.in_force(conn, organization_id, year)


def _heat(conn: Connection, organization_id: int, calendar: HeatCalendar, span: Span) -> Iterator[list[Any]]:
    """Rows `[seat id, name, sector, post, heat]`, hottest first."""
    for seat_id, name, _, sector, post, _, warmth, *_ in queries.board_rows(
        conn, organization_id, calendar, span
    ):
        yield [seat_id, name, sector, post, warmth]


def _points(conn: Connection, of: LoadedRuleset, span: Span) -> list[list[Any]]:
    """Rows `[seat id, name, sector, post, hundredths]` of seats held in the month, best first."""
    seats = point_queries.names(conn, of, span.first, span.last)
    found = []
    seat_ids = sorted(seats)
    for start in range(0, len(seat_ids), scores.CHUNK):
        for seat, score in scores.scored(conn, of, seat_ids[start : start + scores.CHUNK], span.last):
            found.append([seat.seat_id, *seats[seat.seat_id], score.points])
    return sorted(found, key=lambda row: (-row[-1], row[0]))


def page_of_snapshots(conn: Connection, organization_id: int, cursor: str | None, limit: int) -> PageRows:
    """The snapshots of an organization, newest first."""
    found = select(_n.c.board.label("figure"), _n.c.month, _n.c.taken_at).where(
        _n.c.organization_id == organization_id
    )
    if cursor:
        found = found.where(before([_n.c.month, _n.c.board], decode_cursor(cursor, str, str)))
    found = found.order_by(_n.c.month.desc(), _n.c.board.desc()).limit(limit + 1)
    rows = [{**row, "figure_label": FIGURE_LABELS[row["figure"]]} for row in conn.execute(found).mappings()]
    return page(rows, limit, ["month", "figure"])


@dataclass(frozen=True)
class SnapshotQuery:
    """One board of a snapshot."""

    organization_id: int
    figure: Figure
    month: str
    board: str | None


def snapshot(
    reads: Engine, boards: Boards, wanted: SnapshotQuery, cursor: str | None, limit: int
) -> dict[str, Any]:
    """A page of a board as it stood, each row with what it would be now where that differs."""
    with reads.connect() as conn:
        mine = [_n.c[name] == getattr(wanted, name) for name in ("organization_id", "month")]
        kept = conn.execute(select(_n).where(*mine, _n.c.board == wanted.figure)).first()
    if kept is None:
        raise NotFound
    span = _month_of(boards.calendar(wanted.organization_id), date.fromisoformat(f"{wanted.month}-01"))
    # between two connections: boards take their own, and who holds one must not wait for another
    is_older = wanted.figure == "heat" and kept.formula != formula.VERSION
    heat_now = _heat_now(boards, wanted, span) if wanted.figure == "heat" and not is_older else {}
    with reads.connect() as conn:
        of = point_queries.ruleset(conn, wanted.organization_id, kept.ruleset_id) if kept.ruleset_id else None
        choices = {one.id: (one.label, set(one.posts)) for one in of.rules.boards} if of else _HEAT_BOARDS
        board = wanted.board or next(iter(choices))
        if board not in choices:
            raise NotFound
        label, posts = choices[board]
        rows = [
            row for line in bytes(kept.rows).split(b"\n") if line and (row := from_json(line))[3] in posts
        ]
        ranks = formula.ranks(row[-1] for row in rows)
        start = decode_cursor(cursor, int)[0] if cursor else 0
        shown = list(zip(ranks, rows, strict=True))[max(start, 0) :][:limit]
        seat_ids = [row[0] for _, row in shown]
        now = _points_now(conn, of, span, seat_ids) if of else heat_now
        if is_older:  # by another formula: there is nothing to compare with
            now = {row[0]: row[-1] for _, row in shown}
        since = _corrections(conn, seat_ids, (of.first if of else span.first, span.last), kept.taken_at)
    more = start + limit < len(rows)
    return {
        "figure": wanted.figure,
        "figure_label": FIGURE_LABELS[wanted.figure],
        "month": wanted.month,
        "board": board,
        "board_label": label,
        "boards": [{"id": code, "label": name} for code, (name, _) in choices.items()],
        "taken_at": kept.taken_at,
        "formula": kept.formula,
        "note": _OLDER.format(kept.formula) if is_older else None,
        "count": len(rows),
        "items": [
            _row(rank, row, now.get(row[0], 0), since.get(row[0]), 100 if of else 1) for rank, row in shown
        ],
        "next": encode_cursor(start + limit) if more else None,
    }


def _points_now(conn: Connection, of: LoadedRuleset, span: Span, seat_ids: list[int]) -> dict[int, float]:
    return {seat.seat_id: score.points for seat, score in scores.scored(conn, of, seat_ids, span.last)}


def _heat_now(boards: Boards, wanted: SnapshotQuery, span: Span) -> dict[int, float]:
    found: dict[int, float] = {}
    # both: who has another post since stands on the other one now
    kinds: tuple[BoardKind, ...] = ("all", "standing")
    for kind in kinds:
        _, ranked = boards.present(wanted.organization_id, "month", span.last, kind, None)
        found |= {seat_id: from_json(ranked.rows[place])[6] for seat_id, place in ranked.places.items()}
    return found


def _corrections(
    conn: Connection, seat_ids: list[int], days: tuple[date, date], taken_at: Any
) -> dict[int, tuple[int, int]]:
    """How many records of that time were added, and how many voided, since the snapshot, by seat."""
    added = func.sum((_d.c.recorded_at > taken_at).cast(_d.c.quantity.type))
    voided = func.sum((func.coalesce(_d.c.voided_at, taken_at) > taken_at).cast(_d.c.quantity.type))
    rows = conn.execute(
        select(_d.c.seat_id, added, voided)
        .where(
            _d.c.seat_id.in_(seat_ids),
            _d.c.occurred_on.between(*days),
            or_(_d.c.recorded_at > taken_at, _d.c.voided_at > taken_at),
        )
        .group_by(_d.c.seat_id)
    )
    return {row[0]: (row[1], row[2]) for row in rows}


def _row(rank: int, row: list[Any], now: float, since: tuple[int, int] | None, whole: int) -> dict[str, Any]:
    seat_id, name, sector, post, then = row
    correction = None
    if now != then:
        added, voided = since or (0, 0)
        said = [f"补记{added}条"] * bool(added) + [f"作废{voided}条"] * bool(voided)
        correction = f"快照之后{'、'.join(said) or '有更正'}，现为{now / whole:g}"
    seat = named(seat_id, name, sector, post)
    return {"rank": rank, "seat": seat, "value": then / whole, "now": now / whole, "correction": correction}
