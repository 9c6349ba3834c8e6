from datetime import timedelta

import pytest
from sqlalchemy import select, update

from app.auth.permissions import Role
from app.core import clock
from app.core.sql import table
from app.duty.models import DutyRecord
from tests.factories.city import City
from tests.factories.domains.ledger import differences
from tests.factories.domains.proposals import TEXT
from tests.factories.everything import MARK, make_everything
from tests.points.world import World

SPEECH = {"kind": "speech.delivered", "title": "关于老旧小区改造的大会发言", "place": "人民会堂"}


@pytest.fixture
def world(city: City) -> World:
    return World(city)


def yesterday() -> str:
    return (clock.local_day(clock.now()) - timedelta(days=1)).isoformat()


def test_a_member_sees_all_of_the_own_records_and_others_only_open_kinds(world):
    city, now = world.city, clock.now()
    a, b, staff = city.member("甲"), city.member("乙"), city.staff()
    world.update(a, now)
    world.reply(b, world.thread(("update", 1)), now)
    reading = {"book": "乡土中国", "minutes": 40}
    assert a.post("/api/v1/reading/logs", reading).status_code == 201
    path = f"/api/v1/seats/{a.seat_id}/records"
    for who in (a, staff):
        kinds = [(r["kind"], r["quantity"], r["unit"]) for r in who.get(path).json()["items"]]
        assert kinds == [("reading.logged", 40, "分钟"), ("update.posted", 1, "条")]
    seen = b.get(path).json()["items"]
    assert [(r["kind"], r["kind_label"], r["path"]) for r in seen] == [
        ("update.posted", "发布动态", "/api/v1/updates/1")
    ]
    assert [(r["role_label"], r["level_label"], r["source_label"]) for r in seen] == [
        ("主要承担", "市级", "平台记录")
    ]
    assert [c["kind"] for c in b.get(f"/api/v1/seats/{a.seat_id}/record-counts").json()] == ["update.posted"]
    counts = a.get(f"/api/v1/seats/{a.seat_id}/record-counts").json()
    assert [(c["kind"], c["records"], c["quantity"]) for c in counts] == [
        ("update.posted", 1, 1),
        ("reading.logged", 1, 40),
    ]
    assert a.get(path, params={"kind": "update.posted", "role": "lead"}).json()["items"] == [
        {**seen[0], "note": None}
    ]
    assert a.get(path, params={"year": 2001}).json() == {"items": [], "next": None}


def test_every_record_names_its_subject_as_far_as_the_reader_may_see_it(city):
    made = make_everything(city)
    path = f"/api/v1/seats/{made.member.seat_id}/records"
    titles = {r["kind"]: r["title"] for r in made.member.get(path).json()["items"]}
    assert titles == {
        "update.posted": f"走访{MARK}",
        "reply.posted": f"跟帖{MARK}",
        "proposal.submitted": TEXT["title"],
        "proposal.filed": TEXT["title"],
        "opinion.submitted": f"反映{MARK}",
        "output.issued": f"报告{MARK}",
        "reading.logged": f"书{MARK}",
        "reading.noted": f"札记{MARK}",
        "honor.received": f"荣誉{MARK}",
        "case.reported": f"呼叫{MARK}",
        "speech.submitted": f"发言{MARK}",
        "speech.delivered": f"发言{MARK}",
        "visit.made": f"社区{MARK}",
        "matter.brought": f"议题{MARK}",
        "matter.prepared": "议题的走访调研",
    }
    staff = city.staff()
    meeting = {
        "kind": "research",
        "title": "只请一人的调研",
        "starts_at": (clock.now() - timedelta(hours=3)).isoformat(),
        "ends_at": (clock.now() - timedelta(hours=1)).isoformat(),
        "seat_ids": [made.member.seat_id],
    }
    activity = staff.post("/api/v1/activities", meeting).json()
    came = {"seat_ids": [made.member.seat_id], "state": "attended"}
    assert staff.put(f"/api/v1/activities/{activity['id']}/attendance", came).status_code == 200
    only = {"kind": "activity.attended"}
    for who, title, opens in ((made.member, "只请一人的调研", True), (city.member(), "会议活动", False)):
        (row,) = who.get(path, params=only).json()["items"]
        assert (row["title"], row["path"] is not None) == (title, opens)


def test_records_page_by_page_are_the_same_as_at_once(world):
    a = world.city.member()
    for _ in range(5):
        world.update(a, clock.now())
    path = f"/api/v1/seats/{a.seat_id}/records"
    whole = a.get(path).json()["items"]
    pages, cursor = [], None
    while True:
        page = a.get(path, params={"limit": 2} | ({"cursor": cursor} if cursor else {})).json()
        pages += page["items"]
        cursor = page["next"]
        if cursor is None:
            break
    assert pages == whole
    assert len(whole) == 5
    days = a.get(f"/api/v1/seats/{a.seat_id}/days").json()["items"]
    assert days == [{"on": clock.local_day(clock.now()).isoformat(), "acts": 5}]


def test_staff_record_an_act_outside_the_platform_once_and_void_it(world):
    city = world.city
    a, b, staff = city.member("甲"), city.member("乙"), city.staff()
    body = SPEECH | {"held_on": yesterday(), "note": "书面发言"}
    path = f"/api/v1/seats/{a.seat_id}/records"
    first = staff.post(path, body)
    assert first.status_code == 201, first.text
    again = staff.post(path, body)
    assert (again.status_code, again.json()["code"]) == (409, "already_recorded")
    joined = staff.post(f"/api/v1/seats/{b.seat_id}/records", body | {"role": "participant"})
    assert joined.json()["id"] == first.json()["id"]
    (record,) = a.get(path).json()["items"]
    assert (record["title"], record["note"], record["source"], record["on"]) == (
        SPEECH["title"],
        "书面发言",
        "manual",
        yesterday(),
    )
    assert b.get(path).json()["items"][0]["note"] is None
    assert a.get(record["path"]).json()["place"] == "人民会堂"

    void = f"/api/v1/records/{record['id']}/void"
    assert a.put(void, {"reason": "重复"}).status_code == 403
    assert staff.put(void, {"reason": "重复登记"}).status_code == 204
    assert staff.put(void, {"reason": "重复登记"}).json()["code"] == "already_voided"
    assert a.get(path).json()["items"] == []
    assert staff.post(path, body).status_code == 201


def test_what_the_platform_recorded_is_not_voided_by_hand(world):
    a, staff = world.city.member(), world.city.staff()
    world.update(a, clock.now())
    (record,) = staff.get(f"/api/v1/seats/{a.seat_id}/records").json()["items"]
    answer = staff.put(f"/api/v1/records/{record['id']}/void", {"reason": "不当"})
    assert (answer.status_code, answer.json()["code"]) == (409, "platform_record")


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"kind": "update.posted"}, 422, "invalid"),
        ({"held_on": "2099-01-01"}, 422, "day_outside_seat"),
        ({"held_on": "1999-01-01"}, 422, "day_outside_seat"),
        ({"title": " "}, 422, "invalid"),
        ({"extra": 1}, 422, "invalid"),
    ],
)
def test_bad_acts_are_refused(world, change, status, code):
    a, staff = world.city.member(), world.city.staff()
    answer = staff.post(f"/api/v1/seats/{a.seat_id}/records", SPEECH | {"held_on": yesterday()} | change)
    assert (answer.status_code, answer.json()["code"]) == (status, code)


def test_other_organizations_see_no_records(world, app, database):
    a, staff = world.city.member(), world.city.staff()
    act = staff.post(f"/api/v1/seats/{a.seat_id}/records", SPEECH | {"held_on": yesterday()}).json()
    (record,) = a.get(f"/api/v1/seats/{a.seat_id}/records").json()["items"]
    other = City(app, database, name="政协别市委员会")
    stranger, their_staff = other.member(), other.staff()
    for path in ("records", "record-counts", "days"):
        assert stranger.get(f"/api/v1/seats/{a.seat_id}/{path}").status_code == 404
        assert world.city.anonymous().get(f"/api/v1/seats/{a.seat_id}/{path}").status_code == 401
        assert world.city.staff(Role.AUDITOR).get(f"/api/v1/seats/{a.seat_id}/{path}").status_code == 403
    assert stranger.get(f"/api/v1/outside-acts/{act['id']}").status_code == 404
    assert their_staff.put(f"/api/v1/records/{record['id']}/void", {"reason": "x"}).status_code == 404
    assert (
        their_staff.post(f"/api/v1/seats/{a.seat_id}/records", SPEECH | {"held_on": yesterday()}).status_code
        == 404
    )


@pytest.mark.parametrize("query", ["kind=nonsense", "cursor=AAAA", "year=99999", "limit=0", "since=never"])
def test_bad_questions_are_refused(world, query):
    a = world.city.member()
    for path in ("records", "days"):
        assert a.get(f"/api/v1/seats/{a.seat_id}/{path}?{query}").status_code == 422


def test_recount_finds_exactly_the_records_on_a_wrong_day(city: City):
    member, r = city.member(), table(DutyRecord)
    for _ in range(3):
        assert member.post("/api/v1/updates", {"body": "走访", "kind": "visit"}).status_code == 201
    with city.database.transaction() as db:
        conn = db.connection()
        wrong = conn.scalars(select(r.c.id).order_by(r.c.id).limit(1)).one()
        due = conn.execute(select(r.c.occurred_on, r.c.duty_year).where(r.c.id == wrong)).one()
        conn.execute(update(r).where(r.c.id == wrong).values(duty_year=1999))
    (found,) = differences(city)
    assert (found.id, found.stored, found.counted) == (str(wrong), (due.occurred_on, 1999), tuple(due))


def test_a_reason_that_is_too_long_is_told_in_characters(city):
    member, staff = city.member(), city.staff()
    act = {"kind": "honor.received", "title": "先进", "held_on": str(clock.local_day(clock.now()))}
    assert staff.post(f"/api/v1/seats/{member.seat_id}/records", act).status_code == 201
    (record,) = staff.get(f"/api/v1/seats/{member.seat_id}/records").json()["items"]
    answer = staff.put(f"/api/v1/records/{record['id']}/void", {"reason": "长" * 201})
    assert (answer.status_code, answer.json()["errors"][0]["detail"]) == (422, "太长了，最多 200 个字")
