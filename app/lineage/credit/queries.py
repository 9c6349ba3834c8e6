"""Which credit seeds are due: one rule, by which the ledger is written and proved."""

from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import CTE, Connection, Select, and_, func, literal, select, union

from app.core.sql import table
from app.duty.models import DutyRecord
from app.duty.recount import live_record
from app.lineage.models import LineageLink
from app.lineage.nodes import LineageNode
from app.lineage.queries import GIVEN, given, upward
from app.lineage.rules import Thing
from app.notifications.kinds import NoticeKind
from app.notifications.models import Notification

_l, _d = table(LineageLink), table(DutyRecord)
TAKEN_UP, BORE_FRUIT = "seed.taken_up", "seed.bore_fruit"
#: The kind of the news that a text which came of a seed was handed in: no credit yet.
USED = NoticeKind.SEED_USED

#: A seed's credit: kind of record, type and id of the seed, its author's seat.
Credit = tuple[str, str, int, int]


def _came(*, around: bool) -> CTE:
    """Seeds with all that came of them in the hands of others; or only the thing at hand and what it came of.

    The first step must be somebody else's: who goes on from oneself is credited for the last own thing alone.
    """
    seed = LineageNode("seed", _l.c.from_type, _l.c.from_id)
    step = LineageNode("step", _l.c.to_type, _l.c.to_id)
    first = (
        select(
            _l.c.from_type,
            _l.c.from_id,
            seed.account_id.label("account_id"),
            seed.seat_id.label("seat_id"),
            _l.c.to_type,
            _l.c.to_id,
        )
        .select_from(step.to(seed.to(_l)))
        .where(seed.stands, seed.seat_id.is_not(None), seed.account_id != step.account_id)
    )
    if around:
        up = upward()
        first = first.where(
            select(up.c.id).where(up.c.type == _l.c.from_type, up.c.id == _l.c.from_id).exists()
        )
    came = first.cte("came", recursive=True)
    on, c = _l.alias("further"), came.c
    further = select(c.from_type, c.from_id, c.account_id, c.seat_id, on.c.to_type, on.c.to_id)
    return came.union(further.join(on, and_(on.c.from_type == c.to_type, on.c.from_id == c.to_id)))


@cache
def due(*, around: bool = False) -> Select[Any]:
    """Every credit that stands, as `Credit`; or only of the thing at hand and what it came of."""
    came = _came(around=around)
    end = LineageNode("end", came.c.to_type, came.c.to_id)
    others = select(came.c.from_type, came.c.from_id, came.c.seat_id).select_from(end.to(came))
    others = others.where(end.account_id != came.c.account_id)
    both = union(
        *(
            others.add_columns(literal(kind).label("kind")).where(reached)
            for kind, reached in ((TAKEN_UP, end.taken_up), (BORE_FRUIT, end.bore_fruit))
        )
    ).subquery()
    return select(both.c.kind, both.c.from_type, both.c.from_id, both.c.seat_id)


@cache
def held(*, around: bool = False) -> Select[Any]:
    """Every live credit of seeds in the ledger, as `Credit`; or only of the thing at hand and what it came of."""
    records = select(_d.c.kind, _d.c.subject_type, _d.c.subject_id, _d.c.seat_id).where(
        _d.c.kind.in_((TAKEN_UP, BORE_FRUIT)), live_record, _d.c.source == "platform"
    )
    if not around:
        return records
    up = upward()
    mine = (up.c.type == _d.c.subject_type) & (up.c.id == _d.c.subject_id)
    return records.join(up, mine).distinct()


def credits_of(conn: Connection, query: Select[Any], around: Thing | None = None) -> set[Credit]:
    """What `due` or `held` finds, around a thing if they were asked so."""
    rows = conn.execute(query, given(around) if around else {})
    return {(row[0], row[1], row[2], row[3]) for row in rows}


def seeds_of(conn: Connection, thing: Thing) -> list[tuple[Thing, int]]:
    """What others said of which a thing came, with their accounts; nothing of its author's own."""
    return [((row[0], row[1]), row[2]) for row in conn.execute(_seeds_of(), given(thing))]


@cache
def _seeds_of() -> Select[Any]:
    came = _came(around=True)
    end = LineageNode("end", came.c.to_type, came.c.to_id)
    return (
        select(came.c.from_type, came.c.from_id, came.c.account_id)
        .select_from(end.to(came))
        .where(came.c.to_type == GIVEN[0], came.c.to_id == GIVEN[1], end.account_id != came.c.account_id)
        .order_by(came.c.from_type, came.c.from_id)
    )


def told_of_use(conn: Connection, thing: Thing) -> list[Thing]:
    """The seeds of a thing whose authors were told of a use of them before."""
    return [(row[0], row[1]) for row in conn.execute(_told_of_use(), given(thing))]


@cache
def _told_of_use() -> Select[Any]:
    n, up = table(Notification), upward()
    same = (n.c.subject_type == up.c.type) & (n.c.subject_id == up.c.id) & (n.c.kind == USED)
    return select(up.c.type, up.c.id).where(select(n.c.id).where(same).exists())


def first_day(conn: Connection, seat_id: int, kind: str, seed: Thing) -> datetime | None:
    """When a credit was given first; None when it never was."""
    same = (
        _d.c.seat_id == seat_id,
        _d.c.kind == kind,
        _d.c.subject_type == seed[0],
        _d.c.subject_id == seed[1],
    )
    first: datetime | None = conn.scalar(select(func.min(_d.c.occurred_at)).where(*same))
    return first
