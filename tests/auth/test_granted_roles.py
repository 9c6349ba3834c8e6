"""Roles are granted and taken back; some are held apart from others."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from sqlalchemy import select

from app.auth.accounts.service import Grant, grant_role
from app.auth.models import AccountRole
from app.auth.permissions import SEPARATE, Role
from app.auth.queries import holding_apart
from app.core.sql import table
from tests.auth.conftest import account
from tests.factories.city import City


def roles_of(city, account_id):
    r = table(AccountRole)
    with city.database.read.connect() as conn:
        return set(conn.scalars(select(r.c.role).where(r.c.account_id == account_id)))


@pytest.mark.parametrize("held", sorted(SEPARATE))
@pytest.mark.parametrize("wanted", sorted(SEPARATE))
def test_no_account_holds_two_of_the_separate_roles(city, security, held, wanted):
    who = city.staff(held)

    answer = security.post(account("/roles", id=who.account_id), {"role": wanted})

    if held == wanted:
        assert answer.status_code == 200
    else:
        assert (answer.status_code, answer.json()["code"]) == (409, "separate_roles")
    assert roles_of(city, who.account_id) == {held}


def test_the_separate_roles_are_apart_over_all_organizations(city, security):
    county = City(city.app, city.database, name="政协柳溪县委员会")
    who = city.member()
    with city.database.transaction() as db:
        grant_role(db, who.account_id, Grant(county.organization_id, Role.AUDITOR))

    answer = security.post(account("/roles", id=who.account_id), {"role": "system_admin"})

    assert answer.json()["code"] == "separate_roles"


def test_two_grants_at_once_do_not_get_around_it(city, security):

    who = city.member()
    with ThreadPoolExecutor(3) as pool:
        answers = list(
            pool.map(
                lambda r: security.post(account("/roles", id=who.account_id), {"role": r}), sorted(SEPARATE)
            )
        )

    assert sorted(a.status_code for a in answers) == [200, 409, 409]
    assert len(roles_of(city, who.account_id) & SEPARATE) == 1


def test_a_change_of_roles_ends_the_sessions_of_the_account(city, security):
    who = city.member()

    security.post(account("/roles", id=who.account_id), {"role": "leader"})
    assert who.get("/api/v1/auth/me").status_code == 401
    city.log_in(who)
    assert [r["role"] for r in who.get("/api/v1/auth/me").json()["roles"]] == ["member", "leader"]

    assert security.delete(account("/roles/leader", id=who.account_id)).status_code == 204
    assert who.get("/api/v1/auth/me").status_code == 401
    assert security.delete(account("/roles/leader", id=who.account_id)).status_code == 404


def test_granting_what_is_held_changes_nothing(city, security):
    who = city.staff(Role.LEADER)

    assert security.post(account("/roles", id=who.account_id), {"role": "leader"}).status_code == 200

    assert who.get("/api/v1/auth/me").status_code == 200


@pytest.mark.parametrize(
    "body",
    [
        {"role": "member"},
        {"role": "unit_officer"},
        {"role": "leader", "unit_id": 1},
        {"role": "unit_officer", "unit_id": 10**6},
        {"role": "member", "seat_id": 10**6},
    ],
)
def test_a_role_needs_the_seat_or_unit_that_it_stands_for(city, security, body):
    answer = security.post(account("/roles", id=city.member().account_id), body)

    assert (answer.status_code, answer.json()["code"]) == (422, "seat_or_unit")


def test_a_unit_officer_is_granted_for_a_unit_of_the_organization(city, security):
    who = city.staff(Role.LEADER)
    county = City(city.app, city.database, name="政协柳溪县委员会")
    path = account("/roles", id=who.account_id)

    assert security.post(path, {"role": "unit_officer", "unit_id": county.units[0]}).status_code == 422
    assert security.post(path, {"role": "unit_officer", "unit_id": city.units[0]}).status_code == 200


def test_a_role_may_be_prolonged(city):

    who = city.member()
    with city.database.transaction() as db:
        for day in (date(2030, 1, 1), date(2031, 1, 1)):
            assert grant_role(db, who.account_id, Grant(city.organization_id, Role.LEADER, ends_on=day))
        assert not grant_role(db, who.account_id, Grant(city.organization_id, Role.LEADER, ends_on=day))

    r = table(AccountRole)
    with city.database.read.connect() as conn:
        ends = conn.execute(
            select(r.c.ends_on).where(r.c.account_id == who.account_id, r.c.role == "leader")
        ).all()
    assert [row.ends_on for row in ends] == [date(2031, 1, 1)]


@pytest.mark.parametrize(
    ("held", "more"),
    [
        (Role.AUDITOR, "secretariat"),
        (Role.AUDITOR, "leader"),
        (Role.SYSTEM_ADMIN, "secretariat"),
        (Role.SYSTEM_ADMIN, "leader"),
        (Role.SECRETARIAT, "auditor"),
        (Role.LEADER, "system_admin"),
    ],
)
def test_who_audits_or_opens_accounts_does_not_run_the_house(city, held, more):
    security, who = city.staff(Role.SECURITY_ADMIN), city.staff(held)
    answer = security.post(f"/api/v1/accounts/{who.account_id}/roles", {"role": more})
    assert (answer.status_code, answer.json()["code"]) == (409, "separate_roles")
    assert security.post(
        f"/api/v1/accounts/{who.account_id}/roles", {"role": "information_officer"}
    ).is_success


def test_accounts_from_before_that_rule_are_named_and_go_on(city):
    who = city.staff(Role.AUDITOR, "审计甲")
    city.staff(Role.SECRETARIAT)
    with city.database.transaction() as db:
        city._grant(db, who.account_id, Role.SECRETARIAT)
        city._grant(db, who.account_id, Role.INFORMATION_OFFICER)

    with city.database.read.connect() as conn:
        assert holding_apart(conn) == [(who.account_id, "审计甲", [Role.AUDITOR, Role.SECRETARIAT])]
    assert who.get("/api/v1/audit").status_code == 200
