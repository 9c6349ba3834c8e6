"""What is in the log, and how the auditor reads it."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import update

from app.audit.service import log
from app.auth.permissions import Role
from app.auth.watch import tell
from app.core import clock
from tests.audit.attacker import owning
from tests.auth.conftest import PASSWORD, bearer
from tests.factories.city import City
from tests.factories.domains.audit import E, broken, entries, write


@pytest.mark.parametrize("word", ["phone", "token", "password", "text", "body"])
def test_phones_tokens_and_texts_are_refused(city, word):
    with pytest.raises(ValueError, match=word), city.database.transaction() as db:
        log(db, None, "a.done", None, **{word: "x"})


def test_login_failure_lock_logout_and_password_are_in_the_log_without_secrets(door, city):
    who = door.member()
    opened = door.log_in(who)
    mine = bearer(opened["access_token"])
    body = {"current_password": PASSWORD, "new_password": "another quiet harbour"}
    door.client().put("/api/v1/auth/password", json=body, headers=mine)
    door.client().post("/api/v1/auth/logout", headers=mine)
    for _ in range(6):
        door.try_login(who.phone, "wrong password")
    door.try_login("13900000000", "wrong password")

    rows = entries(city, E.c.action, E.c.result, E.c.account_id, E.c.address)
    assert rows == [
        ("login", "ok", who.account_id, "192.0.2.1"),
        ("password.changed", "ok", who.account_id, "192.0.2.1"),
        ("logout", "ok", who.account_id, "192.0.2.1"),
        *[("login", "failed", who.account_id, "192.0.2.1")] * 4,
        ("login", "locked", who.account_id, "192.0.2.1"),
        ("login", "failed", None, "192.0.2.1"),
    ]
    everything = str(entries(city))
    for secret in (
        who.phone[3:],
        "13900000000",
        "wrong password",
        PASSWORD,
        opened["access_token"],
        opened["refresh_token"],
    ):
        assert secret not in everything
    assert broken(city) is None


def test_a_reused_refresh_token_is_in_the_log(door, city):
    who, start = door.member(), clock.now()
    opened = door.log_in(who)
    for later in (0, 60):
        with clock.frozen_at(start + timedelta(seconds=later)):
            door.client().post("/api/v1/auth/refresh", json={"refresh_token": opened["refresh_token"]})

    assert entries(city, E.c.action, E.c.result)[-1] == ("session.reused", "denied")


def test_changes_of_accounts_and_roles_name_the_administrator(city):
    system, security = city.staff(Role.SYSTEM_ADMIN), city.staff(Role.SECURITY_ADMIN)
    made = system.post("/api/v1/accounts", {"phone": "13900000001", "name": "卫文"}).json()["account_id"]
    path = f"/api/v1/accounts/{made}"
    security.post(f"{path}/roles", {"role": "leader"})
    security.delete(f"{path}/roles/leader")
    security.delete(f"{path}/second-factor")
    system.post(f"{path}/password-reset")
    system.put(f"{path}/disabled", {"disabled": True})

    rows = entries(city, E.c.action, E.c.account_id, E.c.subject_type, E.c.subject_id, E.c.detail)

    about = ("account", made)
    assert rows == [
        ("account.created", system.account_id, *about, {}),
        ("password.issued", system.account_id, *about, {"way": "account"}),
        ("role.granted", security.account_id, *about, {"role": "leader"}),
        ("role.revoked", security.account_id, *about, {"role": "leader"}),
        ("second_factor.removed", security.account_id, *about, {}),
        ("password.reset", system.account_id, *about, {}),
        ("account.disabled", system.account_id, *about, {}),
    ]


def test_a_denial_is_in_the_log_once_a_minute(city):
    who, start = city.member(), clock.now()
    for seconds in (0, 1, 2, 61):
        with clock.frozen_at(start + timedelta(seconds=seconds)):
            assert who.get("/api/v1/audit").status_code == 403
    who.get("/api/v1/accounts")

    rows = entries(city, E.c.action, E.c.result, E.c.account_id, E.c.detail)
    assert rows == [
        ("access.denied", "denied", who.account_id, {"permission": "audit.read"}),
        ("access.denied", "denied", who.account_id, {"permission": "audit.read"}),
        ("access.denied", "denied", who.account_id, {"permission": "account.read"}),
    ]


def test_a_flood_of_denials_at_once_writes_one_entry(city):
    who = city.member()
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: who.get("/api/v1/audit"), range(12)))

    assert len(entries(city)) == 1


def test_the_auditor_reads_the_log_by_pages_and_filters(city, auditor):
    for action in ("a.done", "b.done", "a.done", "c.done"):
        with city.database.transaction() as db:
            tell(db, action, organization_id=city.organization_id)

    first = auditor.get("/api/v1/audit?limit=3").json()
    second = auditor.get(f"/api/v1/audit?limit=3&cursor={first['next']}").json()

    assert [e["action"] for e in first["items"] + second["items"]] == ["c.done", "a.done", "b.done", "a.done"]
    assert second["next"] is None
    assert len(auditor.get("/api/v1/audit?action=a.done").json()["items"]) == 2
    assert auditor.get("/api/v1/audit?result=failed").json()["items"] == []
    tomorrow = (clock.now() + timedelta(days=1)).isoformat()
    assert auditor.get("/api/v1/audit", params={"since": tomorrow}).json()["items"] == []
    until = {"until": tomorrow, "action": "a.done"}
    assert len(auditor.get("/api/v1/audit", params=until).json()["items"]) == 2


def test_an_entry_names_who_did_it(city, auditor):
    system = city.staff(Role.SYSTEM_ADMIN, "系统甲")
    made = system.post("/api/v1/accounts", {"phone": "13900000001", "name": "卫文"}).json()["account_id"]

    found = auditor.get(f"/api/v1/audit?subject_type=account&subject_id={made}").json()["items"]

    assert [(e["account_name"], e["action"], e["address"]) for e in found] == [
        ("系统甲", "password.issued", "127.0.0.1"),
        ("系统甲", "account.created", "127.0.0.1"),
    ]


@pytest.mark.parametrize(
    "query",
    [
        "limit=0",
        "limit=101",
        "limit=9223372036854775808",
        "since=2026-01-01T00:00:00",
        "cursor=x",
        "action=%00",
        "x=1",
    ],
)
def test_a_malformed_question_is_422(auditor, query):
    assert auditor.get(f"/api/v1/audit?{query}").status_code == 422


def test_an_auditor_sees_the_own_organization_alone(city, auditor):
    county = City(city.app, city.database, name="政协柳溪县委员会")
    county.staff(Role.SYSTEM_ADMIN).post("/api/v1/accounts", {"phone": "13900000001", "name": "卫文"})
    city.staff(Role.SYSTEM_ADMIN).post("/api/v1/accounts", {"phone": "13900000002", "name": "褚文"})
    write(city, "login", result="failed")

    found = auditor.get("/api/v1/audit").json()["items"]

    own = city.organization_id
    assert [(e["action"], e["organization_id"]) for e in found] == [
        ("password.issued", own),
        ("account.created", own),
    ]


def test_the_auditor_proves_the_log(city, auditor):
    write(city, "a.done", "b.done")
    sound = {"checked": 2, "broken": None, "fault": None, "fault_label": None, "next": None}
    assert auditor.get("/api/v1/audit/verification").json() == sound

    owning(city, update(E).where(E.c.id == 2).values(result="x"))

    told = auditor.get("/api/v1/audit/verification").json()
    assert [told[name] for name in ("checked", "broken", "fault", "next")] == [1, 2, "changed", None]
