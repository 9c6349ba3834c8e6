"""A reply that is hidden leaves every figure at once, and comes back into all of them when it is shown again."""

from datetime import timedelta
from typing import Any

import pytest

from app.core import clock
from tests.exports.reading import rows
from tests.factories.city import City, Who
from tests.factories.domains.ledger import differences
from tests.factories.points.figures import everywhere
from tests.factories.points.points import publish
from tests.points.world import World, at

NOW = at("2026-03-04 20:00")


@pytest.fixture
def world(city: City) -> World:
    return World(city)


def said(world: World, who: Who, thread: int, people: dict[str, Who]) -> dict[str, Any]:
    """Every figure into which a reply in a topic may go."""
    topics = who.get("/api/v1/topics").json()["items"]
    _head, *sheet = rows(who.get("/api/v1/exports/leaderboard.xlsx?window=duty_year").content)
    replies = who.get(f"/api/v1/threads/{thread}/replies").json()
    return {
        "topic": [topic["reply_count"] for topic in topics],
        "topic itself": who.get(f"/api/v1/topics/{topics[0]['id']}").json()["reply_count"],
        "thread": who.get(f"/api/v1/threads/{thread}").json()["reply_count"],
        "shown": [reply["body"] for reply in replies["items"]],
        "answers below": [reply["reply_count"] for reply in replies["items"]],
        "sheet": sheet,
        **{name: everywhere(who, one.seat_id, 2026, "2026-03-04") for name, one in people.items()},
    }


@pytest.mark.parametrize("reader", ["author", "staff"])
def test_a_hidden_reply_leaves_every_figure_at_once_and_comes_back(world, reader):
    city = world.city
    with clock.frozen_at(NOW - timedelta(days=2)):
        a, b, c, staff = city.member("甲"), city.member("乙"), city.member("丙"), city.staff()
        publish(city, staff)
    topic = world.topic(staff, NOW - timedelta(days=1))
    opinion = world.reply(a, topic, NOW - timedelta(hours=5))
    answer = world.reply(b, topic, NOW - timedelta(hours=4), parent=opinion)
    world.reply(c, topic, NOW - timedelta(hours=3), parent=opinion, quote=answer)
    world.support(c, ("reply", answer), NOW - timedelta(hours=2))
    who, people = {"author": b, "staff": staff}[reader], {"a": a, "b": b, "c": c}
    with clock.frozen_at(NOW):
        city.log_in(b)
        city.log_in(staff)
        before = said(world, who, topic, people)
        poll = who.get("/api/v1/leaderboard?window=duty_year").headers["etag"]
        cached = who.get(f"/api/v1/cards/{b.seat_id}/2026").headers["etag"]
        hid = staff.put(f"/api/v1/replies/{answer}/hidden", {"reason": "含有他人联系方式"})
        assert hid.status_code == 204, hid.text
        hidden = said(world, who, topic, people)
        for path, etag in (("leaderboard?window=duty_year", poll), (f"cards/{b.seat_id}/2026", cached)):
            assert who.get(f"/api/v1/{path}", headers={"If-None-Match": etag}).status_code == 200
    assert before["topic"] == [3]
    assert hidden["topic"] == [hidden["topic itself"]] == [hidden["thread"]] == [2]
    assert hidden["answers below"][0] == 1
    gone = hidden["b"]
    assert (gone["archive"], gone["records"], gone["exported"], gone["days"]) == ({}, 0, 0, [])
    assert (gone["score"], gone["points"], gone["heat"], gone["lines of heat"]) == (0, 0, 1, 1), "c quoted b"
    assert "reply" not in gone["lines"]
    assert before["b"]["card"]["companions"]["named"] == ["丙", "甲"]
    assert gone["card"]["companions"]["named"] == ["丙"], "who answered stays, whom b answered goes"
    assert gone["card"]["updates"] == {"answers": 1, "named": []}, "support of what is hidden is gone"
    assert "deliberation" not in gone["card"]
    assert (before["a"]["heat"], hidden["a"]["heat"]) == (1 + 1, 1), "c answered b"
    assert before["sheet"] != hidden["sheet"]
    assert differences(city) == []
    with clock.frozen_at(NOW):
        assert staff.delete(f"/api/v1/replies/{answer}/hidden").status_code == 204
        assert said(world, who, topic, people) == before
    assert differences(city) == []
