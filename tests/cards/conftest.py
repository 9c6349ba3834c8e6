"""A member with a year behind them, a stranger and the secretariat, for cards that are issued."""

from collections.abc import Iterator

import pytest

from app.core import clock
from tests.factories.city import City, Who
from tests.factories.domains.cards import NOW
from tests.points.world import World, at


@pytest.fixture
def world(city: City) -> World:
    return World(city)


@pytest.fixture
def people(world: World) -> Iterator[tuple[Who, Who, Who]]:
    """Two members with some duty in 2025, staff; it is June 2026."""
    with clock.frozen_at(at("2025-01-01 08:00")):
        a, b, staff = world.city.member("沈知遥"), world.city.member("陆川"), world.city.staff()
    update = world.update(a, at("2025-05-03 09:00"))
    world.support(b, ("update", update), at("2025-05-03 09:01"))
    world.note(a, at("2025-05-03 10:00"))
    with clock.frozen_at(NOW):
        for who in (a, b, staff):
            world.city.log_in(who)
        yield a, b, staff
