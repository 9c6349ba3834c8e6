from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import update

from app.auth.accounts.service import Grant, grant_role, reset_password
from app.auth.models import Account, LoginAttempt
from app.auth.permissions import Role
from app.auth.sessions import attempts
from app.auth.sessions.attempts import forget_old
from app.core import clock
from app.core.sql import table
from tests.auth.conftest import PASSWORD, bearer


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


def change(door, token, new, current=PASSWORD):
    body = {"current_password": current, "new_password": new}
    return door.client().put("/api/v1/auth/password", json=body, headers=bearer(token))


def test_refused_new_passwords_lock_nobody_out(door):
    who = door.member(must_change_password=True)
    token = door.log_in(who)["access_token"]

    refused = [
        change(door, token, new) for new in ("12345678", "password1", "a1234567", "zhengxie", PASSWORD) * 2
    ]

    assert {answer.status_code for answer in refused} == {422}
    door.log_in(who)
    assert change(door, token, "另一个 quiet harbour 7").status_code == 204


def test_right_passwords_never_count_whatever_comes_of_them(door):
    who = door.staff(Role.SECRETARIAT)
    token, a = door.log_in(who)["access_token"], table(Account)
    http, auth = door.client(), bearer(token)

    begun = [
        http.post("/api/v1/auth/second-factor", json={"password": PASSWORD}, headers=auth) for _ in range(7)
    ]
    removed = [
        http.post("/api/v1/auth/second-factor/removal", json={"password": PASSWORD}, headers=auth)
        for _ in range(7)
    ]
    unbegun = [
        http.put("/api/v1/auth/second-factor", json={"code": "123456"}, headers=auth) for _ in range(7)
    ]
    with door.city.database.transaction() as db:
        db.execute(update(a).where(a.c.id == who.account_id).values(disabled_at=clock.now()))
    disabled = [door.try_login(who.phone) for _ in range(7)]

    assert {answer.status_code for answer in begun} == {200}
    assert {answer.status_code for answer in removed} == {204}
    assert {answer.json()["code"] for answer in unbegun} == {"second_factor_not_begun"}
    assert {answer.json()["code"] for answer in disabled} == {"account_disabled"}


def test_a_right_password_does_not_forget_wrong_codes(door):
    who = door.staff(Role.SECRETARIAT)
    token, http = door.log_in(who)["access_token"], door.client()
    http.post("/api/v1/auth/second-factor", json={"password": PASSWORD}, headers=bearer(token))
    a = table(Account)
    with door.city.database.transaction() as db:
        db.execute(update(a).where(a.c.id == who.account_id).values(second_factor_at=clock.now()))

    answers = [
        door.try_login(who.phone, **({"code": "000000"} if i % 2 else {})).json()["code"] for i in range(12)
    ]

    assert answers.count("wrong_second_factor") == 5
    assert answers[-1] == "locked_out"
    assert answers[:2] == ["second_factor_needed", "wrong_second_factor"]


def test_a_known_device_gets_in_while_strangers_are_locked_out(door):
    who, phone = door.member(), door.client("198.51.100.7")
    door.try_login(who.phone, http=phone)
    phone.post("/api/v1/auth/logout", headers={"Origin": "http://testserver"})
    wrong(door, who.phone, 5)
    assert door.try_login(who.phone).status_code == 429

    assert door.try_login(who.phone, http=phone).status_code == 200
    assert door.try_login(who.phone, http=door.client()).status_code == 429  # and strangers stay outside


def test_a_known_device_is_locked_by_itself_and_locks_nobody_else(door, monkeypatch):
    monkeypatch.setattr(attempts, "BY_ADDRESS", 3)
    who, phone = door.member(), door.client()
    door.try_login(who.phone, http=phone)

    assert wrong(door, who.phone, 6, phone) == [401] * 5 + [429]
    assert door.try_login(who.phone, http=phone).status_code == 429
    assert door.try_login(who.phone).status_code == 200


@pytest.mark.parametrize("forged", ["", "1", "1.x", "9.{mac}", "{id}.é", "{id}.", "9" * 40 + ".{mac}", "²."])
def test_a_forged_device_is_a_stranger(door, forged):
    who, phone = door.member(), door.client()
    door.try_login(who.phone, http=phone)
    name = f"lvyi_device_{who.account_id}"
    session_id, _, mac = phone.cookies[name].partition(".")
    cookie = f"{name}={forged.format(mac=mac, id=session_id)}".encode()
    wrong(door, who.phone, 5)

    assert door.try_login(who.phone, headers={"Cookie": cookie}).status_code == 429


def test_the_device_of_one_account_is_a_stranger_to_another(door):
    one, other, phone = door.member(), door.member("岳宁"), door.client()
    door.try_login(one.phone, http=phone)
    mine = phone.cookies[f"lvyi_device_{one.account_id}"]
    wrong(door, other.phone, 5)

    cookie = {"Cookie": f"lvyi_device_{other.account_id}={mine}"}
    assert door.try_login(other.phone, headers=cookie).status_code == 429


@pytest.mark.parametrize(
    ("happens", "known"),
    [("logout", True), ("role", True), ("ended", False), ("password", False), ("reset", False)],
)
def test_what_makes_a_device_unknown(door, happens, known):
    who, phone = door.member(), door.client()
    first = door.try_login(who.phone, http=phone).json()
    password = PASSWORD
    if happens in {"logout", "password", "reset"}:
        phone.post("/api/v1/auth/logout", headers={"Origin": "http://testserver"})
    elsewhere = door.log_in(who)["access_token"]
    if happens == "ended":
        path = f"/api/v1/auth/sessions/{first['me']['session_id']}"
        assert door.client().delete(path, headers=bearer(elsewhere)).status_code == 204
    elif happens == "password":
        password = "另一个 quiet harbour 7"
        assert change(door, elsewhere, password).status_code == 204
    elif happens == "reset":
        with door.city.database.transaction() as db:
            password = reset_password(db, who.account_id)
    elif happens == "role":
        with door.city.database.transaction() as db:
            grant_role(db, who.account_id, Grant(door.city.organization_id, Role.LEADER))
    wrong(door, who.phone, 5)

    assert door.try_login(who.phone, password, http=phone).status_code == (200 if known else 429)


def test_an_open_session_goes_on_and_may_change_the_password_while_the_phone_is_locked(door):
    who = door.member()
    token = door.log_in(who)["access_token"]
    wrong(door, who.phone, 5)

    assert door.me(token).status_code == 200
    assert change(door, token, "另一个 quiet harbour 7").status_code == 204


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
