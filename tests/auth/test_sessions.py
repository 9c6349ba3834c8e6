from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from app.auth.accounts.revocation import forget_sessions
from app.auth.models import Account, AccountRole, LoginSession, SpentRefresh
from app.auth.permissions import Role
from app.core import clock
from app.core.sql import table
from tests.auth.conftest import PASSWORD, bearer
from tests.factories.city import City


def refresh(door, token, http=None):
    return (http or door.client()).post("/api/v1/auth/refresh", json={"refresh_token": token})


def test_a_refresh_gives_the_next_token_and_a_new_access_token(door):
    first = door.log_in(door.member())

    with clock.frozen_at(clock.now() + timedelta(minutes=20)):
        assert door.me(first["access_token"]).json()["code"] == "token_expired"
        second = refresh(door, first["refresh_token"]).json()
        assert second["refresh_token"] != first["refresh_token"]
        assert door.me(second["access_token"]).status_code == 200
        assert refresh(door, second["refresh_token"]).status_code == 200


def test_a_spent_token_within_the_grace_gets_the_same_answer_again(door):
    first = door.log_in(door.member())
    start = clock.now()

    with clock.frozen_at(start):
        lost = refresh(door, first["refresh_token"]).json()
    with clock.frozen_at(start + timedelta(seconds=9)):
        again = refresh(door, first["refresh_token"]).json()

    assert again["refresh_token"] == lost["refresh_token"]
    assert refresh(door, again["refresh_token"]).status_code == 200


def test_a_spent_token_after_the_grace_ends_the_session_for_both(door):
    who = door.member()
    first, start = door.log_in(who), clock.now()
    with clock.frozen_at(start):
        thief = refresh(door, first["refresh_token"]).json()

    with clock.frozen_at(start + timedelta(seconds=11)):
        answer = refresh(door, first["refresh_token"])

        assert (answer.status_code, answer.json()["code"]) == (401, "session_over")
        assert refresh(door, thief["refresh_token"]).status_code == 401
        assert door.me(thief["access_token"]).status_code == 401
    assert door.sessions(who)[-1].revoke_reason == "refresh_reused"


def test_a_spent_token_whose_follower_was_used_ends_the_session_even_within_the_grace(door):
    first = door.log_in(door.member())
    with clock.frozen_at(clock.now()):
        second = refresh(door, first["refresh_token"]).json()
        third = refresh(door, second["refresh_token"]).json()

        assert refresh(door, first["refresh_token"]).status_code == 401
        assert refresh(door, third["refresh_token"]).status_code == 401


def test_two_tabs_at_once_get_the_same_token(door):

    first = door.log_in(door.member())

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: refresh(door, first["refresh_token"]), range(4)))

    assert {a.status_code for a in answers} == {200}
    assert len({a.json()["refresh_token"] for a in answers}) == 1


@pytest.mark.parametrize("token", ["x", "é" * 43, "a" * 100])
def test_an_invented_refresh_token_opens_nothing(door, token):
    assert refresh(door, token).status_code == 401


def test_a_browser_refreshes_by_cookie_and_scripts_see_no_token(door):
    http = door.client()
    door.try_login(door.member().phone, http=http)
    old = http.cookies["lvyi_refresh"]

    assert http.post("/api/v1/auth/refresh").json()["code"] == "bad_origin"
    answer = http.post("/api/v1/auth/refresh", headers={"Origin": "http://testserver"})

    assert answer.status_code == 200
    assert answer.json() == {"access_token": None, "refresh_token": None, "expires_in": 900}
    assert http.cookies["lvyi_refresh"] != old
    assert http.get("/api/v1/auth/me").status_code == 200


def test_nothing_to_refresh_is_401(door):
    assert door.client().post("/api/v1/auth/refresh").status_code == 401


def test_after_logout_both_tokens_are_dead_at_once(door):
    opened = door.log_in(door.member())

    assert (
        door.client().post("/api/v1/auth/logout", headers=bearer(opened["access_token"])).status_code == 204
    )

    assert door.me(opened["access_token"]).status_code == 401
    assert refresh(door, opened["refresh_token"]).status_code == 401


def test_logout_takes_the_cookies_back(door):
    http = door.client()
    who = door.member()
    door.try_login(who.phone, http=http)

    http.post("/api/v1/auth/logout", headers={"Origin": "http://testserver"})

    assert set(http.cookies) == {f"lvyi_device_{who.account_id}"}


def test_disabling_ends_sessions_at_once(door):
    who = door.member()
    opened = door.log_in(who)
    a = table(Account)

    with door.city.database.transaction() as db:
        db.execute(update(a).where(a.c.id == who.account_id).values(disabled_at=clock.now()))

    assert door.me(opened["access_token"]).status_code == 401
    assert refresh(door, opened["refresh_token"]).status_code == 401


def test_a_role_that_has_ended_opens_nothing(door):
    who = door.staff(Role.LEADER)
    opened = door.log_in(who)
    r, yesterday = table(AccountRole), clock.local_day(clock.now()) - timedelta(days=1)

    with door.city.database.transaction() as db:
        db.execute(update(r).where(r.c.account_id == who.account_id).values(ends_on=yesterday))

    assert door.me(opened["access_token"]).status_code == 401
    assert door.try_login(who.phone).json()["code"] == "no_role"


def test_an_idle_session_dies_and_a_used_one_lives_to_its_absolute_limit(door):
    start = clock.now()
    idle, used = door.log_in(door.member()), door.log_in(door.member("周岚"))
    token, moment = used["refresh_token"], start

    for _ in range(7):
        moment += timedelta(days=25)
        with clock.frozen_at(moment):
            token = refresh(door, token).json()["refresh_token"]

    with clock.frozen_at(start + timedelta(days=31)):
        assert refresh(door, idle["refresh_token"]).status_code == 401
    with clock.frozen_at(start + timedelta(days=181)):
        assert refresh(door, token).status_code == 401


def test_a_session_keeps_the_name_of_a_program_that_stands_late_in_its_long_title(door):
    wechat = (
        "Mozilla/5.0 (Linux; Android 12; HUAWEI ELE-AL00 Build/HUAWEIELE-AL00; wv) AppleWebKit/537.36 "
        "(KHTML, like Gecko) Version/4.0 Chrome/107.0.5304.141 XWEB/5023 MMWEBSDK/20230202 Mobile Safari/537.36 "
        "MMWEBID/9612 MicroMessenger/8.0.33.2320(0x28002135) WeChat/arm64 Weixin NetType/WIFI"
    )
    phone = door.log_in(door.member(), headers={"User-Agent": wechat})
    listed = door.client().get("/api/v1/auth/sessions", headers=bearer(phone["access_token"])).json()["items"]
    assert "HUAWEI" in listed[0]["device"]
    assert "MicroMessenger" in listed[0]["device"]


def test_my_sessions_are_listed_and_ended_by_me_alone(door):
    who, other = door.member(), door.member("周岚")
    phone, desktop = door.log_in(who), door.log_in(who, headers={"User-Agent": "desk\x01top " + "x" * 300})
    others = door.log_in(other)
    mine = bearer(phone["access_token"])

    listed = door.client().get("/api/v1/auth/sessions", headers=mine).json()["items"]

    current = {s["id"]: s["is_current"] for s in listed}
    assert current[phone["me"]["session_id"]] is True
    assert current[desktop["me"]["session_id"]] is False
    assert others["me"]["session_id"] not in current
    assert next(s for s in listed if s["id"] == desktop["me"]["session_id"])["device"].startswith(
        "desktop xxx"
    )
    end = "/api/v1/auth/sessions/{}".format
    assert door.client().delete(end(others["me"]["session_id"]), headers=mine).status_code == 404
    assert door.client().delete(end(desktop["me"]["session_id"]), headers=mine).status_code == 204
    assert door.client().delete(end(desktop["me"]["session_id"]), headers=mine).status_code == 404
    assert door.me(desktop["access_token"]).status_code == 401
    assert door.me(others["access_token"]).status_code == 200


def test_a_session_switches_between_the_organizations_of_its_account(door):
    who = door.member()
    county = City(door.city.app, door.city.database, name="政协柳溪县委员会")
    with door.city.database.transaction() as db:
        county._grant(db, who.account_id, Role.LEADER)
    opened = door.log_in(who)
    mine, http = bearer(opened["access_token"]), door.client()
    assert [o["name"] for o in opened["me"]["organizations"]] == ["政协云川市委员会", "政协柳溪县委员会"]

    answer = http.put(
        "/api/v1/auth/organization", json={"organization_id": county.organization_id}, headers=mine
    )

    assert answer.status_code == 200, answer.text
    assert answer.json()["organization"]["name"] == "政协柳溪县委员会"
    assert [r["role"] for r in answer.json()["roles"]] == ["leader"]
    assert answer.json()["seat"] is None
    assert door.me(opened["access_token"]).json() == answer.json()
    assert door.log_in(who)["me"]["organization"]["name"] == "政协柳溪县委员会"


def test_a_session_goes_to_no_organization_without_a_role(door):
    who = door.member()
    county = City(door.city.app, door.city.database, name="政协柳溪县委员会")
    mine = bearer(door.log_in(who)["access_token"])

    for organization_id in (county.organization_id, 10**9):
        body = {"organization_id": organization_id}
        assert door.client().put("/api/v1/auth/organization", json=body, headers=mine).status_code == 404


def test_dead_sessions_lose_their_spent_tokens_and_go_in_the_end(door):
    who = door.member()
    with clock.frozen_at(clock.now() - timedelta(days=365)):
        old = door.log_in(who)
        refresh(door, old["refresh_token"])
    live = door.log_in(who)
    refresh(door, live["refresh_token"])

    with door.city.database.transaction() as db:
        forget_sessions(db, {door.city.organization_id: 180})

    with door.city.database.read.connect() as conn:
        assert conn.scalar(select(func.count()).select_from(table(SpentRefresh))) == 1
        left = set(conn.scalars(select(table(LoginSession).c.id)))
    assert live["me"]["session_id"] in left
    assert old["me"]["session_id"] not in left


def test_refresh_tokens_are_not_stored(door):
    opened = door.log_in(door.member())
    refresh(door, opened["refresh_token"])

    with door.city.database.read.connect() as conn:
        stored = str(
            conn.execute(table(LoginSession).select()).all()
            + conn.execute(table(SpentRefresh).select()).all()
        )
    assert opened["refresh_token"] not in stored
    assert PASSWORD not in stored
