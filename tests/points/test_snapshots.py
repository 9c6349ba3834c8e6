"""Last month's board stays what it was; what was corrected since is said beside it."""

from typing import Any

import pytest
from fastapi import FastAPI
from pydantic_core import to_json
from sqlalchemy import update

from app.core import clock
from app.core.db import Database
from app.core.sql import table
from app.heat import boards, formula
from app.points.models import BoardSnapshot
from app.points.snapshots import service
from tests.factories.city import City, Who
from tests.factories.domains.ledger import differences
from tests.factories.points.points import publish
from tests.points.world import World, at


@pytest.fixture
def city(app: FastAPI, database: Database) -> City:
    with clock.frozen_at(at("2026-01-05 09:00")):  # its term holds the days of these tests whenever they run
        return City(app, database)


@pytest.fixture
def world(city: City) -> World:
    return World(city)


def read(city: City, who: Who, figure: str, month: str, moment: str, **query: Any) -> dict[str, Any]:
    with clock.frozen_at(at(moment)):
        city.log_in(who)
        answer = who.get(f"/api/v1/board-snapshots/{figure}/{month}", params=query)
    assert answer.status_code == 200, answer.text
    return answer.json()


def rows(page: dict[str, Any]) -> list[tuple[int, str, float, float, str | None]]:
    return [(r["rank"], r["seat"]["name"], r["value"], r["now"], r["correction"]) for r in page["items"]]


def test_last_months_board_stays_what_it_was(world):
    city = world.city
    with clock.frozen_at(at("2026-03-04 09:00")):
        a, b, staff = city.member("甲"), city.member("乙"), city.staff()
        publish(city, staff)
    update = world.update(a, at("2026-03-04 10:00"))
    reply = world.reply(b, world.thread(("update", update)), at("2026-03-31 23:59"))
    world.update(b, at("2026-04-01 00:00"))
    with clock.frozen_at(at("2026-04-01 00:30")):
        assert service.take(city.database) == 2
        assert service.take(city.database) == 0, "once taken, never again"
    assert rows(read(city, a, "points", "2026-03", "2026-04-02 09:00")) == [
        (1, "甲", 2, 2, None),
        (2, "乙", 1, 1, None),
    ]
    assert rows(read(city, a, "heat", "2026-03", "2026-04-02 09:00")) == [
        (1, "甲", 2, 2, None),
        (2, "乙", 1, 1, None),
    ]
    world.hide(staff, ("reply", reply), at("2026-04-03 09:00"))
    assert rows(read(city, a, "points", "2026-03", "2026-04-03 10:00")) == [
        (1, "甲", 2, 2, None),
        (2, "乙", 1, 0, "快照之后作废1条，现为0"),
    ]
    heat = rows(read(city, a, "heat", "2026-03", "2026-04-03 10:00"))
    assert heat == [
        (1, "甲", 2, 1, "快照之后有更正，现为1"),
        (2, "乙", 1, 0, "快照之后作废1条，现为0"),
    ]
    first = read(city, a, "points", "2026-03", "2026-04-03 10:00", limit=1)
    rest = read(city, a, "points", "2026-03", "2026-04-03 10:00", limit=1, cursor=first["next"])
    assert [r[1] for r in rows(first) + rows(rest)] == ["甲", "乙"]
    assert (first["count"], rest["next"]) == (2, None)
    assert rows(read(city, a, "points", "2026-03", "2026-04-03 10:00", board="standing")) == []
    with clock.frozen_at(at("2026-04-03 10:00")):
        city.log_in(a)
        listed = a.get("/api/v1/board-snapshots").json()["items"]
        assert [(s["figure_label"], s["month"]) for s in listed] == [
            ("积分榜", "2026-03"),
            ("热力榜", "2026-03"),
        ]
        assert a.get("/api/v1/board-snapshots/points/2026-02").status_code == 404
        assert a.get("/api/v1/board-snapshots/points/2026-03?board=none").status_code == 404
    assert differences(city) == []


def test_who_has_another_post_since_was_not_corrected(world):
    city = world.city
    with clock.frozen_at(at("2026-03-04 09:00")):
        a, staff = city.member("甲"), city.staff()
        publish(city, staff)
    world.update(a, at("2026-03-04 10:00"))
    with clock.frozen_at(at("2026-04-01 00:30")):
        service.take(city.database)
        city.log_in(staff)
        changed = staff.patch(f"/api/v1/seats/{a.seat_id}", {"post": "standing_member"})
        assert changed.status_code == 200, changed.text
    for figure, value in (("heat", 1), ("points", 2)):
        assert rows(read(city, staff, figure, "2026-03", "2026-04-02 09:00")) == [
            (1, "甲", value, value, None)
        ]


def test_a_snapshot_by_another_formula_keeps_its_figures_and_says_so(world):
    city = world.city
    with clock.frozen_at(at("2026-03-04 09:00")):
        a = city.member("甲")
    world.update(a, at("2026-03-04 10:00"))
    with clock.frozen_at(at("2026-04-01 00:30")):
        service.take(city.database)
    page = read(city, a, "heat", "2026-03", "2026-04-02 09:00")
    assert (page["formula"], page["note"]) == (formula.VERSION, None)
    n = table(BoardSnapshot)
    with city.database.transaction() as db:
        older = to_json([a.seat_id, "甲", "经济界", "member", 30])
        db.connection().execute(update(n).where(n.c.board == "heat").values(formula=1, rows=older))
    page = read(city, a, "heat", "2026-03", "2026-04-02 09:00")
    assert rows(page) == [(1, "甲", 30, 30, None)]
    assert (page["formula"], page["note"]) == (
        1,
        "本榜按当时的第1版热力公式计算，名次不再变动；现行公式是第2版。",
    )


def test_without_rules_only_heat_is_kept(world):
    with clock.frozen_at(at("2026-04-01 00:30")):
        assert service.take(world.city.database) == 1


def test_a_cursor_of_elsewhere_is_refused(world):
    city = world.city
    with clock.frozen_at(at("2026-04-01 00:30")):
        a = city.member()
        service.take(city.database)
        assert a.get("/api/v1/board-snapshots/heat/2026-03?cursor=x").status_code == 422
        assert a.get("/api/v1/board-snapshots/other/2026-03").status_code == 422


def test_who_reads_a_snapshot_holds_no_connection_while_a_board_is_computed(world, monkeypatch):
    city = world.city
    with clock.frozen_at(at("2026-03-04 09:00")):
        member = city.member("甲")
    world.update(member, at("2026-03-04 10:00"))
    with clock.frozen_at(at("2026-04-01 00:30")):
        service.take(city.database)
    held, computed = [], boards.Boards.present

    def counted(self, *asked):
        held.append(city.database.read.pool.checkedout())
        return computed(self, *asked)

    monkeypatch.setattr(boards.Boards, "present", counted)
    read(city, member, "heat", "2026-03", "2026-04-02 09:00")
    assert held == [0, 0]
