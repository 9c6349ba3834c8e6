from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from app.auth import attempts
from app.auth.attempts import forget_old
from app.auth.models import LoginAttempt
from app.core import clock
from app.core.sql import table


def wrong(door, phone, times, http=None, headers=None):
    return [
        door.try_login(phone, "wrong password", http=http, headers=headers).status_code for _ in range(times)
    ]


@pytest.mark.parametrize("known", [True, False])
def test_the_sixth_wrong_password_is_429_for_known_and_unknown_phones(door, known):
    phone = door.member().phone if known else "13900000000"

    assert wrong(door, phone, 5) == [401] * 5

    answer = door.try_login(phone)
    assert (answer.status_code, answer.json()["code"]) == (429, "locked_out")
    assert 0 < int(answer.headers["retry-after"]) <= 61


def test_neither_another_address_nor_a_forwarded_header_helps(door):
    phone = door.member().phone
    for i in range(5):
        headers = {
            "X-Forwarded-For": f"203.0.113.{i}",
            "X-Real-IP": f"203.0.113.{i}",
            "Forwarded": f"for=203.0.113.{i}",
        }
        assert wrong(door, phone, 1, door.client(f"198.51.100.{i}"), headers) == [401]

    answer = door.try_login(
        phone, http=door.client("198.51.100.9"), headers={"X-Forwarded-For": "203.0.113.99"}
    )

    assert answer.status_code == 429


def test_the_delay_grows_and_a_right_password_ends_it(door):
    who = door.member()
    start, waits = clock.now(), []
    with clock.frozen_at(start):
        wrong(door, who.phone, 5)
    moment = start
    for _ in range(4):
        with clock.frozen_at(moment):
            waits.append(int(door.try_login(who.phone).headers["retry-after"]))
        moment += timedelta(seconds=waits[-1])
        with clock.frozen_at(moment):
            assert wrong(door, who.phone, 1) == [401]
    with clock.frozen_at(moment + timedelta(hours=1)):
        door.log_in(who)
        assert wrong(door, who.phone, 4) == [401] * 4
        door.log_in(who)

    assert waits == [61, 121, 241, 481]


def test_wrong_passwords_are_forgotten_after_the_window(door):
    who, start = door.member(), clock.now()
    with clock.frozen_at(start):
        assert wrong(door, who.phone, 4) == [401] * 4

    with clock.frozen_at(start + attempts.WINDOW + timedelta(seconds=1)):
        assert wrong(door, who.phone, 4) == [401] * 4
        door.log_in(who)


def test_an_address_has_a_wider_limit_over_all_phones(door, monkeypatch):
    monkeypatch.setattr(attempts, "BY_ADDRESS", 7)
    who, http = door.member(), door.client("192.0.2.7")

    tried = [door.try_login(f"139000000{i:02}", "wrong", http=http).status_code for i in range(8)]

    assert tried == [401] * 7 + [429]
    assert door.try_login(who.phone, http=http).status_code == 429
    assert door.try_login(who.phone, http=door.client("192.0.2.8")).status_code == 200


def test_right_logins_of_a_whole_hall_do_not_lock_its_address(door, monkeypatch):
    monkeypatch.setattr(attempts, "BY_ADDRESS", 3)
    who = door.member()

    assert [door.try_login(who.phone).status_code for _ in range(6)] == [200] * 6


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("2001:db8:0:1::1", "2001:db8:0:1:ffff::9", True),
        ("2001:db8:0:1::1", "2001:db8:0:2::1", False),
        ("::ffff:192.0.2.1", "::ffff:192.0.2.2", False),
        ("192.0.2.1", "192.0.2.2", False),
        ("", "", True),
    ],
)
def test_an_ipv6_network_counts_as_one_address(one, other, same):
    assert (attempts.of_address(one) == attempts.of_address(other)) is same


def test_a_race_gives_no_free_guess(door):

    phone = door.member().phone
    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(lambda _: door.try_login(phone, "wrong password").status_code, range(12)))

    assert answers.count(401) <= 5
    assert set(answers) <= {401, 429}


def test_old_counters_are_dropped(door):

    with clock.frozen_at(clock.now() - timedelta(days=3)):
        wrong(door, "13900000000", 1)
    wrong(door, "13900000001", 1)

    with door.city.database.transaction() as db:
        forget_old(db)

    a = table(LoginAttempt)
    with door.city.database.read.connect() as conn:
        keys = set(conn.execute(a.select()).scalars())
    assert "phone:+8613900000001" in keys
    assert "phone:+8613900000000" not in keys
