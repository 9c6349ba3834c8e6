"""One phone, two organizations: neither learns of the other, neither changes what is the other's."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from app.audit.models import AuditEntry
from app.auth.accounts.service import Grant, create_account, grant_role
from app.auth.actor import holders
from app.auth.models import Account, LoginSession
from app.auth.permissions import Role
from app.auth.queries import accounts_by_phone
from app.core.errors import Conflict
from app.core.sql import table
from app.people.models import Person, Seat
from app.people.setup.accounts import NewAccount
from app.people.setup.accounts import create_account as add_at_shell
from tests.auth.conftest import Door, bearer
from tests.factories.city import City

E, P, S = table(AuditEntry), table(Person), table(LoginSession)


@pytest.fixture
def county(city):
    return City(city.app, city.database, name="政协柳溪县委员会")


def seat_in(county: City, name: str, phone: str, **more):
    body = {"name": name, "phone": phone, "sector_id": county.sectors[0]} | more
    return county.staff().post("/api/v1/seats", body)


def one_time_password(county: City, phone: str) -> str:
    """As the county's administrator hands it over."""
    admin = county.staff(Role.SYSTEM_ADMIN)
    listed = admin.get("/api/v1/accounts?limit=100").json()["items"]
    account_id = next(
        a["id"] for a in listed if a["phone"][-4:] == phone[-4:] and a["roles"][0]["role"] == "member"
    )
    return admin.post(f"/api/v1/accounts/{account_id}/password-reset").json()["one_time_password"]


def entries(city: City, organization_id: int | None, *actions: str):
    found = select(E.c.action, E.c.account_id, E.c.detail).where(
        E.c.organization_id == organization_id, E.c.action.in_(actions)
    )
    with city.database.read.connect() as conn:
        return [tuple(row) for row in conn.execute(found.order_by(E.c.id))]


def test_a_seat_says_what_was_entered_whoever_else_knows_the_phone(city, county):
    member = city.member("沈文")
    with city.database.transaction() as db:
        db.execute(P.update().values(gender="男"))
        db.execute(table(Seat).update().values(employer="云川大学"))

    known = seat_in(county, "沈文", member.phone)
    other_name = seat_in(county, "别人", city.member("周岚").phone)
    unknown = seat_in(county, "郑文", "13900000031")

    assert {a.status_code for a in (known, other_name, unknown)} == {201}
    kept = {"gender": None, "born_on": None, "employer": None}
    for answer in (known, other_name, unknown):
        assert {k: answer.json()[k] for k in kept} == kept
    county.staff().patch(f"/api/v1/seats/{known.json()['id']}", {"employer": "柳溪一中"})
    assert city.staff().get(f"/api/v1/seats/{member.seat_id}").json()["employer"] == "云川大学"
    assert member.get("/api/v1/auth/me").status_code == 200
    admin = county.staff(Role.SYSTEM_ADMIN)
    assert len(admin.get("/api/v1/accounts?role=member").json()["items"]) == 3
    opened = [
        admin.post("/api/v1/accounts", {"name": "吴文", "phone": p})
        for p in (city.staff().phone, "13900000032")
    ]
    assert [a.status_code for a in opened] == [201, 201]


def test_the_password_says_which_account_is_meant(door: Door, city, county):
    member = door.member("沈文")
    seat_in(county, "沈文", member.phone)
    first = one_time_password(county, member.phone)

    theirs, ours = door.try_login(member.phone, first).json()["me"], door.log_in(member)["me"]

    assert theirs["organization"]["name"] == county.name
    assert (ours["account_id"], ours["organization"]["name"]) == (member.account_id, city.name)
    assert [o["name"] for o in ours["organizations"]] == [city.name]
    wrong = door.try_login(member.phone, "not this one")
    assert (wrong.status_code, wrong.json()["code"]) == (401, "wrong_login")


def test_the_owner_links_the_accounts_by_the_other_password(door: Door, city, county):
    member = door.member("沈文")
    seat = seat_in(county, "沈文", member.phone).json()["id"]
    first = one_time_password(county, member.phone)

    wrong = member.post("/api/v1/auth/links", {"password": "k7mwn2xrtq5d"})
    linked = member.post("/api/v1/auth/links", {"password": first})

    assert (wrong.status_code, wrong.json()["code"]) == (422, "wrong_password")
    assert linked.status_code == 200, linked.text
    assert [o["name"] for o in linked.json()["organizations"]] == [city.name, county.name]
    there = member.put("/api/v1/auth/organization", {"organization_id": county.organization_id})
    assert there.json()["seat"]["id"] == seat
    with city.database.read.connect() as conn:
        a = table(Account)
        assert conn.scalars(select(a.c.organization_id).where(a.c.phone == member.phone)).all() == [
            city.organization_id
        ]
    assert door.try_login(member.phone, first).status_code == 401
    for organization_id in (city.organization_id, county.organization_id):
        assert [e[0] for e in entries(city, organization_id, "account.linked")] == ["account.linked"]


def test_a_wrong_link_is_answered_alike_and_locks(door: Door, city, county):
    known, alone = door.member("沈文"), door.member("周岚")
    seat_in(county, "沈文", known.phone)

    answers = [who.post("/api/v1/auth/links", {"password": "k7mwn2xrtq5d"}).json() for who in (known, alone)]

    assert {**answers[0], "request_id": ""} == {**answers[1], "request_id": ""}
    for _ in range(5):
        last = known.post("/api/v1/auth/links", {"password": "k7mwn2xrtq5d"})
    assert (last.status_code, last.json()["code"]) == (429, "locked_out")


def test_an_account_in_use_is_not_linked(door: Door, city, county):
    member = door.member("沈文")
    seat_in(county, "沈文", member.phone)
    first = one_time_password(county, member.phone)
    assert door.try_login(member.phone, first).status_code == 200

    answer = member.post("/api/v1/auth/links", {"password": first})

    assert (answer.status_code, answer.json()["code"]) == (409, "account_used")


def linked(door: Door, county: City):
    member = door.member("沈文")
    seat_in(county, "沈文", member.phone)
    assert (
        member.post("/api/v1/auth/links", {"password": one_time_password(county, member.phone)}).status_code
        == 200
    )
    return member


def test_the_other_organization_ends_its_own_sessions_only_and_home_keeps_control(door: Door, city, county):
    member = linked(door, county)
    there = door.log_in(member)["access_token"]
    http = door.client()
    http.put(
        "/api/v1/auth/organization", json={"organization_id": county.organization_id}, headers=bearer(there)
    )
    security = county.staff(Role.SECURITY_ADMIN)
    roles = f"/api/v1/accounts/{member.account_id}/roles"

    assert security.post(roles, {"role": "leader"}).status_code == 200
    assert door.me(there).status_code == 401
    assert member.get("/api/v1/auth/me").status_code == 200
    admin_role = security.post(roles, {"role": "auditor"})
    assert (admin_role.status_code, admin_role.json()["code"]) == (409, "foreign_account")
    for path in ("password-reset", "disabled"):
        method = county.staff(Role.SYSTEM_ADMIN).http.request
        answer = method(
            "PUT" if path == "disabled" else "POST",
            f"/api/v1/accounts/{member.account_id}/{path}",
            json={"disabled": True},
        )
        assert (answer.status_code, answer.json()["code"]) == (409, "shared_account")
    seat = seat_in(county, "沈文", member.phone)
    assert seat.json()["code"] == "seat_exists"

    reset = city.staff(Role.SYSTEM_ADMIN).post(f"/api/v1/accounts/{member.account_id}/password-reset")

    assert reset.status_code == 200
    assert entries(city, city.organization_id, "role.granted")[-1] == (
        "role.granted",
        None,
        {"role": "leader", "by_organization": county.organization_id},
    )
    assert entries(city, county.organization_id, "password.reset")[-1][1:] == (
        None,
        {"by_organization": city.organization_id},
    )


def test_failed_logins_are_read_where_the_account_works_and_unknown_phones_nowhere(door: Door, city, county):
    member = door.member("沈文")
    door.try_login(member.phone, "not this one")
    door.try_login("13900000033", "not this one")

    ours, theirs = (
        of.staff(Role.AUDITOR).get("/api/v1/audit?result=failed").json()["items"] for of in (city, county)
    )

    assert [(e["account_id"], e["organization_id"]) for e in ours] == [
        (member.account_id, city.organization_id)
    ]
    assert theirs == []
    with city.database.read.connect() as conn:
        unknown = select(E.c.account_id).where(E.c.organization_id.is_(None), E.c.action == "login")
        assert conn.scalars(unknown).all() == [None]


def test_the_right_password_of_one_account_does_not_forgive_guesses_at_the_other(door: Door, city, county):
    member = door.member("沈文")
    seat_in(county, "沈文", member.phone)
    first = one_time_password(county, member.phone)

    answers = []
    for _ in range(4):
        answers += [door.try_login(member.phone, f"k7mwn2xrtq{n}").status_code for n in range(3)]
        answers.append(door.try_login(member.phone, first).status_code)

    assert 429 in answers, "who holds one account of a phone guesses at the others no longer than a stranger"


def test_guesses_at_a_link_are_counted_over_sessions(door: Door, city, county):
    member = door.member("沈文")
    seat_in(county, "沈文", member.phone)
    answers = []
    for n in range(8):
        again = door.client()
        token = door.log_in(member)["access_token"]
        body = {"password": f"k7mwn2xrtq{n}"}
        answers.append(again.post("/api/v1/auth/links", json=body, headers=bearer(token)).status_code)
    assert answers[-1] == 429


def test_roles_that_are_kept_apart_do_not_meet_by_a_link(door: Door, city, county):
    admin = city.staff(Role.SYSTEM_ADMIN, "沈文")
    with city.database.transaction() as db:
        made = create_account(
            db,
            phone=admin.phone,
            name="沈文",
            organization_id=county.organization_id,
            password="k7mwn2xrtq5d",
        )
        grant_role(db, made.id or 0, Grant(county.organization_id, Role.SECRETARIAT))

    answer = admin.post("/api/v1/auth/links", {"password": "k7mwn2xrtq5d"})

    assert (answer.status_code, answer.json()["code"]) == (409, "separate_roles")


@pytest.mark.parametrize(
    ("here", "there"),
    [
        (Role.AUDITOR, Role.SECRETARIAT),
        (Role.AUDITOR, Role.LEADER),
        (Role.LEADER, Role.AUDITOR),
        (Role.SECRETARIAT, Role.AUDITOR),
    ],
)
def test_an_auditor_does_not_become_staff_or_leader_by_a_link(city, county, here, there):
    who = city.staff(here, "沈文")
    with city.database.transaction() as db:
        made = create_account(
            db, phone=who.phone, name="沈文", organization_id=county.organization_id, password="k7mwn2xrtq5d"
        )
        grant_role(db, made.id or 0, Grant(county.organization_id, there))

    answer = who.post("/api/v1/auth/links", {"password": "k7mwn2xrtq5d"})

    assert (answer.status_code, answer.json()["code"]) == (409, "separate_roles")


def test_at_the_shell_linked_people_get_a_role_and_no_password_that_opens_nothing(door: Door, city, county):
    member = linked(door, county)
    new = NewAccount(Role.SECRETARIAT, member.phone, "沈文", county.name)
    with city.database.transaction() as db:
        assert add_at_shell(db, new) is None, "the account that is left has its password"
        password = add_at_shell(db, replace(new, role=Role.AUDITOR, phone="13900000077", name="钱文"))
        with pytest.raises(Conflict, match="另一人"):
            add_at_shell(db, replace(new, name="别人"))

    assert password
    assert door.try_login("13900000077", password).status_code == 200
    with city.database.read.connect() as conn:
        assert len(accounts_by_phone(conn, member.phone)) == 1, "no second account was made"
        roles = holders(conn, county.organization_id, [member.account_id])[member.account_id].roles
    assert roles == {Role.MEMBER, Role.SECRETARIAT}
