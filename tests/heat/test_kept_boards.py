"""Boards are kept for a while, computed by one process, and polled."""

from datetime import timedelta
from threading import Thread
from typing import Any

import pytest
from sqlalchemy import update

from app.core import clock
from app.core.sql import table
from app.heat import boards, explanation
from app.heat.models import Board
from tests.factories.points.boards import NOW
from tests.points.world import at

pytestmark = pytest.mark.usefixtures("in_march")


def test_the_board_waits_twenty_times_as_long_as_it_took(world):
    a = world.city.member("甲")
    world.update(a, at("2026-03-03 10:00"))
    assert world.board(a, NOW, "week")["mine"]["heat"] == 1
    world.update(a, NOW)
    assert world.board(a, NOW, "week")["mine"]["heat"] == 1
    later = world.board(a, NOW + timedelta(minutes=5), "week")
    assert later["mine"]["heat"] == 2
    assert later["as_of"] == "2026-03-04T12:05:00Z"


def test_an_unchanged_poll_is_answered_304(world):
    a = world.city.member("甲")
    world.update(a, at("2026-03-03 10:00"))
    with clock.frozen_at(NOW):
        world.city.log_in(a)
        first = a.get("/api/v1/leaderboard")
        again = a.get("/api/v1/leaderboard", headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    world.update(a, NOW)
    with clock.frozen_at(NOW + timedelta(minutes=5)):
        changed = a.get("/api/v1/leaderboard", headers={"If-None-Match": first.headers["etag"]})
    assert changed.status_code == 200
    assert changed.headers["etag"] != first.headers["etag"]
    assert changed.json()["formula"] == explanation.FORMULA


def test_a_past_window_is_polled_too(world):
    a = world.city.member("甲")
    world.update(a, at("2026-02-03 10:00"))
    with clock.frozen_at(NOW):
        world.city.log_in(a)
        first = a.get("/api/v1/leaderboard?on=2026-02-03")
        assert first.json()["mine"]["heat"] == 1
        again = a.get("/api/v1/leaderboard?on=2026-02-03", headers={"If-None-Match": first.headers["etag"]})
        other = a.get("/api/v1/leaderboard?on=never", headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, other.status_code) == (304, 422)


def test_while_one_process_computes_the_others_serve_the_board_before(world):
    a = world.city.member("甲")
    world.update(a, at("2026-03-03 10:00"))
    assert world.board(a, NOW, "week")["mine"]["heat"] == 1
    later = NOW + timedelta(minutes=5)
    b = table(Board)
    with world.doing(later) as db:
        db.connection().execute(update(b).values(leased_until=later + timedelta(minutes=1)))
    world.update(a, later)
    assert world.board(a, later, "week")["mine"]["heat"] == 1
    assert world.board(a, later + timedelta(minutes=2), "week")["mine"]["heat"] == 2


def test_a_board_that_takes_long_is_computed_beside_the_request(world, monkeypatch):
    a = world.city.member("甲")
    world.update(a, at("2026-03-03 10:00"))
    assert world.board(a, NOW, "week")["mine"]["heat"] == 1
    monkeypatch.setattr(boards, "PATIENCE_SECONDS", 0)
    world.update(a, NOW)
    later = NOW + timedelta(minutes=5)
    started: list[Thread] = []

    def thread(**given: Any) -> Thread:
        started.append(Thread(**given))
        return started[-1]

    monkeypatch.setattr(boards, "Thread", thread)
    assert world.board(a, later, "week")["mine"]["heat"] == 1
    for one in started:
        one.join(timeout=30)
    assert len(started) == 1
    assert world.board(a, later, "week")["mine"]["heat"] == 2


def test_boards_of_another_version_of_the_formula_are_computed_anew(world):
    a = world.city.member("甲")
    world.update(a, at("2026-03-03 10:00"))
    world.board(a, NOW, "week")
    b = table(Board)
    with world.doing(NOW) as db:
        db.connection().execute(update(b).values(formula=1, rows=b""))
    assert world.board(a, NOW, "week")["mine"]["heat"] == 1
