"""A topic for members by name: a pasted list is matched with the roster, then they are invited."""

from app.core import clock, outbox
from tests.factories.circle.posts import say
from tests.factories.circle.topics import published, topic_in
from tests.factories.city import City, Who
from tests.factories.domains.ledger import news

PATH, ACTIVITIES = "/api/v1/topics/name-matches", "/api/v1/activities/name-matches"


def matched(staff: Who, text: str) -> list[tuple[str, str, list[int]]]:
    answer = staff.post(PATH, {"text": text})
    assert answer.status_code == 200, answer.text
    return [(m["written"], m["match"], [one["seat_id"] for one in m["members"]]) for m in answer.json()]


def test_names_are_matched_with_the_roster(city: City):
    staff = city.staff()
    fang, li = city.member("王芳"), city.member("李建国")
    here, there = city.member("张伟", sector=0), city.member("张伟", sector=1)
    today = clock.local_day(clock.now())
    city.member("赵离任", ends_on=today.replace(year=today.year - 1))
    City(city.app, city.database, name="政协别处市委员会").member("孙别处")

    assert matched(staff, "姓名\n1. 王 芳\n李建国（女）\n\n王芳") == [
        ("王 芳", "found", [fang.seat_id]),
        ("李建国（女）", "found", [li.seat_id]),
        ("王芳", "again", [fang.seat_id]),
    ]
    assert matched(staff, "张伟、赵离任，孙别处") == [
        ("张伟", "several", [here.seat_id, there.seat_id]),
        ("赵离任", "past", []),
        ("孙别处", "unknown", []),
    ]
    # from a sheet, where the other cells tell namesakes apart
    sector = staff.get("/api/v1/sectors").json()[1]["name"]
    rows = f"序号\t姓名\t界别\n1\t张伟\t{sector}\n2\t张伟\t{here.phone}\n3\t123\t"
    assert matched(staff, rows) == [
        ("张伟", "found", [there.seat_id]),
        ("张伟", "found", [here.seat_id]),
        ("3", "unknown", []),
    ]
    assert matched(staff, "1" * 9_999 + "x") == [
        ("1" * 50, "unknown", [])
    ]  # not taken apart: that takes seconds
    assert fang.post(PATH, {"text": "王芳"}).status_code == 403
    # activities invite by the same lists
    assert (
        staff.post(ACTIVITIES, {"text": "张伟、孙别处"}).json()
        == staff.post(PATH, {"text": "张伟、孙别处"}).json()
    )
    assert fang.post(ACTIVITIES, {"text": "王芳"}).status_code == 403
    assert staff.post(PATH, {"text": " "}).status_code == 422


def test_a_topic_for_some_members_is_theirs_alone(city: City):
    staff, named, other = city.staff(), city.member("王芳"), city.member("李建国", sector=1)
    grouped = city.member(sector=1)
    topic = published(staff, seat_ids=[named.seat_id])
    outbox.run_due(city.database)

    path = f"/api/v1/topics/{topic['id']}"
    seen = named.get(path).json()
    assert (seen["invited_only"], [one["name"] for one in seen["seats"]]) == (True, ["王芳"])
    assert other.get(path).status_code == 404
    assert news(city, named) == ["新议题：《如何让老旧小区加装电梯更顺畅》"]
    assert news(city, other) == []
    say(named, topic["thread_id"])
    assert other.post(f"/api/v1/threads/{topic['thread_id']}/replies", {"body": "我也说"}).status_code == 404

    both = published(staff, seat_ids=[named.seat_id], sector_ids=[city.sectors[1]])
    assert grouped.get(f"/api/v1/topics/{both['id']}").status_code == 200
    assert named.get(f"/api/v1/topics/{both['id']}").status_code == 200


def test_an_invitation_by_name_is_checked_and_rewritten(city: City):
    staff, named = city.staff(), city.member()
    stranger = City(city.app, city.database, name="政协别处市委员会").member()
    today = clock.local_day(clock.now())
    gone = city.member(ends_on=today.replace(year=today.year - 1))
    for seat in (stranger.seat_id, gone.seat_id, 999_999):
        assert staff.post("/api/v1/topics", topic_in(seat_ids=[seat])).json()["code"] == "unknown_seat"
    draft = staff.post("/api/v1/topics", topic_in(seat_ids=[named.seat_id, named.seat_id])).json()
    assert [one["id"] for one in draft["seats"]] == [named.seat_id]
    open_to_all = staff.put(f"/api/v1/topics/{draft['id']}", topic_in()).json()
    assert (open_to_all["invited_only"], open_to_all["seats"]) == (False, [])
