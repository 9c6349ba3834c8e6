"""The edge of a duty year lies at midnight in Shanghai, in every place that counts."""

from collections.abc import Iterator

import pytest

from app.core import clock
from app.points.snapshots import service
from tests.factories.city import City
from tests.factories.points.figures import everywhere, windows
from tests.factories.points.points import publish
from tests.points.world import World, at

#: The first day of the duty year, the last second of 2026, a moment in which both years have begun, and their ends.
EDGES = [
    ("01-01", "2026-12-31 23:59:59", "2027-01-02 09:00", ("2026-01-01", "2026-12-31", "2027-12-31")),
    ("12-01", "2026-11-30 23:59:59", "2026-12-02 09:00", ("2025-12-01", "2026-11-30", "2027-11-30")),
]


@pytest.fixture(autouse=True)
def _june() -> Iterator[None]:
    with clock.frozen_at(at("2026-06-01 09:00")):
        yield


@pytest.mark.parametrize(("starts", "last_second", "later", "ends"), EDGES)
def test_the_last_second_of_a_year_belongs_to_it_everywhere(app, database, starts, last_second, later, ends):
    city = City(app, database, duty_year_starts=starts)
    world, member, staff = World(city), city.member("甲"), city.staff()
    for year in (2026, 2027):
        publish(city, staff, year=year)
    old, new = at(last_second), at(last_second).replace(hour=0, minute=0, second=0)
    world.update(member, old)
    world.update(member, new := new + (at("2026-06-02 00:00") - at("2026-06-01 00:00")))
    assert (new - old).total_seconds() == 1
    with clock.frozen_at(at(later)):
        city.log_in(member)
        city.log_in(staff)
        edges = {2026: ends[:2], 2027: (f"{new:%Y-%m-%d}", ends[2])}
        for year, moment in ((2026, old), (2027, new)):
            said = everywhere(member, member.seat_id, year, f"{moment:%Y-%m-%d}")
            assert said["archive"] == {"update.posted": 1}
            assert (said["records"], said["exported"], said["lines"]) == (1, 1, {"update": 1})
            assert said["days"] == [f"{moment:%Y-%m-%d}"]
            assert (said["score"], said["points"], said["heat"], said["lines of heat"]) == (2, 2, 1, 1)
            assert said["card"]["opening"]["updates"] == said["card"]["updates"]["updates"] == 1
            assert said["card of the term"]["opening"]["updates"] == 2
            assert set(windows(member, staff, year, f"{moment:%Y-%m-%d}").values()) == {edges[year]}
        assert service.take(database) == 2
        for figure, value in (("points", 2), ("heat", 1)):
            page = member.get(f"/api/v1/board-snapshots/{figure}/{old:%Y-%m}").json()
            assert [(row["value"], row["now"]) for row in page["items"]] == [(value, value)]
