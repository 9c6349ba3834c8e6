from datetime import timedelta

import pytest

from app.auth.permissions import Role
from app.core import clock
from tests.factories.city import City
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
    assert [(r["kind"], r["label"], r["path"]) for r in seen] == [
        ("update.posted", "发布动态", "/api/v1/updates/1")
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
