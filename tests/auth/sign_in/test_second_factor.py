from base64 import b32decode
from datetime import timedelta

import pytest

from app.auth.models import Account
from app.auth.permissions import Role
from app.auth.sessions import second_factor
from app.core import clock
from app.core.config import Settings
from app.core.sql import table
from tests.auth.conftest import PASSWORD, Door, bearer
from tests.factories.second_factor import begin, code, confirm, enrolled

# RFC 6238, appendix B: SHA-1, the last six of eight digits
RFC_SECRET = b"12345678901234567890"


@pytest.mark.parametrize(
    ("seconds", "code"),
    [
        (59, "287082"),
        (1111111109, "081804"),
        (1111111111, "050471"),
        (1234567890, "005924"),
        (20000000000, "353130"),
    ],
)
def test_codes_are_those_of_the_rfc(seconds, code):
    assert second_factor.code_at(RFC_SECRET, seconds // 30) == code


def with_setting(door: Door, value: str) -> None:
    state = door.city.app.state
    state.settings = state.settings.model_copy(update={"staff_second_factor": value})


def later(seconds: int = 60):
    return clock.frozen_at(clock.now() + timedelta(seconds=seconds))


def test_staff_need_one_unless_the_operator_says_otherwise():
    assert Settings.model_fields["staff_second_factor"].default == "required"


def test_a_secret_is_in_force_only_after_its_first_code(door):
    who = door.staff(Role.SECRETARIAT)
    token = door.log_in(who)["access_token"]

    begun = begin(door, token).json()
    assert begun["uri"].startswith("otpauth://totp/%E5%B1%A5%E6%98%93:")
    assert f"secret={begun['secret']}" in begun["uri"]
    assert who.phone.removeprefix("+86") not in begun["uri"]
    door.log_in(who)
    assert confirm(door, token, "000000").json()["code"] == "wrong_second_factor"
    assert confirm(door, token, code(begun["secret"])).status_code == 200

    assert door.me(token).json()["second_factor"] is True
    assert door.try_login(who.phone).json()["code"] == "second_factor_needed"


def test_the_login_asks_for_the_code_and_takes_it_once(door):
    who, secret, _ = enrolled(door)

    with later():
        needed = door.try_login(who.phone)
        assert (needed.status_code, needed.json()["code"]) == (401, "second_factor_needed")
        assert door.try_login(who.phone, code=code(secret, 5)).json()["code"] == "wrong_second_factor"
        assert door.try_login(who.phone, code=code(secret)).status_code == 200
        assert door.try_login(who.phone, code=code(secret)).json()["code"] == "wrong_second_factor"


def test_a_clock_half_a_minute_off_is_forgiven(door):
    who, secret, _ = enrolled(door)

    with later(120):
        assert door.try_login(who.phone, code=code(secret, -1)).status_code == 200
        assert door.try_login(who.phone, code=code(secret, 1)).status_code == 200


def test_guessing_codes_locks_the_phone_though_the_password_is_right(door):
    who, _, _ = enrolled(door)

    answers = [door.try_login(who.phone, code=f"{i:06}").status_code for i in range(6)]

    assert answers == [401] * 5 + [429]


def test_a_recovery_code_stands_in_once(door):
    who, _, recovery = enrolled(door)
    assert len(set(recovery)) == 10

    assert door.try_login(who.phone, code=recovery[3]).status_code == 200
    assert door.try_login(who.phone, code=recovery[3]).status_code == 401
    assert door.try_login(who.phone, code=recovery[4]).status_code == 200


def test_beginning_needs_the_password_and_no_factor_in_force(door):
    who, secret, _ = enrolled(door)
    with later():
        token = door.log_in(who, code=code(secret))["access_token"]

        assert begin(door, token, "wrong password").json()["code"] == "wrong_password"
        answer = begin(door, token)
        assert (answer.status_code, answer.json()["code"]) == (409, "second_factor_on")
        assert confirm(door, token, code(secret)).json()["code"] == "second_factor_not_begun"


def test_the_owner_drops_it_with_the_password(door):
    who, secret, recovery = enrolled(door)
    with later():
        token = door.log_in(who, code=code(secret))["access_token"]
    drop = door.client().post

    path = "/api/v1/auth/second-factor/removal"
    assert drop(path, json={"password": "wrong"}, headers=bearer(token)).status_code == 422
    assert drop(path, json={"password": PASSWORD}, headers=bearer(token)).status_code == 204

    assert door.log_in(who)["me"]["second_factor"] is False
    begin(door, token)
    assert confirm(door, token, recovery[0]).status_code == 422


def test_where_it_is_required_staff_may_only_enrol(door):
    with_setting(door, "required")
    who = door.staff(Role.AUDITOR)
    opened = door.log_in(who)
    token = opened["access_token"]
    assert opened["me"]["due"] == "second_factor_required"
    assert (
        door.client().get("/api/v1/audit", headers=bearer(token)).json()["code"] == "second_factor_required"
    )

    confirm(door, token, code(begin(door, token).json()["secret"]))

    assert door.client().get("/api/v1/audit", headers=bearer(token)).status_code == 200


@pytest.mark.parametrize("role", [Role.LEADER])
def test_members_and_leaders_are_not_staff(door, role):
    with_setting(door, "required")

    assert door.log_in(door.staff(role))["me"]["due"] is None
    assert door.log_in(door.member())["me"]["due"] is None


def test_where_it_is_off_nobody_is_asked(door):
    who, _, _ = enrolled(door)
    with_setting(door, "off")

    token = door.log_in(who)["access_token"]
    other = door.log_in(door.member())["access_token"]

    assert door.me(token).status_code == 200
    assert begin(door, other).json()["code"] == "second_factor_off"


def test_the_database_alone_gives_no_codes_away(door):

    _, secret, recovery = enrolled(door)

    with door.city.database.read.connect() as conn:
        stored = str(conn.execute(table(Account).select()).all())
    assert secret not in stored
    assert str(b32decode(secret)) not in stored
    assert recovery[0] not in stored
