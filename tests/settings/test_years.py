"""Duty years are pure arithmetic: every day belongs to exactly one, however often their beginning changed."""

from datetime import date, timedelta
from random import Random

import pytest

from app.core.errors import Invalid
from app.people.duty_years import DutyYears
from app.people.organizations.service import moved
from app.points.engine.ruleset import Ruleset
from app.points.engine.score import Engine, Sitting


def any_start(rng: Random) -> str:
    return f"{date(2001, 1, 1) + timedelta(days=rng.randrange(365)):%m-%d}"


def test_years_neither_overlap_nor_leave_a_day_out():
    for seed in range(300):
        rng = Random(seed)
        years = DutyYears.starting(any_start(rng))
        for _ in range(rng.randrange(6)):
            years = years.changed(rng.randrange(2020, 2031), any_start(rng))
        for _ in range(20):
            day = date(2018, 1, 1) + timedelta(days=rng.randrange(5500))
            first, last = years.days(years.of(day))
            assert first <= day <= last, (seed, day)
            assert years.of(last + timedelta(days=1)) == years.of(day) + 1, (seed, day)
            assert years.of(first - timedelta(days=1)) == years.of(day) - 1, (seed, day)


def test_the_year_before_a_change_lasts_to_its_eve_and_says_its_days():
    years = moved(DutyYears(), "12-01", 2026)
    assert [years.label(year) for year in (2024, 2025, 2026)] == [
        "2024年度",
        "2025年度（2025年1月1日至2025年11月30日）",
        "2026年度（2025年12月1日至2026年11月30日）",
    ]
    back = moved(years, "01-01", 2028)
    assert back.days(2027) == (date(2026, 12, 1), date(2027, 12, 31))
    assert back.label(2028) == "2028年度"
    assert moved(back, "12-01", 2028) == years, "taken back, nothing is left of it"


@pytest.mark.parametrize(
    ("starts", "year"), [("02-01", 2027), ("02-29", None), ("13-01", 2027), ("1-1", None)]
)
def test_a_year_of_a_month_and_a_day_that_some_years_lack_are_refused(starts, year):
    with pytest.raises(Invalid):
        moved(DutyYears(), starts, year)


def test_a_short_or_long_year_is_measured_by_its_months():
    rules = Ruleset.model_validate(
        {
            "name": "办法",
            "pass_mark": 12,
            "rules": [{"id": "a", "label": "动态", "kinds": ["update.posted"], "points": 1}],
            "minimums": [
                {
                    "id": "a",
                    "label": "动态",
                    "kinds": ["update.posted"],
                    "count": 4,
                    "advice": "发",
                    "full_year_only": True,
                }
            ],
            "boards": [
                {
                    "id": "all",
                    "label": "全部",
                    "posts": ["chair", "vice_chair", "secretary_general", "standing_member", "member"],
                }
            ],
        }
    )
    years = moved(moved(DutyYears(), "12-01", 2026), "01-01", 2028)
    whole = Sitting("member", date(2020, 1, 1), date(2030, 1, 1))
    late = Sitting("member", date(2025, 3, 1), date(2030, 1, 1))
    scores = {year: Engine(rules, *years.days(year)).score(whole, []) for year in (2025, 2026, 2027)}
    assert {year: (score.months, score.pass_mark) for year, score in scores.items()} == {
        2025: (11, 1100),
        2026: (12, 1200),
        2027: (13, 1300),
    }
    assert all(len(score.minimums) == 1 for score in scores.values()), (
        "who held all of a short year held all of it"
    )
    assert Engine(rules, *years.days(2025)).score(late, []).minimums == []
