"""Administrators and the access of accounts: sessions, lock-outs, first passwords, lists as Excel."""

from sqlalchemy import select, update

from app.auth.models import Account, AccountRole, LoginSession
from app.auth.passwords import hashing
from app.auth.permissions import Role
from app.core.sql import table
from app.notifications.models import Notification
from tests.exports.reading import rows
from tests.factories.city import City

A, R, N, S = table(Account), table(AccountRole), table(Notification), table(LoginSession)


def sessions(who, account_id: int) -> list[dict]:
    answer = who.get(f"/api/v1/accounts/{account_id}/sessions")
    assert answer.status_code == 200, answer.text
    return answer.json()["items"]


def test_a_session_is_ended_by_an_administrator_and_its_owner_is_told(city, app, database):
    system, auditor, member = city.staff(Role.SYSTEM_ADMIN), city.staff(Role.AUDITOR), city.member()
    first = member.session_id
    city.log_in(member)
    assert {one["id"] for one in sessions(system, member.account_id)} == {first, member.session_id}
    path = f"/api/v1/accounts/{member.account_id}/sessions"

    assert city.staff(Role.SECURITY_ADMIN).delete(f"{path}/{first}").status_code == 403
    assert system.delete(f"{path}/{system.session_id}").status_code == 404  # a session of another account
    assert system.delete(f"{path}/{member.session_id}").status_code == 204
    assert system.delete(f"{path}/{member.session_id}").status_code == 404

    assert member.get("/api/v1/auth/me").status_code == 401
    assert [one["id"] for one in sessions(system, member.account_id)] == [first]
    with database.read.connect() as conn:
        assert conn.scalars(select(N.c.kind).where(N.c.account_id == member.account_id)).all() == [
            "credential.session_closed"
        ]
    log = auditor.get("/api/v1/audit").json()["items"]
    assert {"session.closed", "session.read"} <= {entry["action"] for entry in log}
    own = system.delete(f"/api/v1/accounts/{system.account_id}/sessions/{system.session_id}")
    assert own.json()["code"] == "own_account"


def test_another_organization_sees_only_what_works_there(city, app, database):
    county = City(app, database, name="政协柳溪县委员会")
    chief, member = county.staff(Role.SYSTEM_ADMIN), city.member()
    path = f"/api/v1/accounts/{member.account_id}"
    assert chief.get(f"{path}/sessions").status_code == 404
    with database.transaction() as db:
        values = {"account_id": member.account_id, "organization_id": county.organization_id}
        db.execute(R.insert().values(role=Role.LEADER, **values))
    assert sessions(chief, member.account_id) == []
    assert chief.delete(f"{path}/sessions/{member.session_id}").status_code == 404
    assert chief.delete(f"{path}/lock").json()["code"] == "shared_account"


def test_a_locked_account_is_found_and_unlocked(door, city):
    system, owner = city.staff(Role.SYSTEM_ADMIN), door.member()
    city.member()
    for _ in range(6):
        last = door.try_login(owner.phone, "wrong")
    assert last.status_code == 429
    locked = system.get("/api/v1/accounts?locked=true").json()["items"]
    assert [(one["id"], one["locked_until"] is not None) for one in locked] == [(owner.account_id, True)]
    assert system.delete(f"/api/v1/accounts/{owner.account_id}/lock").status_code == 204
    assert system.get("/api/v1/accounts?locked=true").json()["items"] == []
    assert door.try_login(owner.phone).status_code == 200


def test_accounts_are_filtered_and_exported(city):
    system, officer = city.staff(Role.SYSTEM_ADMIN), city.staff(Role.UNIT_OFFICER, "承办甲")
    closed = city.member("=离线")
    system.put(f"/api/v1/accounts/{closed.account_id}/disabled", {"disabled": True})

    def ids(query: str) -> list[int]:
        return [one["id"] for one in system.get(f"/api/v1/accounts?{query}").json()["items"]]

    assert ids(f"unit_id={city.units[0]}") == [officer.account_id]
    assert ids("disabled=true") == [closed.account_id]
    assert closed.account_id not in ids("disabled=false")
    assert system.get("/api/v1/accounts?wrong=1").status_code == 422

    head, *found = rows(system.get("/api/v1/exports/accounts.xlsx?disabled=true").content)
    row = dict(zip(head, found[0], strict=True))
    assert (len(found), row["姓名"], row["角色"]) == (1, "=离线", "委员")
    assert "****" in row["手机号码"]
    auditor = city.staff(Role.AUDITOR)
    head, *found = rows(auditor.get("/api/v1/exports/audit.xlsx?action=list.exported").content)
    entry = dict(zip(head, found[0], strict=True))
    assert (entry["操作"], '"list": "accounts"' in entry["详情"]) == ("list.exported", True)
    assert system.get("/api/v1/exports/audit.xlsx").status_code == 403


def test_first_passwords_are_shown_once_and_open_the_account(door, city, database):
    system, members = city.staff(Role.SYSTEM_ADMIN), [city.member(f"委员{n}") for n in "甲乙丙"]
    with database.transaction() as db:
        mine = A.c.id.in_([members[0].account_id, members[1].account_id])
        db.execute(update(A).where(mine).values(password_hash=""))
    path = "/api/v1/accounts/first-passwords"
    assert city.staff().post(path, {}).status_code == 403
    given = system.post(path, {}).json()
    assert [(one["name"], one["sector"]) for one in given["items"]] == [
        ("委员甲", "经济界"),
        ("委员乙", "经济界"),
    ]
    assert given["next"] is None
    assert system.post(path, {}).json()["items"] == []
    first = given["items"][0]
    opened = door.try_login(first["phone"], first["one_time_password"])
    assert opened.json()["me"]["due"] == "password_change_required"
    with database.read.connect() as conn:
        stored = conn.scalars(select(A.c.password_hash)).all()
    assert not [one for one in given["items"] if one["one_time_password"] in " ".join(stored)]


def test_who_logs_in_while_first_passwords_are_made_again_keeps_theirs(door, city, database, monkeypatch):
    system, owner = city.staff(Role.SYSTEM_ADMIN), door.member(must_change_password=True)
    with database.transaction() as db:
        db.execute(S.delete().where(S.c.account_id == owner.account_id))

    def made() -> str:
        assert door.try_login(owner.phone).status_code == 200
        return "k7mwn2xrtq5d"

    monkeypatch.setattr(hashing, "one_time_password", made)
    answer = system.post("/api/v1/accounts/first-passwords", {"again": True})
    assert (answer.status_code, answer.json()["items"]) == (200, [])
    assert door.try_login(owner.phone).status_code == 200
