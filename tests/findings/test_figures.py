"""The rate of adoption, by every division: each figure is its list, and a suggestion counts once in the whole."""

import pytest

from app.core import clock
from tests.factories.findings import done, noted, released


@pytest.fixture
def counted(city):
    """Two adopted, one in part, one refused, one unanswered; one of them by two sectors."""
    staff = city.staff()
    one, two = city.member(sector=0), city.member(sector=1)
    released(city, staff, one, two)
    released(city, staff, one, unit_id=city.units[city.unit("市住建局")], source="meeting")
    released(city, staff, two, fate="partly")
    refused = released(city, staff, one, fate="refused")
    done(staff, noted(city, staff, one), "send")
    return staff, refused


@pytest.mark.parametrize("by", ["source", "sector", "unit", "year"])
def test_each_figure_is_its_list(counted, by):
    staff, _ = counted
    answer = staff.get("/api/v1/findings/figures", params={"by": by}).json()
    whole = answer["whole"]
    assert [whole[name] for name in ("released", "adopted", "partly", "refused", "rate")] == [
        4,
        2,
        1,
        1,
        75.0,
    ]
    for figure in [whole, *answer["groups"]]:
        rows = staff.get(f"{figure['path']}&limit=100").json()["items"]
        assert len(rows) == figure["released"], figure
        for fate in ("adopted", "partly", "refused"):
            of_fate = staff.get(f"{figure['path']}&fate={fate}").json()["items"]
            assert len(of_fate) == figure[fate], (figure, fate)
    summed = sum(figure["released"] for figure in answer["groups"])
    assert summed == (5 if by == "sector" else 4), "that of two sectors counts in each"


def test_figures_of_a_year_are_of_what_was_released_in_it(counted):
    staff, refused = counted
    year = clock.local_day(clock.now()).year
    this = staff.get("/api/v1/findings/figures", params={"year": year}).json()["whole"]
    before = staff.get("/api/v1/findings/figures", params={"year": year - 1}).json()
    assert (this["released"], before["whole"]["released"], before["whole"]["rate"]) == (4, 0, None)
    assert before["groups"] == []
    done(staff, refused, "reopen", reason="重新研究")
    assert staff.get("/api/v1/findings/figures").json()["whole"]["rate"] == 100.0
    assert staff.get("/api/v1/findings/figures", params={"by": "month"}).status_code == 422


def test_members_count_what_they_made(city, counted):
    member = city.member()
    assert member.get("/api/v1/findings/figures").json()["whole"]["released"] == 0
    staff, _ = counted
    released(city, staff, member, fate="partly")
    assert member.get("/api/v1/findings/figures").json()["whole"]["partly"] == 1
