"""What an organization may set: explained, bounded, kept with its history, and followed."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from app.auth.models import AccountRole, LoginSession
from app.auth.permissions import Role
from app.core import clock
from app.core.sql import table
from app.notifications.kinds import NoticeKind
from app.notifications.models import Notification
from app.notifications.service import notify
from app.privacy.retention import cleaning
from tests.auth.conftest import PASSWORD
from tests.factories.city import City

PATH = "/api/v1/settings"


@pytest.fixture
def admin(city):
    return city.staff(Role.SYSTEM_ADMIN, "系统管理员")


def by_key(who):
    groups = who.get(PATH).json()["items"]
    return {one["key"]: one for group in groups for one in group["settings"]}


def test_every_setting_says_what_it_is_and_what_it_may_be(city, admin, config):
    found = by_key(admin)
    assert len(found) > 12
    for key, one in found.items():
        assert one["value"] == one["default"], key
        assert (one["set"], one["changed_at"], one["changed_by"]) == (False, None, None)
        assert one["label"], key
        assert one["explanation"].endswith("。"), key
        assert (one["value_type"] == "integer") == (one["minimum"] is not None), key
        assert (one["value_type"] in {"choice", "map"}) == bool(one["choices"]), key
    assert found["passwords.min_length"]["default"] == config.password_min_length
    assert [who.get(PATH).status_code for who in (city.member(), city.staff(), city.staff(Role.AUDITOR))] == [
        403,
        200,
        200,
    ]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("values", "code", "says"),
    [
        ({"passwords.min_length": 3}, "invalid", "密码最短长度：不能小于 8"),
        ({"passwords.min_length": "十二"}, "invalid", "密码最短长度：应当是整数"),
        ({"proposals.reply_months": 9}, "invalid", "最长答复期限不能短于答复期限。"),
        ({"cards.sharing": "all"}, "invalid", "纪念卡的公开：不是可选的值"),
        ({"passwords.colour": 1}, "unknown_setting", "没有名为“passwords.colour”的设置。"),
        ({"passwords.min_length": 12, "retention.notification_days": 1}, "invalid", "通知：不能小于 30"),
    ],
)
def test_what_cannot_be_is_refused_whole_in_a_sentence(city, admin, values, code, says):
    answer = admin.patch(PATH, {"values": values})
    assert (answer.status_code, answer.json()["code"], answer.json()["detail"]) == (422, code, says)
    assert admin.get("/api/v1/setting-changes").json()["items"] == []
    assert not any(one["set"] for one in by_key(admin).values())


def test_a_change_is_kept_with_who_when_why_and_what_was_before(city, admin):
    staff = city.staff()
    values = {"proposals.reviews": 3, "passwords.classes": 2}
    assert admin.patch(PATH, {"values": values, "reason": "主席会议决定"}).status_code == 200
    one = by_key(staff)["proposals.reviews"]
    assert (one["value"], one["set"], one["changed_by"]) == (3, True, "系统管理员")
    assert staff.get("/api/v1/proposal-rules").json()["reviews"] == 3
    assert staff.put("/api/v1/proposal-rules", {"reviews": 2}).status_code == 200, "the office's own door"
    assert admin.patch(PATH, {"values": {"proposals.reviews": None}}).status_code == 200
    changes = staff.get("/api/v1/setting-changes?key=proposals.reviews").json()["items"]
    assert [(c["before"], c["after"], c["changed_by"], c["reason"]) for c in changes] == [
        (2, None, "系统管理员", None),
        (3, 2, staff.name, None),
        (None, 3, "系统管理员", "主席会议决定"),
    ]
    assert staff.patch(PATH, {"values": values}).status_code == 403
    log = city.staff(Role.AUDITOR).get("/api/v1/audit?action=settings.changed").json()["items"]
    assert len(log) == 4
    assert {entry["detail"]["group"] for entry in log} == {"proposals", "passwords"}


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_settings_are_each_organizations_own(city, app, admin):
    county = City(app, city.database, name="政协柳溪县委员会")
    other = county.staff(Role.SYSTEM_ADMIN)
    admin.patch(PATH, {"values": {"privacy.contact": "云川市政协办公室 8888"}})
    assert by_key(other)["privacy.contact"]["value"] == ""
    assert other.get("/api/v1/setting-changes").json()["items"] == []
    assert "云川市政协办公室 8888" in city.member().get("/api/v1/privacy/notice").json()["text"]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_passwords_follow_the_strictest_organization_of_their_owner(door, app):
    city = door.city
    county = City(app, city.database, name="政协柳溪县委员会")
    who = door.member()
    with city.database.transaction() as db:
        more = AccountRole(
            account_id=who.account_id, organization_id=county.organization_id, role=Role.SECRETARIAT
        )
        db.add(more)
    strict = county.staff(Role.SYSTEM_ADMIN)
    assert strict.patch(PATH, {"values": {"passwords.min_length": 20}}).status_code == 200
    token = {"Authorization": f"Bearer {door.log_in(who)['access_token']}"}
    body = {"current_password": PASSWORD, "new_password": "quiet harbour 7"}
    answer = door.client().put("/api/v1/auth/password", json=body, headers=token)
    assert (answer.json()["code"], "20 个字符" in answer.json()["detail"]) == ("password_short", True)
    assert strict.patch(PATH, {"values": {"passwords.min_length": None}}).status_code == 200
    assert door.client().put("/api/v1/auth/password", json=body, headers=token).status_code == 204


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_passwords_expire_where_the_organization_says_so(door, app):
    admin = door.city.staff(Role.SYSTEM_ADMIN)
    assert admin.patch(PATH, {"values": {"passwords.max_age_days": 90}}).status_code == 200
    stale = door.staff(Role.SECRETARIAT, password_changed_at=clock.now() - timedelta(days=91))
    assert door.log_in(stale)["me"]["due"] == "password_change_required"


def test_each_organization_keeps_things_as_long_as_it_says(city, app, admin, database, config):
    county = City(app, database, name="政协柳溪县委员会")
    people = [(at.organization_id, at.member()) for at in (city, county)]
    n, s = table(Notification), table(LoginSession)
    ago = clock.now() - timedelta(days=200)
    with database.transaction() as db:
        for of, who in people:
            notify(
                db,
                of,
                [who.account_id],
                NoticeKind.BULLETIN_PUBLISHED,
                "一条通知",
                ("seat", who.seat_id),
            )
            db.execute(update(s).where(s.c.id == who.session_id).values(revoked_at=ago))
        db.execute(update(n).values(at=ago))
    values = {"retention.notification_days": 60, "retention.dead_session_days": 365}
    assert admin.patch(PATH, {"values": values}).status_code == 200
    cleaning.apply(database, config)
    with database.read.connect() as conn:
        assert conn.scalars(select(n.c.organization_id)).all() == [county.organization_id]
        sessions = {who.session_id for _, who in people} & {*conn.scalars(select(s.c.id))}
        assert sessions == {people[0][1].session_id}
    reader = city.member()
    kept = {one["label"]: one["kept"] for one in reader.get("/api/v1/privacy/retention").json()["items"]}
    assert kept["通知"] == "60天"
    assert "通知保存60天，已失效的登录记录保存一年" in reader.get("/api/v1/privacy/notice").json()["text"]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_an_organization_may_keep_cards_closed_but_never_open_them(city, admin):
    member, staff = city.member(), city.staff()
    year = clock.local_day(clock.now()).year - 1
    card = staff.post("/api/v1/issued-cards", {"seat_id": member.seat_id, "period": str(year)}).json()
    page = "/c/" + card["verify_url"].rpartition("/")[2]

    def closed():
        return "尚未公开内容" in city.anonymous().get(page).text

    def share():
        return member.put(f"/api/v1/issued-cards/{card['id']}/sharing", {"sharing": "all"})

    assert closed()
    assert (share().status_code, closed()) == (204, False)
    admin.patch(PATH, {"values": {"cards.sharing": "closed"}})
    assert (share().json()["code"], closed()) == ("sharing_closed", True)
    admin.patch(PATH, {"values": {"cards.sharing": None}})
    assert not closed()
