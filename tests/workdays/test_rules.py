from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.sql import table
from app.proposals.assignments.models import ProposalDeadline
from app.workdays.rules import (
    Calendar,
    SpecialDay,
    after_months,
    after_workdays,
    days,
    unknown_years,
    workdays_between,
)

OFFICIAL = Calendar()
#: Some days of 2030, of which the library knows nothing, and a correction of 2026.
OVERRIDDEN = Calendar(
    {
        date(2030, 10, 1): SpecialDay(is_workday=False, name="国庆节"),
        date(2030, 10, 2): SpecialDay(is_workday=False, name="国庆节"),
        date(2030, 10, 12): SpecialDay(is_workday=True, name="国庆节调休"),
        date(2026, 5, 5): SpecialDay(is_workday=True, name="恢复上班"),
    }
)
calendars = st.sampled_from([OFFICIAL, OVERRIDDEN])
anyday = st.dates(date(2003, 1, 1), date(2031, 12, 31))
counts = st.integers(1, 90)


@pytest.mark.parametrize(
    ("day", "works", "name"),
    [
        (date(2025, 1, 26), True, "春节调休"),
        (date(2025, 1, 27), True, ""),
        (date(2025, 1, 28), False, "春节"),
        (date(2025, 2, 4), False, "春节"),
        (date(2025, 2, 5), True, ""),
        (date(2025, 10, 6), False, "中秋节"),
        (date(2025, 10, 8), False, "国庆节"),
        (date(2025, 10, 11), True, "国庆节调休"),
        (date(2026, 2, 28), True, "春节调休"),
        (date(2026, 4, 6), False, "清明节"),
        (date(2026, 6, 19), False, "端午节"),
        (date(2026, 9, 20), True, "国庆节调休"),
        (date(2026, 9, 19), False, ""),
        (date(2026, 10, 8), True, ""),
        (date(2030, 10, 1), True, ""),
        (date(2030, 10, 5), False, ""),
    ],
)
def test_days_of_the_official_calendar(day, works, name):
    assert (OFFICIAL.is_workday(day), OFFICIAL.name(day)) == (works, name)


def test_an_override_goes_before_the_official_calendar_and_before_the_weekday():
    assert OVERRIDDEN.is_workday(date(2026, 5, 5))
    assert not OVERRIDDEN.is_workday(date(2030, 10, 1))
    assert OVERRIDDEN.is_workday(date(2030, 10, 12))
    assert OVERRIDDEN.name(date(2026, 5, 5)) == "恢复上班"


@pytest.mark.parametrize(
    ("start", "count", "on", "how"),
    [
        (
            date(2026, 3, 2),
            5,
            date(2026, 3, 9),
            "自2026年3月2日起5个工作日，至2026年3月9日（周一）",
        ),
        (
            date(2025, 9, 29),
            5,
            date(2025, 10, 13),
            "自2025年9月29日起5个工作日，扣除国庆节、中秋节放假8天，计入10月11日调休上班，至2025年10月13日（周一）",
        ),
        (
            date(2026, 9, 24),
            6,
            date(2026, 10, 10),
            "自2026年9月24日起6个工作日，扣除中秋节、国庆节放假10天，计入10月10日调休上班，至2026年10月10日（周六）",
        ),
        (
            date(2026, 2, 13),
            6,
            date(2026, 2, 28),
            "自2026年2月13日起6个工作日，扣除春节放假9天，计入2月14日、2月28日调休上班，至2026年2月28日（周六）",
        ),
        (
            date(2026, 12, 30),
            2,
            date(2027, 1, 1),
            (
                "自2026年12月30日起2个工作日，至2027年1月1日（周五）；"
                "系统中尚无2027年的放假安排，暂按周一至周五为工作日计算"
            ),
        ),
        (
            date(2029, 12, 31),
            1,
            date(2030, 1, 1),
            "自2029年12月31日起1个工作日，至2030年1月1日（周二）",
        ),
        (
            date(2030, 9, 30),
            1,
            date(2030, 10, 3),
            "自2030年9月30日起1个工作日，扣除国庆节放假2天，至2030年10月3日（周四）",
        ),
    ],
)
def test_a_number_of_working_days_says_what_it_left_out_and_what_it_counted(start, count, on, how):
    due = after_workdays(OVERRIDDEN, start, count)
    assert (due.on, due.how) == (on, how)


@pytest.mark.parametrize(
    ("start", "months", "on", "how"),
    [
        (date(2026, 3, 1), 3, date(2026, 6, 1), "自2026年3月1日起3个月，至2026年6月1日（周一）"),
        (
            date(2025, 11, 30),
            3,
            date(2026, 2, 28),
            "自2025年11月30日起3个月，2月没有30日，以月末为准，至2026年2月28日（周六），当日调休上班",
        ),
        (
            date(2024, 1, 31),
            1,
            date(2024, 2, 29),
            "自2024年1月31日起1个月，2月没有31日，以月末为准，至2024年2月29日（周四）",
        ),
        (date(2024, 2, 29), 3, date(2024, 5, 29), "自2024年2月29日起3个月，至2024年5月29日（周三）"),
        (
            date(2024, 2, 29),
            12,
            date(2025, 2, 28),
            "自2024年2月29日起12个月，2月没有29日，以月末为准，至2025年2月28日（周五）",
        ),
        (
            date(2026, 4, 11),
            3,
            date(2026, 7, 13),
            "自2026年4月11日起3个月，至2026年7月11日（周六），因周末休息顺延至2026年7月13日（周一）",
        ),
        (
            date(2025, 7, 3),
            3,
            date(2025, 10, 9),
            "自2025年7月3日起3个月，至2025年10月3日（周五），因国庆节放假顺延至2025年10月9日（周四）",
        ),
        (
            date(2026, 9, 30),
            6,
            date(2027, 3, 30),
            (
                "自2026年9月30日起6个月，至2027年3月30日（周二）；"
                "系统中尚无2027年的放假安排，暂按周一至周五为工作日计算"
            ),
        ),
        (date(2025, 12, 15), 1, date(2026, 1, 15), "自2025年12月15日起1个月，至2026年1月15日（周四）"),
    ],
)
def test_months_end_on_the_same_day_or_the_last_and_never_on_a_day_off(start, months, on, how):
    due = after_months(OFFICIAL, start, months)
    assert (due.on, due.how) == (on, how)


def test_what_is_left_and_what_is_overdue_is_counted_in_working_days():
    due = date(2026, 10, 9)
    assert workdays_between(OFFICIAL, date(2026, 9, 29), due) == 3
    assert workdays_between(OFFICIAL, due, due) == 0
    assert workdays_between(OFFICIAL, date(2026, 10, 12), due) == -2


def test_a_year_is_known_from_the_library_or_from_its_first_override():
    assert unknown_years(OFFICIAL, date(2003, 12, 1), date(2004, 1, 1)) == [2003]
    assert unknown_years(OVERRIDDEN, date(2026, 1, 1), date(2031, 1, 1)) == [2027, 2028, 2029, 2031]


def test_the_sentence_stays_short_however_many_days_staff_have_named():
    start = date(2027, 1, 1)
    named = {
        day: SpecialDay(is_workday=day.weekday() >= 5, name=f"{day.toordinal()}".ljust(40, "节"))
        for day in days(start, start + timedelta(days=900))
        if day.weekday() != 0
    }
    how = after_workdays(Calendar(named), start, 60).how
    column: Any = table(ProposalDeadline).c.how.type
    assert len(how) <= column.length
    assert "等放假" in how
    assert "等调休上班" in how


def test_a_period_has_at_least_one_day():
    with pytest.raises(ValueError, match="at least one"):
        after_workdays(OFFICIAL, date(2026, 3, 2), 0)


@given(calendars, anyday, counts)
def test_a_deadline_is_a_working_day_and_counting_finds_the_way_back(calendar, start, count):
    on = after_workdays(calendar, start, count).on
    assert calendar.is_workday(on)
    assert workdays_between(calendar, start, on) == count
    assert workdays_between(calendar, on, start) == -count


@given(calendars, anyday, counts, st.integers(0, 40))
def test_later_starts_and_longer_periods_never_end_earlier(calendar, start, count, later):
    on = after_workdays(calendar, start, count).on
    assert after_workdays(calendar, start + timedelta(days=later), count).on >= on
    assert after_workdays(calendar, start, count + 1).on > on


@given(calendars, anyday, anyday, anyday)
def test_working_days_of_two_periods_in_a_row_add_up(calendar, a, b, c):
    whole = workdays_between(calendar, a, c)
    assert workdays_between(calendar, a, b) + workdays_between(calendar, b, c) == whole


@given(calendars, anyday, st.integers(0, 24), st.integers(0, 40))
def test_months_end_on_working_days_and_in_the_order_of_their_starts(calendar, start, months, later):
    on = after_months(calendar, start, months).on
    assert calendar.is_workday(on)
    assert after_months(calendar, start + timedelta(days=later), months).on >= on
