"""A world whose clock tests of boards move."""

import pytest

from app.core import clock
from tests.factories.city import City
from tests.points.world import World, at


@pytest.fixture
def world(city: City) -> World:
    return World(city)


@pytest.fixture
def in_march():
    """March of 2026 begins."""
    with clock.frozen_at(at("2026-03-01 00:00")):
        yield
