"""A card that was computed before is computed anew when what it tells of moves by the hand of others."""

import pytest

from app.core import clock
from tests.factories.city import City, Who
from tests.factories.domains.handling import assigned
from tests.factories.domains.proposals import filed, opened_window
from tests.points.world import World, at


@pytest.fixture
def world(city: City) -> World:
    return World(city)


def items(who: Who, seat_id: int, kind: str, period: str = "term") -> list[tuple[str, str | None]]:
    sections = who.get(f"/api/v1/cards/{seat_id}/{period}").json()["sections"]
    return [(i["title"], i["on"]) for s in sections if s["kind"] == kind for i in s["items"]]


def test_the_journey_of_a_proposal_goes_on_when_it_is_handed_to_a_unit(city):
    author, staff = city.member("甲"), city.staff()
    opened_window(staff)
    proposal_id = filed(city, author, staff)
    before = items(author, author.seat_id, "proposals")
    assigned(city, staff, proposal_id, lead=0)
    after = items(author, author.seat_id, "proposals")
    assert after[: len(before)] == before
    assert [title for title, _ in after[len(before) :]] == ["交办"]


def test_the_opinion_with_most_echo_is_another_when_a_reply_below_it_is_hidden(world):
    city = world.city
    with clock.frozen_at(at("2026-05-01 08:00")):
        a, b, c, staff = city.member("甲"), city.member("乙"), city.member("丙"), city.staff()
    topic = world.topic(staff, at("2026-05-01 09:00"))
    first, second = (world.reply(a, topic, at(f"2026-05-0{day} 09:00")) for day in (2, 3))
    answer = world.reply(b, topic, at("2026-05-04 09:00"), parent=first)
    quoting = world.reply(c, topic, at("2026-05-04 10:00"), parent=first, quote=answer)
    for who in (b, c):
        world.support(who, ("reply", second), at("2026-05-05 09:00"))
    with clock.frozen_at(at("2026-05-06 09:00")):
        city.log_in(a)
        assert [on for _, on in items(a, a.seat_id, "deliberation", "2026")] == ["2026-05-02"]
    world.hide(staff, ("reply", quoting), at("2026-05-06 10:00"))
    with clock.frozen_at(at("2026-05-06 11:00")):
        city.log_in(a)
        assert [on for _, on in items(a, a.seat_id, "deliberation", "2026")] == ["2026-05-03"]
