"""Accounts are opened, listed, disabled and reset, by the administrator whose work it is."""

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from app.auth.accounts.service import (
    Grant,
    create_account,
    grant_role,
    remove_second_factor,
    reset_lost,
    reset_password,
)
from app.auth.models import Account
from app.auth.permissions import SEPARATE, Role
from app.core.errors import Conflict
from app.core.sql import table
from tests.auth.conftest import NEW, PASSWORD, account, bearer
from tests.factories.city import City
from tests.factories.second_factor import enrolled


def test_from_a_new_account_to_a_first_login(door, system, security):
    made = system.post("/api/v1/accounts", NEW)
    assert made.status_code == 201, made.text
    one = made.json()
    assert door.try_login(NEW["phone"], one["one_time_password"]).json()["code"] == "no_role"

    granted = security.post(account("/roles", id=one["account_id"]), {"role": "secretariat"})

    assert granted.status_code == 200, granted.text
    assert granted.json()["roles"] == [
        {
            "role": "secretariat",
            "role_label": "机关工作人员",
            "seat_id": None,
            "unit_id": None,
            "office_id": None,
            "ends_on": None,
        }
    ]
    opened = door.try_login(NEW["phone"], one["one_time_password"]).json()
    assert opened["me"]["due"] == "password_change_required"
    body = {"current_password": one["one_time_password"], "new_password": PASSWORD}
    mine = bearer(opened["access_token"])
    assert door.client().put("/api/v1/auth/password", json=body, headers=mine).status_code == 204
    assert door.try_login(NEW["phone"]).json()["me"]["due"] is None


def test_a_phone_has_one_account(system):
    assert system.post("/api/v1/accounts", NEW).status_code == 201

    answer = system.post("/api/v1/accounts", NEW | {"phone": "+86 139-0000-0001"})

    assert (answer.status_code, answer.json()["code"]) == (409, "phone_taken")


def test_neither_administrator_does_the_others_work(city, system, security):
    who = city.member()
    at = lambda path: account(path, id=who.account_id)  # noqa: E731
    auditor = city.staff(Role.AUDITOR)

    for admin in (security, auditor):
        assert admin.post("/api/v1/accounts", NEW).status_code == 403
        assert admin.put(at("/disabled"), {"disabled": True}).status_code == 403
        assert admin.post(at("/password-reset")).status_code == 403
    for admin in (system, auditor):
        assert admin.post(at("/roles"), {"role": "leader"}).status_code == 403
        assert admin.delete(at("/roles/member")).status_code == 403
        assert admin.delete(at("/second-factor")).status_code == 403
    for admin in (system, security):
        assert admin.get("/api/v1/audit").status_code == 403


def test_a_disabled_account_is_out_at_once_and_may_come_back(door, system):
    who = door.member()
    token = door.log_in(who)["access_token"]

    assert system.put(account("/disabled", id=who.account_id), {"disabled": True}).status_code == 204
    assert door.me(token).status_code == 401
    assert door.try_login(who.phone).json()["code"] == "account_disabled"

    assert system.put(account("/disabled", id=who.account_id), {"disabled": False}).status_code == 204
    assert door.me(token).status_code == 401
    assert door.try_login(who.phone).status_code == 200


def test_a_reset_password_is_new_each_time_and_ends_the_sessions(door, system):
    who = door.member()
    token = door.log_in(who)["access_token"]
    path = account("/password-reset", id=who.account_id)

    first, second = (system.post(path).json()["one_time_password"] for _ in range(2))

    assert first != second
    assert door.me(token).status_code == 401
    assert door.try_login(who.phone).status_code == 401
    assert door.try_login(who.phone, first).status_code == 401
    assert door.try_login(who.phone, second).json()["me"]["due"] == "password_change_required"


def test_whose_password_or_second_factor_was_reset_hears_of_it(city, system, security):
    who, other = city.staff(name="沈文"), city.staff(name="旁人")
    system.post(account("/password-reset", id=who.account_id))
    security.delete(account("/second-factor", id=who.account_id))
    with city.database.transaction() as db:
        reset_lost(db, who.phone, None, second_factor=False)
        db.execute(table(Account).update().values(must_change_password=False))

    bell = city.log_in(who).get("/api/v1/notifications").json()["items"]

    assert [(n["kind"], n["path"]) for n in bell] == [
        ("credential.password_reset", "/api/v1/auth/sessions"),
        ("credential.second_factor_removed", "/api/v1/auth/sessions"),
        ("credential.password_reset", "/api/v1/auth/sessions"),
    ]
    assert "如果不是您申请的，请马上联系安全管理员" in bell[0]["title"]
    assert other.get("/api/v1/notifications").json()["items"] == []


@pytest.mark.parametrize("role", sorted(SEPARATE))
def test_no_administrator_gets_into_anothers_account_by_a_reset(city, system, role):
    answer = system.post(account("/password-reset", id=city.staff(role).account_id))

    assert (answer.status_code, answer.json()["code"]) == (403, "administrator")


def test_nobody_acts_on_the_own_account(system, security):
    own = account("/roles", id=security.account_id)

    assert security.post(own, {"role": "leader"}).json()["code"] == "own_account"
    assert security.delete(f"{own}/security_admin").json()["code"] == "own_account"
    answer = system.put(account("/disabled", id=system.account_id), {"disabled": True})
    assert (answer.status_code, answer.json()["code"]) == (403, "own_account")


def test_accounts_of_other_organizations_are_not_there(city, system, security):
    county = City(city.app, city.database, name="政协柳溪县委员会")
    stranger = county.member("褚文")
    unassigned = county.staff(Role.SYSTEM_ADMIN).post("/api/v1/accounts", NEW).json()["account_id"]

    for account_id in (stranger.account_id, unassigned, 10**9):
        at = lambda path="", i=account_id: account(path, id=i)  # noqa: E731
        assert system.get(at()).status_code == 404
        assert system.put(at("/disabled"), {"disabled": True}).status_code == 404
        assert system.post(at("/password-reset")).status_code == 404
        assert security.post(at("/roles"), {"role": "leader"}).status_code == 404
        assert security.delete(at("/roles/member")).status_code == 404
        assert security.delete(at("/second-factor")).status_code == 404
    listed = {a["id"] for a in system.get("/api/v1/accounts?limit=100").json()["items"]}
    assert listed == {system.account_id, security.account_id}
    assert stranger.get("/api/v1/auth/me").status_code == 200


def test_an_account_that_others_need_is_not_closed_by_one_organization(city, system):
    county = City(city.app, city.database, name="政协柳溪县委员会")
    who, theirs = city.member(), county.member()
    with city.database.transaction() as db:
        county._grant(db, who.account_id, Role.LEADER)
        city._grant(db, theirs.account_id, Role.LEADER)

    for answer in (
        system.put(account("/disabled", id=theirs.account_id), {"disabled": True}),
        system.post(account("/password-reset", id=theirs.account_id)),
    ):
        assert (answer.status_code, answer.json()["code"]) == (409, "shared_account")
    for answer in (
        system.post(account("/password-reset", id=who.account_id)),
        system.put(account("/disabled", id=who.account_id), {"disabled": True}),
    ):
        assert answer.status_code < 300, answer.text


def test_accounts_are_listed_by_pages_with_masked_phones(city, system):
    people = [city.member(f"委员{n}") for n in range(3)]
    everybody = [system.account_id, *(p.account_id for p in people)]

    first = system.get("/api/v1/accounts?limit=2").json()
    second = system.get(f"/api/v1/accounts?limit=2&cursor={first['next']}").json()

    found = first["items"] + second["items"]
    assert [a["id"] for a in found] == sorted(everybody, reverse=True)
    assert second["next"] is None
    assert all("****" in a["phone"] for a in found)
    assert not any(p.phone[3:] in str(found) for p in people)
    named = system.get("/api/v1/accounts", params={"name": "委员1"}).json()["items"]
    assert [a["id"] for a in named] == [people[1].account_id]
    admins = system.get("/api/v1/accounts?role=system_admin").json()["items"]
    assert [a["id"] for a in admins] == [system.account_id]
    assert system.get("/api/v1/accounts?name=%25").json()["items"] == []


def test_a_lost_second_factor_is_removed_by_the_security_administrator(door, city, security):

    who, _, _ = enrolled(door)

    assert security.delete(account("/second-factor", id=who.account_id)).status_code == 204

    assert door.log_in(who)["me"]["second_factor"] is False


def test_without_a_password_nobody_can_log_in_until_one_is_set_at_the_shell(door, city):
    with city.database.transaction() as db:
        made = create_account(db, phone=NEW["phone"], name=NEW["name"], organization_id=city.organization_id)
        assert made.id
        grant_role(db, made.id, Grant(city.organization_id, Role.AUDITOR))
    assert made.phone == "+8613900000001"
    for password in ("", "!", PASSWORD):
        assert door.try_login(NEW["phone"], password).status_code in {401, 422}

    with city.database.transaction() as db:
        password = reset_password(db, made.id)
        remove_second_factor(db, made.id)

    assert door.try_login(NEW["phone"], password).status_code == 200


def test_the_phone_is_unique_even_in_a_race(city):

    with city.database.transaction() as db:
        create_account(db, phone=NEW["phone"], name="卫文", organization_id=city.organization_id)
    with pytest.raises((Conflict, IntegrityError)), city.database.transaction() as db:
        create_account(db, phone=NEW["phone"], name="卫武", organization_id=city.organization_id)

    a = table(Account)
    with city.database.read.connect() as conn:
        assert conn.execute(select(a.c.name).where(a.c.phone == "+8613900000001")).scalars().all() == ["卫文"]
