"""What one account does several times at once: every transaction takes its locks in one order, so none deadlocks."""

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import pytest

from app.auth.permissions import Role
from tests.auth.conftest import PASSWORD, bearer

ADDRESSES = ("192.0.2.1", "198.51.100.1")


def at_once(acts: Iterable[Callable[[], Any]]) -> list[int]:
    """The statuses of acts that begin together."""
    waiting = list(acts)
    with ThreadPoolExecutor(len(waiting)) as pool:
        return [one.result().status_code for one in [pool.submit(act) for act in waiting]]


@pytest.fixture
def database_url(postgresql_url: str) -> str:
    """On SQLite one writer has the whole database."""
    return postgresql_url


def test_one_account_logs_in_from_two_addresses_at_once(door):
    who = door.member()
    clients = [door.client(ADDRESSES[n % 2]) for n in range(8)]
    for _ in range(6):
        # the charge of an attempt is given back once its password was right: more than four may be locked out
        assert at_once([partial(door.try_login, who.phone, http=http) for http in clients[:4]]) == [200] * 4
    for _ in range(3):
        assert set(at_once([partial(door.try_login, who.phone, http=http) for http in clients])) <= {
            200,
            429,
        }


def test_many_log_in_from_one_hall_while_others_guess(door):
    people = [door.member(name) for name in ("甲文", "乙文", "丙文", "丁文")]
    acts = [lambda who=who: door.try_login(who.phone) for who in people]
    acts += [lambda who=who: door.try_login(who.phone, "wrong password") for who in people]
    for _ in range(2):
        assert set(at_once(acts)) <= {200, 401}


def test_a_log_in_meets_a_change_of_password_and_the_end_of_a_second_factor(door):
    who = door.staff(Role.SECRETARIAT)
    tokens = [door.log_in(who) for _ in range(3)]
    new = PASSWORD + "二"
    statuses = at_once(
        [
            lambda: door.try_login(who.phone),
            lambda: door.client(ADDRESSES[1]).put(
                "/api/v1/auth/password",
                json={"current_password": PASSWORD, "new_password": new},
                headers=bearer(tokens[0]["access_token"]),
            ),
            lambda: door.client().post(
                "/api/v1/auth/second-factor/removal",
                json={"password": PASSWORD},
                headers=bearer(tokens[1]["access_token"]),
            ),
            lambda: door.client().post("/api/v1/auth/logout", headers=bearer(tokens[2]["access_token"])),
        ]
    )
    assert all(status < 500 for status in statuses)


def test_roles_are_given_and_taken_and_the_account_closed_at_once(door):
    admin = door.staff(Role.SECURITY_ADMIN)
    who = door.member()
    for _ in range(4):
        door.log_in(who)
    path = f"/api/v1/accounts/{who.account_id}"
    for _ in range(3):
        statuses = at_once(
            [
                lambda: admin.post(f"{path}/roles", {"role": "secretariat"}),
                lambda: admin.delete(f"{path}/roles/secretariat"),
                lambda: admin.put(f"{path}/disabled", {"disabled": False}),
                lambda: admin.delete(f"{path}/second-factor"),
                lambda: door.try_login(who.phone),
            ]
        )
        assert all(status < 500 for status in statuses), statuses
