"""The code at the door changes every half minute: what is photographed is worthless when it is sent to somebody."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from app.activities import codes
from app.audit.models import AuditEntry
from app.core import clock
from app.core.sql import table
from tests.factories.city import City, Who
from tests.factories.everything import made

START = datetime(2026, 5, 20, 1, tzinfo=UTC)
PATH = "/api/v1/activities"


@contextmanager
def after(seconds: float, city: City | None = None, *people: Who) -> Iterator[None]:
    """Some seconds after the start; `people` log in anew, their tokens having expired."""
    with clock.frozen_at(START + timedelta(seconds=seconds)):
        for who in people:
            assert city
            city.log_in(who)
        yield


@pytest.fixture(autouse=True)
def _start():
    with clock.frozen_at(START):
        yield


def meeting(staff: Who, **more) -> dict:
    period = {"starts_at": START.isoformat(), "ends_at": (START + timedelta(hours=3)).isoformat()}
    return made(staff.post(PATH, {"kind": "research", "title": "调研", **period, **more}))


def on_the_wall(staff: Who, activity: dict) -> list[str]:
    answer = staff.get(f"{PATH}/{activity['id']}/sign-in-codes")
    assert answer.status_code == 200, answer.text
    return [one["code"] for one in answer.json()["codes"]]


def signed(who: Who, activity: dict, code: str, **more) -> tuple[int, str]:
    """The status, and what became of my part or why not."""
    answer = who.put(f"{PATH}/{activity['id']}/sign-in", {"code": code, **more})
    body = answer.json()
    return answer.status_code, body.get("my_state") or body["code"]


def test_a_code_is_good_while_it_is_shown_and_half_a_minute_longer(city: City):
    staff, people = city.staff(), [city.member() for _ in range(5)]
    activity = meeting(staff)
    first, second, *_ = shown = on_the_wall(staff, activity)
    assert len(set(shown)) == len(shown) == codes.AHEAD
    assert signed(people[0], activity, second) == (422, "wrong_code")  # not yet
    assert signed(people[0], activity, first) == (200, "attended")
    assert signed(people[0], activity, first) == (200, "attended")  # a retry
    with after(29.9):
        assert on_the_wall(staff, activity)[0] == first
        assert signed(people[1], activity, first.lower()) == (200, "attended")
    with after(59.9):
        assert on_the_wall(staff, activity)[0] == second
        assert signed(people[2], activity, first) == (200, "attended")
    with after(60):
        assert signed(people[3], activity, first) == (422, "wrong_code")
        assert signed(people[3], activity, second) == (200, "attended")
    with after(300):
        assert signed(people[4], activity, first) == (422, "wrong_code")


def test_the_wall_goes_on_for_ten_minutes_by_what_it_was_given(city: City):
    staff, member = city.staff(), city.member()
    activity = meeting(staff)
    with after(12.5):
        given = staff.get(f"{PATH}/{activity['id']}/sign-in-codes").json()
    assert (given["step_seconds"], given["seconds_left"]) == (30, 17.5)
    assert given["codes"][0]["qr"].startswith("data:image/svg+xml")
    with after(12.5 + 17.5 + 18 * 30):
        assert signed(member, activity, given["codes"][19]["code"]) == (200, "attended")


def test_only_those_who_work_on_an_activity_see_its_codes(city: City):
    staff, member = city.staff(), city.member()
    activity, other = meeting(staff), meeting(staff, title="另一场")
    path = f"{PATH}/{activity['id']}/sign-in-codes"
    assert member.get(path).status_code == 403
    assert "sign_in_code" not in staff.get(f"{PATH}/{activity['id']}").json()
    elsewhere = City(city.app, city.database, name="政协别处市委员会")
    assert elsewhere.staff().get(path).status_code == 404
    code = on_the_wall(staff, activity)[0]
    assert signed(elsewhere.member(), activity, code)[0] == 404
    assert signed(member, other, code) == (422, "wrong_code")
    made(staff.put(f"{PATH}/{activity['id']}/cancellation", {"reason": "暴雨"}))
    assert staff.get(path).json()["code"] == "activity_cancelled"


def test_who_guesses_is_stopped_and_others_are_not(city: City):
    staff, guesser, member = city.staff(), city.member(), city.member()
    activity = meeting(staff)
    code = on_the_wall(staff, activity)[0]
    tries = [signed(guesser, activity, f"AAAA{n:02}") for n in range(10)]
    assert tries == [(422, "wrong_code")] * 10
    answer = guesser.put(f"{PATH}/{activity['id']}/sign-in", {"code": code})
    assert answer.status_code == 429
    assert 0 < int(answer.headers["Retry-After"]) <= 301
    assert signed(member, activity, code) == (200, "attended")
    with after(301):
        assert signed(guesser, activity, on_the_wall(staff, activity)[0]) == (200, "attended")


def test_a_phone_without_a_connection_signs_in_afterwards(city: City):
    staff, member, late, idle = city.staff(), city.member(), city.member(), city.member()
    activity = meeting(staff)
    code = on_the_wall(staff, activity)[0]
    with after(20 * 60, city, member):
        assert signed(member, activity, code) == (422, "wrong_code")
        assert signed(member, activity, code, seconds_ago=18 * 60) == (422, "wrong_code")  # read too late
        assert signed(member, activity, code, seconds_ago=20 * 60 - 5) == (200, "attended")
    with after(31 * 60 + 10, city, staff, late, idle):
        assert signed(late, activity, code, seconds_ago=31 * 60) == (409, "read_too_long_ago")
        assert signed(late, activity, code, seconds_ago=-5) == (422, "invalid")
        assert signed(late, activity, code, seconds_ago=10**30) == (422, "invalid")
        now = on_the_wall(staff, activity)[0]
        assert signed(idle, activity, now, seconds_ago=2) == (200, "attended")
    e = table(AuditEntry)
    with city.database.read.connect() as conn:
        found = conn.execute(select(e).where(e.c.action == "attendance.signed_late")).all()
    assert [(row.account_id, row.detail) for row in found] == [
        (member.account_id, {"seconds_ago": 20 * 60 - 5})
    ]


def test_what_was_read_before_the_doors_closed_counts_and_what_was_read_after_does_not(city: City):
    staff, member = city.staff(), city.member()
    activity = meeting(staff)
    end = 3 * 3600
    with after(end - 60, city, staff):
        last = on_the_wall(staff, activity)[0]
    with after(end + 60, city, staff, member):
        shut = on_the_wall(staff, activity)[0]
        assert signed(member, activity, shut) == (409, "sign_in_closed")
        assert signed(member, activity, last, seconds_ago=120) == (200, "attended")


def test_codes_of_another_server_secret_are_others():
    one, other = (codes.code_at(key, 7, START) for key in (b"a" * 32, b"b" * 32))
    assert one != other
    assert set(one + other) <= set(codes.SIGNS)
