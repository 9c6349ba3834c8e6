"""How large the demo city is, and how unevenly its people act."""

from collections import Counter
from datetime import date
from random import Random

import pytest

from app.demo.city.plan import COMMITTEES, SECTORS, UNITS, City, Sizes, shares
from app.demo.city.rhythm import Rhythm, at_work, days_since_1970, later, local_date, start_of, words
from app.demo.language.text import fields
from app.people.models import Post

RHYTHM = Rhythm(2022)


def a_city() -> City:
    return City(1, 1, RHYTHM, fields(), RHYTHM.last_day - 40)


def test_scale_1_is_the_city_of_the_product():
    sizes = Sizes.at(1)
    assert sizes.members == 642
    assert (len(SECTORS), len(COMMITTEES), len(UNITS)) == (31, 10, 60)
    assert sizes.updates == pytest.approx(1_700, rel=0.05)
    assert sizes.replies == pytest.approx(20_000, rel=0.05)
    assert sizes.proposals == pytest.approx(1_500, rel=0.05)
    assert sizes.opinions == pytest.approx(300, rel=0.05)
    assert sizes.topics == 45
    assert 220 <= sizes.activities + 5 + 20 <= 280


def test_everything_grows_with_the_scale():
    assert Sizes.at(100).members == 64_200
    assert Sizes.at(100).replies > 2_000_000
    assert Sizes.at(0.1).members == 64


def test_posts_are_those_of_a_city():
    city = a_city()
    posts = Counter(seat.post for seat in city.seats)
    assert (posts[Post.CHAIR], posts[Post.VICE_CHAIR], posts[Post.SECRETARY_GENERAL]) == (1, 8, 1)
    assert posts[Post.STANDING_MEMBER] == 90
    assert sum(posts.values()) == 642


def test_some_join_or_leave_within_the_term():
    seats = a_city().seats
    assert 10 < sum(seat.first_day > RHYTHM.first_day for seat in seats) < 60
    assert 10 < sum(seat.last_day < RHYTHM.last_day for seat in seats) < 60


def test_a_tenth_of_the_members_does_more_than_a_third():
    city, rng = a_city(), Random(3)
    acts = Counter(city.actor(rng, RHYTHM.first_day + 900) for _ in range(20_000))
    assert sum(n for _, n in acts.most_common(64)) > 0.35 * 20_000
    assert sum(acts[n] <= 3 for n in range(642)) > 20


def test_shares_add_up_and_are_uneven():
    parts = shares(Random(1), 1_000, 9_000, 1.1)
    assert sum(parts) == 9_000
    assert min(parts) <= 1
    assert max(parts) > 60


def test_people_act_in_the_evening_on_weekdays_and_around_the_plenary():
    rng = Random(4)
    moments = [RHYTHM.moment(rng) for _ in range(20_000)]
    hours = Counter((moment + 8 * 3_600) // 3_600 % 24 for moment in moments)
    assert hours[20] + hours[21] > 4 * (hours[5] + hours[6])
    days = [local_date(moment) for moment in moments]
    assert sum(day.weekday() < 5 for day in days) > 0.78 * len(days)
    plenary = sum(day.month == 1 and 10 <= day.day <= 13 for day in days)
    assert plenary > 2 * sum(day.month == 3 and 10 <= day.day <= 13 for day in days)
    assert all(2022 <= day.year <= 2026 for day in days)


def test_nobody_answers_in_the_small_hours():
    rng, evening = Random(6), start_of(days_since_1970(local_date(RHYTHM.moment(Random(1)))), 22)
    hours = Counter((later(rng, evening, 3) + 8 * 3_600) // 3_600 % 24 for _ in range(2_000))
    assert sum(hours[h] for h in range(6)) == 0


def test_the_host_does_most_and_the_newcomer_came_lately():
    city = a_city()
    host, newcomer = city.seats[city.host], city.seats[city.newcomer]
    assert host.energy == max(seat.energy for seat in city.seats)
    assert (newcomer.energy, newcomer.first_day) == (0, RHYTHM.last_day - 80)


def test_the_staff_act_on_working_days():
    for day in range(RHYTHM.first_day, RHYTHM.first_day + 14):
        moment = at_work(start_of(day, 23))
        assert local_date(moment).weekday() < 5
        assert 9 <= (moment + 8 * 3_600) // 3_600 % 24 < 17


def test_words_say_what_holds_at_a_moment():
    assert {"冬", "晚上", "周末", "周日", "全会"} <= words(start_of(days_since_1970(date(2026, 1, 11)), 20))
    assert {"夏", "清早", "平日", "周一", "暑期"} <= words(start_of(days_since_1970(date(2026, 7, 20)), 8))
