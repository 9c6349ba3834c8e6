"""Reads of persons who may be one."""

from collections import defaultdict
from itertools import combinations, islice
from typing import Any

from sqlalchemy import Connection, func, select

from app.auth.actor import Actor
from app.auth.phones import masked
from app.core.sql import table
from app.people.duplicates.rules import Known, why_one
from app.people.models import Person, Seat, Sector, Term

#: Pairs that are shown; whoever has dealt with these sees the next ones.
MOST = 200
#: Pairs of one name that are compared: their number grows by the square, and a workbook may repeat a name.
MOST_OF_A_NAME = 20_000

_p, _s, _t, _x = table(Person), table(Seat), table(Term), table(Sector)


def pairs(conn: Connection, actor: Actor) -> list[dict[str, Any]]:
    """Pairs of one name in the actor's organization that may be one person; same day of birth first."""
    here = _p.c.organization_id == actor.organization_id
    shared = select(_p.c.name).where(here).group_by(_p.c.name).having(func.count() > 1)
    people = conn.execute(select(_p).where(here, _p.c.name.in_(shared)).order_by(_p.c.name, _p.c.id)).all()
    seats = _seats(conn, [row.id for row in people])
    by_name: dict[str, list[Any]] = defaultdict(list)
    for row in people:
        by_name[row.name].append(row)
    pairs: list[dict[str, Any]] = []
    for alike in by_name.values():
        for a, b in islice(combinations(alike, 2), MOST_OF_A_NAME):
            first, second = _known(a, seats[a.id]), _known(b, seats[b.id])
            if reason := why_one(first, second):
                pairs.append(
                    {"reason": reason, "first": _ref(a, seats[a.id]), "second": _ref(b, seats[b.id])}
                )
    pairs.sort(key=lambda pair: pair["first"]["born_on"] is None or pair["second"]["born_on"] is None)
    return pairs[:MOST]


def _known(row: Any, seats: list[dict[str, Any]]) -> Known:
    return Known(row.born_on, row.phone, {seat["term_id"] for seat in seats})


def _seats(conn: Connection, person_ids: list[int]) -> dict[int, list[dict[str, Any]]]:
    rows = conn.execute(
        select(_s.c.person_id, _s.c.id, _s.c.term_id, _t.c.name.label("term"), _x.c.name.label("sector"))
        .join(_t, _t.c.id == _s.c.term_id)
        .join(_x, _x.c.id == _s.c.sector_id)
        .where(_s.c.person_id.in_(person_ids))
        .order_by(_t.c.ordinal, _s.c.id)
    )
    seats: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        seat = {"seat_id": row.id, "term": row.term, "sector": row.sector, "term_id": row.term_id}
        seats[row.person_id].append(seat)
    return seats


def _ref(row: Any, seats: list[dict[str, Any]]) -> dict[str, Any]:
    shown = [{key: seat[key] for key in ("seat_id", "term", "sector")} for seat in seats]
    return {
        "person_id": row.id,
        "name": row.name,
        "phone": masked(row.phone),
        "born_on": row.born_on,
        "gender": row.gender,
        "seats": shown,
    }
