import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from argon2 import PasswordHasher

from app.auth import passwords
from app.auth.permissions import Role
from app.core import clock
from app.core.config import Settings
from app.core.errors import Invalid
from tests.auth.conftest import PASSWORD, bearer

NEW = "另一个 quiet harbour 7"


def change(door, token, new=NEW, current=PASSWORD):
    body = {"current_password": current, "new_password": new}
    return door.client().put("/api/v1/auth/password", json=body, headers=bearer(token))


def test_a_new_password_ends_the_other_sessions_and_keeps_this_one(door):
    who = door.member()
    here, elsewhere = door.log_in(who), door.log_in(who)

    assert change(door, here["access_token"]).status_code == 204

    assert door.me(here["access_token"]).status_code == 200
    assert door.me(elsewhere["access_token"]).status_code == 401
    assert door.try_login(who.phone).status_code == 401
    assert door.try_login(who.phone, NEW).status_code == 200


def test_a_wrong_current_password_changes_nothing_and_counts_towards_the_lock_out(door):
    who = door.member()
    token = door.log_in(who)["access_token"]

    answers = [change(door, token, current="wrong password") for _ in range(6)]

    assert [(a.status_code, a.json()["code"]) for a in answers[:5]] == [(422, "wrong_password")] * 5
    assert answers[5].status_code == 429
    assert door.me(token).status_code == 200


@pytest.mark.parametrize(
    ("new", "code"),
    [
        ("k7 w2x", "password_short"),
        ("password", "password_common"),
        ("Woaini1314", "password_common"),
        ("1qaz2wsx", "password_common"),
        ("x 沈文 likes tea", "password_personal"),
        ("my LVYI account", "password_personal"),
        (PASSWORD, "password_same"),
    ],
)
def test_a_poor_password_is_refused(door, new, code):
    token = door.log_in(door.member("沈文"))["access_token"]

    answer = change(door, token, new)

    assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert new not in answer.json()["detail"]


def test_a_password_with_the_own_phone_is_refused(door):
    who = door.member()

    answer = change(door, door.log_in(who)["access_token"], f"tel {who.phone.removeprefix('+86')}")

    assert answer.json()["code"] == "password_personal"


def test_sixty_four_characters_count_to_the_last(door):
    who = door.member()
    long = "天" * 63 + "甲"
    assert change(door, door.log_in(who)["access_token"], long).status_code == 204

    assert door.try_login(who.phone, "天" * 63 + "乙").status_code == 401
    assert door.try_login(who.phone, long).status_code == 200


def test_a_password_is_the_same_however_it_was_typed():
    composed, decomposed = "café au lait", "cafe\u0301 au lait"

    assert passwords.is_right(passwords.hash_password(composed), decomposed)


def test_the_profile_of_servers_is_argon2id_at_owasps_cost():
    strong = Settings(_env_file=None, password_hashing="strong")

    assert passwords.hash_password("x", strong).startswith("$argon2id$v=19$m=19456,t=2,p=1$")


def test_no_more_than_two_are_hashed_at_once(monkeypatch):

    lock, running, most = threading.Lock(), 0, 0

    def slow(self, password):
        nonlocal running, most
        with lock:
            running += 1
            most = max(most, running)
        time.sleep(0.02)
        with lock:
            running -= 1
        return ""

    monkeypatch.setattr(PasswordHasher, "hash", slow)
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(passwords.hash_password, ["x"] * 8))

    assert most == 2


def test_three_thousand_common_passwords_are_known_and_long_enough_to_matter():
    assert len(passwords._common()) == 3000
    assert min(map(len, passwords._common())) >= 8
    assert all(p == p.casefold() for p in passwords._common())


def test_mixing_kinds_of_characters_is_a_setting():
    lax, strict = Settings(_env_file=None), Settings(_env_file=None, password_classes=3)

    passwords.check_strength("quietharbour", lax)
    passwords.check_strength("Quietharbour7", strict)
    with pytest.raises(Invalid) as e:
        passwords.check_strength("quietharbour7", strict)
    assert e.value.code == "password_simple"


def test_the_least_length_is_a_setting():
    with pytest.raises(Invalid) as e:
        passwords.check_strength("quietharbour", Settings(_env_file=None, password_min_length=13))
    assert e.value.code == "password_short"


def test_one_time_passwords_are_strong_and_all_different():
    made = {passwords.one_time_password() for _ in range(100)}

    assert len(made) == 100
    for one in made:
        passwords.check_strength(one, Settings(_env_file=None))


def test_until_a_due_change_is_made_nothing_else_is_open(door):
    who = door.member(must_change_password=True)
    opened = door.log_in(who)
    token, http = opened["access_token"], door.client()
    assert opened["me"]["due"] == "password_change_required"

    for path in ("/api/v1/updates", "/api/v1/auth/sessions"):
        answer = http.get(path, headers=bearer(token))
        assert (answer.status_code, answer.json()["code"]) == (403, "password_change_required")
    assert change(door, token).status_code == 204

    assert http.get("/api/v1/updates", headers=bearer(token)).status_code == 200
    assert door.me(token).json()["due"] is None


def test_with_a_change_due_one_may_still_log_out(door):
    token = door.log_in(door.member(must_change_password=True))["access_token"]

    assert door.client().post("/api/v1/auth/logout", headers=bearer(token)).status_code == 204


def test_passwords_expire_where_the_setting_says_so(door):

    door.city.app.state.settings = door.city.app.state.settings.model_copy(
        update={"password_max_age_days": 90}
    )
    fresh = door.member(password_changed_at=clock.now() - timedelta(days=89))
    stale = door.staff(Role.SECRETARIAT, password_changed_at=clock.now() - timedelta(days=91))

    assert door.log_in(fresh)["me"]["due"] is None
    assert door.log_in(stale)["me"]["due"] == "password_change_required"
