from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from app.core import clock, outbox
from tests.factories.circle.posts import differences, live_records, say
from tests.factories.circle.topics import published, topic_in
from tests.factories.city import City, Who
from tests.factories.domains.ledger import news


@pytest.fixture
def staff(city: City) -> Who:
    return city.staff()


def test_a_topic_lives_from_draft_to_outcome(city, staff):
    member, silent = city.member(), city.member()
    drafted = staff.post("/api/v1/topics", topic_in())
    assert drafted.status_code == 201, drafted.text
    topic = drafted.json()
    path = f"/api/v1/topics/{topic['id']}"
    assert topic["state"] == "draft"
    assert member.get(path).status_code == 404
    assert member.get("/api/v1/topics").json()["items"] == []
    assert staff.get("/api/v1/topics?which=drafts").json()["items"][0]["id"] == topic["id"]
    assert staff.put(path, topic_in(title="加装电梯怎么办")).json()["title"] == "加装电梯怎么办"
    assert staff.post(f"{path}/publication").json()["state"] == "open"
    assert staff.post(f"{path}/publication").json()["code"] == "illegal_transition"
    outbox.run_due(city.database)
    assert [n["kind"] for n in member.get("/api/v1/notifications").json()["items"]] == ["topic.published"]

    seen = member.get(path).json()
    assert (seen["state_label"], seen["may"]) == ("进行中", ["reply"])
    assert staff.get(path).json()["may"] == ["reply", "extend", "close"]
    paper = seen["papers"][0]
    assert paper["characters"] == 14
    assert member.get(f"{path}/papers/{paper['id']}").json()["body"] == "全市有老旧小区 312 个。"
    say(member, topic["thread_id"])
    say(member, topic["thread_id"])
    assert live_records(city, member) == {"reply.posted": 2, "topic.joined": 1}
    assert member.get("/api/v1/topics").json()["items"][0]["joined"] is True

    assert member.post(f"{path}/closing", {"reason": "x"}).status_code == 403
    assert staff.post(f"{path}/closing", {"reason": "提前结束"}).json()["state"] == "closed"
    late = member.post(f"/api/v1/threads/{topic['thread_id']}/replies", {"body": "晚了"})
    assert (late.status_code, late.json()["code"], late.json()["state"]) == (409, "topic_closed", "closed")
    later = (clock.now() + timedelta(days=3)).isoformat()
    assert staff.post(f"{path}/extension", {"closes_at": later, "reason": "应要求"}).json()["state"] == "open"
    say(member, topic["thread_id"])
    staff.post(f"{path}/closing", {"reason": "到期"})
    assert staff.put(f"{path}/report", {"report": "共收到意见 3 条。"}).json()["state"] == "reported"
    assert member.get(path).json()["report"] == "共收到意见 3 条。"
    assert (member.get(path).json()["may"], staff.get(path).json()["may"]) == ([], ["report"])
    assert [s["action"] for s in member.get(f"{path}/steps").json()] == [
        "published",
        "closed",
        "extended",
        "closed",
        "reported",
    ]
    assert differences(city) == []
    until = datetime.fromisoformat(later).astimezone(ZoneInfo(clock.SHANGHAI))
    assert news(city, member)[1:] == [
        "议题《加装电梯怎么办》提前结束：提前结束",
        f"议题《加装电梯怎么办》延长到{until.month}月{until.day}日 {until:%H:%M}：应要求",
        "议题《加装电梯怎么办》提前结束：到期",
        "您参与的议题《加装电梯怎么办》公布了成果",
    ]
    staff.put(f"{path}/report", {"report": "共收到意见 3 条，已转有关部门。"})
    assert len(news(city, member)) == 5, "a revised report is no news"
    assert news(city, silent) == ["新议题：《加装电梯怎么办》"]


def test_the_clock_alone_opens_and_closes_a_topic(city, staff):
    member, now = city.member(), clock.now()
    topic = published(
        staff,
        opens_at=(now + timedelta(hours=1)).isoformat(),
        closes_at=(now + timedelta(hours=2)).isoformat(),
    )
    path, replies = f"/api/v1/topics/{topic['id']}", f"/api/v1/threads/{topic['thread_id']}/replies"
    assert member.get(path).json()["state"] == "scheduled"
    assert member.post(replies, {"body": "早了"}).json()["code"] == "topic_closed"
    with clock.frozen_at(now + timedelta(minutes=61)):
        city.log_in(member)
        assert member.post(replies, {"body": "正好"}).status_code == 201
    with clock.frozen_at(now + timedelta(hours=2)):
        city.log_in(member)
        assert member.post(replies, {"body": "晚了"}).json()["state"] == "closed"
        assert member.get("/api/v1/topics?which=ended").json()["items"][0]["id"] == topic["id"]


def test_only_the_invited_see_an_invited_topic(city, staff):
    inside, by_committee = city.member(sector=0, committees=()), city.member(sector=1, committees=(1,))
    outside = city.member(sector=1, committees=(0,))
    topic = published(staff, sector_ids=[city.sectors[0]], committee_ids=[city.committees[1]])
    for who, expected in ((inside, 200), (by_committee, 200), (outside, 404)):
        assert who.get(f"/api/v1/topics/{topic['id']}").status_code == expected
        assert who.get(f"/api/v1/threads/{topic['thread_id']}/replies").status_code == expected
        assert len(who.get("/api/v1/topics").json()["items"]) == (expected == 200)
    assert [g["name"] for g in inside.get(f"/api/v1/topics/{topic['id']}").json()["sectors"]] == ["经济界"]
    outbox.run_due(city.database)
    assert outside.get("/api/v1/notifications").json()["items"] == []
    assert len(inside.get("/api/v1/notifications").json()["items"]) == 1


def test_groups_of_another_term_are_not_invited(city, staff):
    group = staff.post("/api/v1/bodies", {"name": "第一活动小组", "kind": "activity"}).json()
    ahead = clock.now() + timedelta(days=365 * 20)
    later = {"opens_at": ahead.isoformat(), "closes_at": (ahead + timedelta(days=3)).isoformat()}
    for groups in ({"sector_ids": [city.sectors[0]]}, {"body_ids": [group["id"]]}):
        assert staff.post("/api/v1/topics", topic_in(**groups)).status_code == 201
        refused = staff.post("/api/v1/topics", topic_in(**groups, **later))
        assert (refused.status_code, refused.json()["code"]) == (422, "unknown_group")


def test_open_topics_close_soonest_first_page_by_page(city, staff):
    member, now = city.member(), clock.now()
    for days in (5, 1, 3):
        published(staff, title=f"{days}天", closes_at=(now + timedelta(days=days)).isoformat())
    first = member.get("/api/v1/topics?limit=2").json()
    rest = member.get(f"/api/v1/topics?limit=2&cursor={first['next']}").json()
    assert [t["title"] for t in first["items"] + rest["items"]] == ["1天", "3天", "5天"]
    assert rest["next"] is None


def test_joining_is_taken_back_when_the_last_opinion_is_hidden(city, staff):
    member = city.member()
    topic = published(staff)
    reply = say(member, topic["thread_id"])
    staff.put(f"/api/v1/replies/{reply['id']}/hidden", {"reason": "离题"})
    assert live_records(city, member) == {}
    staff.delete(f"/api/v1/replies/{reply['id']}/hidden")
    assert live_records(city, member) == {"reply.posted": 1, "topic.joined": 1}
    assert differences(city) == []


def test_bad_topics_are_refused(city, staff):
    now = clock.now()
    wrong = [
        topic_in(closes_at=(now - timedelta(days=1)).isoformat()),
        topic_in(opens_at="2026-01-01T00:00:00"),
        topic_in(title=""),
        topic_in(sector_ids=[999]),
        topic_in(papers=[{"title": "x", "file_key": "nothing"}]),
        topic_in(surprise=1),
    ]
    for body in wrong:
        answer = staff.post("/api/v1/topics", body)
        assert answer.status_code == 422, answer.text
    assert staff.get("/api/v1/topics?which=drafts").json()["items"] == []
    past = staff.post(
        "/api/v1/topics",
        topic_in(
            opens_at=(now - timedelta(days=3)).isoformat(), closes_at=(now - timedelta(days=2)).isoformat()
        ),
    ).json()
    assert staff.post(f"/api/v1/topics/{past['id']}/publication").status_code == 409
