"""The honest demo city by both formulas, and what cheats gain in it: the table of docs/heat.md."""

import calendar
import shutil
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import NamedTuple

import pytest
from sqlalchemy import select

from app.core import clock
from app.core.db import Database
from app.core.sql import table
from app.demo.fill import fill
from app.feed.models import Update
from app.heat import formula, queries
from app.people.models import Seat
from app.threads.models import Reply, Support, Thread
from tests.factories.demo import NOW
from tests.heat.cheats import CHEATS, LIMITS, Stage, honest_post
from tests.heat.city_of_acts import Did, heat_of
from tests.heat.first_formula import first_heat

ZONE = "Asia/Shanghai"
#: The month in which they cheat, and the places from which they begin.
MONTH, PLACES = "2026-10", (9, 30, 100)
HONEST = "不作弊：一条动态，一位委员回应"


class Tried(NamedTuple):
    """Ranks before and after by the first formula and by this one, and what was gained by this one."""

    first: tuple[int, int]
    now: tuple[int, int]
    steps: int
    points: int


class HonestCity:
    """The demo city as rows of acts."""

    def __init__(self, database: Database) -> None:
        self.database = database
        r, t, u, v = table(Reply), table(Thread), table(Update), table(Support)
        with database.read.connect() as conn:
            self.calendar = queries.calendar(conn, 1)
            self.seats = list(conn.scalars(select(table(Seat).c.id)))
            replies = conn.execute(
                select(r, t.c.subject_type, t.c.id.label("topic")).join(t, t.c.id == r.c.thread_id)
            ).all()
            updates = conn.execute(select(u)).all()
            supports = conn.execute(select(v)).all()
        self.texts = [row.body for row in updates]
        did = []
        for n, row in enumerate(replies, start=1):
            if row.seat_id:
                what = "opinion" if row.subject_type == "topic" and row.parent_id is None else "reply"
                flaw = formula.flaw(row.substance)
                did.append(self._did(what, row.created_at, row.seat_id, row.to_seat_id, row.topic, flaw, n))
        for n, row in enumerate(updates, start=10**6):
            flaw = formula.flaw(row.substance)
            did.append(self._did("update", row.created_at, row.seat_id, None, None, flaw, n))
        for n, row in enumerate(supports, start=10**7):
            did.append(self._did("support", row.created_at, row.seat_id, row.to_seat_id, None, None, n))
        self.did = did

    @staticmethod
    def _did(what, at, by, to, topic, flaw, n):
        return Did(what, at, clock.local_day(at, ZONE), by, to, topic, flaw, n)

    def window(self, first: date, last: date) -> list[Did]:
        return [one for one in self.did if first <= one.on <= last]

    def speakers(self, first: date, last: date) -> set[int]:
        since = first - timedelta(days=formula.ACTIVE_DAYS)
        return {
            one.by for one in self.did if one.what != "support" and not one.flaw and since <= one.on <= last
        }

    def board(self, first: date, last: date) -> dict[int, float]:
        with clock.frozen_at(NOW), self.database.read.connect() as conn:
            span = formula.Span("month", last, first, last, "")
            return {row[0]: row[6] for row in queries.board_rows(conn, 1, self.calendar, span)}


@pytest.fixture(scope="module")
def honest(_sqlite_template, tmp_path_factory):
    folder = tmp_path_factory.mktemp("honest")
    shutil.copyfile(_sqlite_template, folder / "lvyi.sqlite3")
    database = Database.connect(f"sqlite:///{folder / 'lvyi.sqlite3'}")
    with clock.frozen_at(NOW):
        fill(database, folder / "files")
    yield HonestCity(database)
    database.dispose()


def month(name: str) -> tuple[date, date]:
    first = date.fromisoformat(f"{name}-01")
    return first, first.replace(day=calendar.monthrange(first.year, first.month)[1])


def spearman(one: Mapping[int, int], other: Mapping[int, int]) -> float:
    """The rank correlation over those who have heat by either; ties share the middle of their ranks."""
    seats = sorted({seat for heats in (one, other) for seat, heat in heats.items() if heat})
    a, b = (_middle_ranks([heats.get(seat, 0) for seat in seats]) for heats in (one, other))
    mean = sum(a) / len(a)
    both = sum((x - mean) * (y - mean) for x, y in zip(a, b, strict=True))
    return both / (sum((x - mean) ** 2 for x in a) * sum((y - mean) ** 2 for y in b)) ** 0.5


def _middle_ranks(values: list[int]) -> list[float]:
    order = sorted(values)
    first = {value: order.index(value) for value in set(values)}
    return [first[value] + (order.count(value) - 1) / 2 for value in values]


def test_the_pure_formula_is_what_the_board_says(honest):
    for first, last in (
        month(MONTH),
        (date(2026, 11, 9), date(2026, 11, 15)),
        (date(2026, 1, 1), date(2026, 3, 31)),
    ):
        pure = heat_of(honest.window(first, last), honest.speakers(first, last))
        board = honest.board(first, last)
        assert {seat: heat for seat, heat in pure.items() if heat and seat in board} == board


def test_honest_members_keep_their_order(honest):
    def rho(first: date, last: date) -> float:
        did = honest.window(first, last)
        return spearman(first_heat(did), heat_of(did, honest.speakers(first, last)))

    months = [
        rho(*month(f"{year}-{number:02}"))
        for year in (2025, 2026)
        for number in range(1, 13)
        if (year, number) < (2026, 11)
    ]
    figures = {
        "term": rho(date(2022, 1, 1), date(2026, 12, 31)),
        "year": rho(date(2026, 1, 1), date(2026, 12, 31)),
        "month": sum(months) / len(months),
        "least month": min(months),
        "week": rho(date(2026, 11, 9), date(2026, 11, 15)),
    }
    assert figures["term"] > 0.99
    assert figures["year"] > 0.98
    assert figures["month"] > 0.95
    assert figures["least month"] > 0.92
    assert figures["week"] > 0.92


def rank_of(heats: Mapping[int, int], seat: int) -> int:
    """As boards show it: equal heat shares a rank and the next one skips."""
    return 1 + sum(heat > heats[seat] for heat in heats.values())


def steps(before: Mapping[int, int], after: Mapping[int, int], seat: int) -> int:
    """How many shared ranks a seat went up."""
    place = [len({heat for heat in heats.values() if heat > heats[seat]}) for heats in (before, after)]
    return place[0] - place[1]


@pytest.fixture(scope="module")
def tried(honest):
    """Each cheat from each rank: ranks by the first formula and by this one, steps and points gained by this one."""
    first, last = month(MONTH)
    did, speakers = honest.window(first, last), honest.speakers(first, last)
    before, first_before = heat_of(did, speakers), first_heat(did)
    order = sorted(before, key=lambda seat: (-before[seat], seat))
    silent = [seat for seat in honest.seats if seat not in speakers][:40]
    found = {}
    for place in PLACES:
        me = order[place - 1]
        friends = [seat for seat in order[40:60] if seat != me]
        for name, cheat in (CHEATS | LIMITS | {HONEST: honest_post}).items():
            added = cheat(Stage(me, MONTH, friends, silent, honest.texts[-12:]))
            spoken = speakers | {one.by for one in added if one.what != "support" and not one.flaw}
            after, first_after = heat_of([*did, *added], spoken), first_heat([*did, *added])
            found[name, place] = Tried(
                (rank_of(first_before, me), rank_of(first_after, me)),
                (rank_of(before, me), rank_of(after, me)),
                steps(before, after, me),
                after[me] - before[me],
            )
    return found


def test_a_cheat_gains_at_most_one_rank(tried):
    assert len(CHEATS) >= 10
    for (name, place), one in tried.items():
        if name in CHEATS and place < 100:
            assert one.steps <= 1, (name, place)
    near_the_top = [tried[name, PLACES[0]] for name in CHEATS]
    assert all(one.now[0] - one.now[1] <= 1 for one in near_the_top)
    assert sum(one.first[1] <= 3 for one in near_the_top) >= 8, (
        "the first formula gave most of them the first ranks"
    )


def test_no_cheat_gains_more_than_one_honest_post_that_one_member_answers(tried):
    for (name, place), one in tried.items():
        if name in CHEATS:
            assert one.points <= tried[HONEST, PLACES[-1]].points, (name, place)


def test_the_manual_says_what_they_gain(tried):
    shown = Path("docs/heat.md").read_text()
    for name in (*CHEATS, *LIMITS, HONEST):
        cells = [
            f"{one.first[0]} → {one.first[1]} | {one.now[0]} → {one.now[1]}"
            for one in (tried[name, place] for place in PLACES)
        ]
        line = f"| {name} | {' | '.join(cells)} |"
        assert line in shown, line
