import pytest
from argon2 import PasswordHasher
from sqlalchemy import delete, update

from app.auth.models import Account, AccountRole
from app.auth.passwords.hashing import is_outdated
from app.auth.permissions import Role
from app.core import clock
from app.core.sql import table
from tests.auth.conftest import PASSWORD, bearer


@pytest.mark.parametrize(
    "form", ["{0}", "{1}", "{1:.3} {1:.7}", " {1}"], ids=["e164", "national", "cut", "blank"]
)
def test_a_member_logs_in_with_the_phone_as_people_write_it(door, form):
    who = door.member()
    national = who.phone.removeprefix("+86")
    written = form.format(who.phone, national) if "cut" not in form else national
    if "." in form:
        written = f"{national[:3]} {national[3:7]} {national[7:]}"

    answer = door.try_login(written)

    assert answer.status_code == 200, answer.text
    assert answer.headers["cache-control"] == "no-store"
    assert answer.json()["expires_in"] == 900
    me = answer.json()["me"]
    assert (me["name"], me["account_id"]) == ("沈文", who.account_id)
    assert door.me(answer.json()["access_token"]).json() == me


def test_me_says_roles_permissions_organization_and_seat_but_no_phone(door):
    who = door.member()

    me = door.log_in(who)["me"]

    assert me["roles"] == [{"role": "member", "role_label": "委员"}]
    assert "update.post" in me["permissions"]
    assert me["organization"]["name"] == "政协云川市委员会"
    assert me["organizations"] == [me["organization"]]
    assert me["seat"]["id"] == who.seat_id
    assert (me["seat"]["sector"], me["seat"]["post"], me["seat"]["term"]) == ("经济界", "member", "第十六届")
    assert (me["unit"], me["due"], me["second_factor"]) == (None, None, False)
    assert me["phone"] == f"{who.phone[3:6]}****{who.phone[-4:]}"


def test_a_unit_officer_sees_the_unit(door):
    who = door.staff(Role.UNIT_OFFICER)

    assert door.log_in(who)["me"]["unit"]["name"] == "市教育局"


def test_known_and_unknown_phones_are_answered_alike(door):
    who = door.member()

    known, unknown = (
        door.try_login(who.phone, "wrong password"),
        door.try_login("13900000000", "wrong password"),
    )

    assert known.status_code == unknown.status_code == 401
    assert {**known.json(), "request_id": ""} == {**unknown.json(), "request_id": ""}
    assert known.json()["code"] == "wrong_login"


def test_an_unknown_phone_costs_a_verification_too(door, monkeypatch):

    calls, verify = [], PasswordHasher.verify

    def counted(*args):
        calls.append(args)
        return verify(*args)

    monkeypatch.setattr(PasswordHasher, "verify", counted)

    door.try_login("13900000000")

    assert len(calls) == 2  # as many as for a phone that two organizations know


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"phone": "13900000000"}, "body.password"),
        ({"phone": "13900000000", "password": "x", "admin": True}, "body.admin"),
        ({"phone": "13900000000", "password": "x" * 129}, "body.password"),
        ({"phone": "1" * 33, "password": "x"}, "body.phone"),
    ],
)
def test_a_malformed_login_is_told_where(door, body, field):
    answer = door.client().post("/api/v1/auth/login", json=body)

    assert answer.status_code == 422
    assert [e["field"] for e in answer.json()["errors"]] == [field]
    assert "x" * 129 not in answer.text


@pytest.mark.parametrize("phone", ["", "abc", "123", "1371111", "139123456789", "\u0000", "+999999999999999"])
def test_what_is_no_phone_is_refused(door, phone):
    answer = door.try_login(phone)

    assert (answer.status_code, answer.json()["code"]) == (422, "bad_phone")


def test_a_lone_surrogate_is_refused(door):
    raw = b'{"phone": "13900000000", "password": "\\ud800"}'

    answer = door.client().post(
        "/api/v1/auth/login", content=raw, headers={"Content-Type": "application/json"}
    )

    assert answer.status_code in {401, 422}


def test_a_disabled_account_is_told_so_only_with_the_right_password(door):
    who = door.member(disabled_at=clock.now())

    assert door.try_login(who.phone, "wrong password").json()["code"] == "wrong_login"
    answer = door.try_login(who.phone)
    assert (answer.status_code, answer.json()["code"]) == (403, "account_disabled")


def test_an_account_without_a_role_opens_nothing(door):
    who = door.member()
    r = table(AccountRole)
    with door.city.database.transaction() as db:
        db.execute(delete(r).where(r.c.account_id == who.account_id))

    answer = door.try_login(who.phone)

    assert (answer.status_code, answer.json()["code"]) == (403, "no_role")


def test_a_weaker_hash_is_replaced_at_login(door):

    who = door.member()
    config = door.city.app.state.settings
    a = table(Account)

    weak = PasswordHasher(time_cost=2, memory_cost=16, parallelism=1).hash(PASSWORD)
    with door.city.database.transaction() as db:
        db.execute(update(a).where(a.c.id == who.account_id).values(password_hash=weak))
    assert is_outdated(weak, config)

    door.log_in(who)

    with door.city.database.read.connect() as conn:
        stored = conn.scalar(a.select().with_only_columns(a.c.password_hash).where(a.c.id == who.account_id))
    assert not is_outdated(stored, config)
    door.log_in(who)


def test_the_browser_gets_cookies_that_scripts_cannot_read(door):
    who = door.member()
    http = door.client()

    answer = door.try_login(who.phone, http=http)

    access, device, refresh = sorted(answer.headers.get_list("set-cookie"))
    assert access.startswith("lvyi_access=")
    assert refresh.startswith("lvyi_refresh=")
    assert "Path=/api;" in access
    assert device.startswith(f"lvyi_device_{who.account_id}=")
    assert "Path=/api/v1/auth;" in refresh
    assert "Path=/api/v1/auth;" in device
    for cookie in (access, device, refresh):
        assert "HttpOnly" in cookie
        assert "SameSite=lax" in cookie
    assert http.get("/api/v1/auth/me").json()["account_id"] == who.account_id


@pytest.mark.parametrize(
    ("origin", "status"),
    [
        ("http://testserver", 204),
        ("http://127.0.0.1:8000", 204),  # the public address
        ("https://testserver", 403),
        ("https://127.0.0.1:8000", 403),
        ("http://testserver:81", 403),
        (None, 403),
        ("", 403),
        ("https://evil.example", 403),
        ("null", 403),
    ],
)
def test_a_write_by_cookie_must_come_from_our_own_pages(door, origin, status):
    http = door.client()
    door.try_login(door.member().phone, http=http)

    answer = http.post("/api/v1/auth/logout", headers={"Origin": origin} if origin else {})

    assert answer.status_code == status
    if status == 403:
        assert answer.json()["code"] == "bad_origin"


def test_a_login_from_a_foreign_page_is_refused(door):
    answer = door.try_login(door.member().phone, headers={"Origin": "https://evil.example"})

    assert (answer.status_code, answer.json()["code"]) == (403, "bad_origin")
    assert "set-cookie" not in answer.headers


def test_a_program_uses_its_token_from_anywhere(door):
    token = door.log_in(door.member())["access_token"]

    answer = door.client().post(
        "/api/v1/auth/logout", headers=bearer(token) | {"Origin": "https://else.example"}
    )

    assert answer.status_code == 204


def test_a_token_in_the_url_counts_for_nothing(door):
    token = door.log_in(door.member())["access_token"]

    assert door.client().get(f"/api/v1/auth/me?access_token={token}&token={token}").status_code == 401
