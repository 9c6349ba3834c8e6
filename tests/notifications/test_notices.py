"""Notifications tell whoever may hear of it what was said, once for each place, and go when it goes."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from app.auth.permissions import Role
from app.core import clock, outbox
from app.core.sql import table
from app.main import load_routers
from app.notifications.models import Notification
from app.people.models import Seat
from tests.factories.circle.posts import NEW, say
from tests.factories.city import City, Who
from tests.factories.statements import statements

load_routers()
BELL = "/api/v1/notifications"
SETTINGS = f"{BELL}/settings"


def bell(who: Who, **query) -> list[dict]:
    answer = who.get(BELL, params=query)
    assert answer.status_code == 200, answer.text
    return answer.json()["items"]


def unread(who: Who) -> int:
    return who.get(f"{BELL}/unread").json()["count"]


def posted(author: Who, body: str = NEW["body"], **more) -> dict:
    return author.post("/api/v1/updates", NEW | {"body": body} | more).json()


def closed_topic(city: City, staff: Who) -> dict:
    """A topic that only the first sector is invited to."""
    now = clock.now()
    topic = staff.post(
        "/api/v1/topics",
        {
            "title": "老旧小区加装电梯",
            "summary": "请谈谈。",
            "opens_at": (now - timedelta(minutes=1)).isoformat(),
            "closes_at": (now + timedelta(days=7)).isoformat(),
            "papers": [],
            "sector_ids": [city.sectors[0]],
        },
    ).json()
    staff.post(f"/api/v1/topics/{topic['id']}/publication")
    return topic


def leave(city: City, who: Who) -> None:
    yesterday = clock.local_day(clock.now()) - timedelta(days=1)
    with city.database.transaction() as db:
        db.execute(update(table(Seat)).where(table(Seat).c.id == who.seat_id).values(ends_on=yesterday))


def test_who_may_not_see_a_thread_is_not_mentioned_in_it_and_the_refusal_says_who(city):
    staff, speaker = city.staff(), city.member("周岚")
    outside, gone = city.member("沈文", sector=1, committees=(1,)), city.member("韩青")
    topic = closed_topic(city, staff)
    path = f"/api/v1/threads/{topic['thread_id']}"
    leave(city, gone)
    named = {"body": "@沈文 @韩青 请看看", "mentions": [outside.seat_id, gone.seat_id]}
    refused = speaker.post(f"{path}/replies", named)
    assert (refused.status_code, refused.json()["code"]) == (422, "cannot_read_mention")
    assert refused.json()["detail"] == (
        "韩青现在不在任，沈文看不到这里的讨论，收不到您的话。请删去“@韩青”“@沈文”后再发送，您写的内容还在。"
    )
    assert speaker.get(f"{path}/replies").json()["items"] == []
    assert (bell(outside), bell(gone)) == ([], [])

    offered = [seat["name"] for seat in speaker.get(f"{path}/readers").json()["items"]]
    assert offered == ["周岚"]
    assert outside.get(f"{path}/readers").status_code == 404
    everywhere = f"/api/v1/threads/{posted(speaker)['thread_id']}/readers"
    assert [s["name"] for s in speaker.get(everywhere).json()["items"]] == ["周岚", "沈文"]
    assert [s["name"] for s in speaker.get(everywhere, params={"q": "沈"}).json()["items"]] == ["沈文"]


def test_replies_in_one_place_are_one_entry_that_says_who_what_and_where(city):
    author = city.member("周岚")
    update_ = posted(author, "今天调研了家门口的托育点。")
    people = [city.member(name) for name in ("温仲远", "沈文", "韩青")]
    for n, who in enumerate(people):
        say(who, update_["thread_id"], f"说得好，第{n}条")
    newest = say(people[2], update_["thread_id"], "补充一点：师资要跟上")
    (entry,) = bell(author)
    assert entry["title"] == "韩青等 3 人回复了您的动态"
    assert (entry["who"], entry["people"]) == (["韩青", "沈文", "温仲远"], 3)
    assert (entry["count"], entry["unread"], entry["said"]) == (4, 4, "补充一点：师资要跟上")
    assert entry["path"] == f"/api/v1/replies/{newest['id']}"
    assert entry["place"] == {
        "label": "动态",
        "title": "今天调研了家门口的托育点。",
        "path": f"/api/v1/updates/{update_['id']}",
        "pictures": 0,
    }
    assert unread(author) == 1

    assert author.put(f"{BELL}/{entry['id']}/read").status_code == 204
    assert (unread(author), bell(author)[0]["unread"]) == (0, 0)
    say(people[0], update_["thread_id"], "又想到一条")
    (entry,) = bell(author)
    assert (entry["title"], entry["count"]) == ("温仲远回复了您的动态", 1)
    assert (entry["read_at"], entry["unread"], unread(author)) == (None, 1, 1)
    assert people[0].put(f"{BELL}/{entry['id']}/read").status_code == 404


def test_what_is_edited_hidden_or_deleted_is_never_told_in_its_old_words(city):
    author, one, two, staff = city.member(), city.member("温仲远"), city.member("沈文"), city.staff()
    update_ = posted(author, "写错的话")
    first = say(one, update_["thread_id"], "头一句")
    second = say(two, update_["thread_id"], "第二句")
    author.put(f"/api/v1/updates/{update_['id']}", NEW | {"body": "改过的话"})
    assert bell(author)[0]["place"]["title"] == "改过的话"
    staff.put(f"/api/v1/replies/{second['id']}/hidden", {"reason": "不实"})
    (entry,) = bell(author)
    assert (entry["title"], entry["said"], entry["count"]) == ("温仲远回复了您的动态", "头一句", 1)
    assert one.delete(f"/api/v1/replies/{first['id']}").status_code == 204
    assert (bell(author), unread(author)) == ([], 0)
    (told,) = bell(two)
    assert (told["kind"], told["title"]) == ("reply.hidden", "您的一条回复已被隐藏：不实")
    staff.delete(f"/api/v1/replies/{second['id']}/hidden")
    assert bell(author)[0]["said"] == "第二句"
    author.delete(f"/api/v1/updates/{update_['id']}")
    assert (bell(author), unread(author)) == ([], 0)


def test_who_lost_sight_of_a_topic_has_no_notice_of_it_left(city):
    staff, one, two = city.staff(), city.member("温仲远"), city.member("沈文")
    topic = closed_topic(city, staff)
    outbox.run_due(city.database)
    reply = say(one, topic["thread_id"], "我先说")
    say(two, topic["thread_id"], "我同意", parent_id=reply["id"])
    assert [n["title"] for n in bell(one)] == ["沈文回复了您", "新议题：《老旧小区加装电梯》"]
    with city.database.transaction() as db:
        seat = table(Seat)
        db.execute(update(seat).where(seat.c.id == one.seat_id).values(sector_id=city.sectors[1]))
        db.connection().exec_driver_sql("DELETE FROM topic_committee")
    assert (bell(one), unread(one)) == ([], 0)
    say(two, topic["thread_id"], "再说一句", parent_id=reply["id"])
    with city.database.read.connect() as conn:
        n = table(Notification)
        assert len(conn.execute(select(n).where(n.c.account_id == one.account_id)).all()) == 2


def test_pages_do_not_overlap_while_entries_move_up(city):
    author, other = city.member(), city.member()
    threads = [posted(author, f"第{n}条动态")["thread_id"] for n in range(5)]
    for thread_id in threads:
        say(other, thread_id, "赞成")
    first = author.get(BELL, params={"limit": 2}).json()
    say(other, threads[0], "又一条")  # moves to the top, above the cursor
    rest = author.get(BELL, params={"limit": 2, "cursor": first["next"]}).json()
    titles = [n["place"]["title"] for n in first["items"] + rest["items"]]
    assert titles == ["第4条动态", "第3条动态", "第2条动态", "第1条动态"]
    assert rest["next"] is None or author.get(BELL, params={"cursor": rest["next"]}).json()["items"] == []
    for thread_id in threads[1:4]:
        author.delete(f"/api/v1/updates/{thread_id}")
    shown = []
    cursor = None
    while True:
        page = author.get(BELL, params={"limit": 1} | ({"cursor": cursor} if cursor else {})).json()
        shown += page["items"]
        if not (cursor := page["next"]):
            break
    assert len(shown) == len({n["id"] for n in shown}) == unread(author)


def test_an_entry_costs_no_statement_of_its_own(city):
    author, other = city.member(), city.member()
    for n in range(2):
        say(other, posted(author, f"动态{n}")["thread_id"])
    few = statements(city.database, lambda: bell(author))
    for n in range(7):
        say(other, posted(author, f"动态甲{n}")["thread_id"])
    many = statements(city.database, lambda: bell(author))
    assert len(bell(author)) == 9
    assert many <= few


def test_a_member_switches_off_what_is_no_duty(city):
    author, other = city.member(), city.member("沈文")
    thread_id = posted(author)["thread_id"]
    items = author.get(SETTINGS).json()["items"]
    assert {"kind": "reply.received", "kind_label": "有人回复我", "in_app": True, "push": True} in items
    assert not {"proposal.reminder", "proposal.decline", "reply.hidden"} & {one["kind"] for one in items}
    off = {"kind": "reply.received", "in_app": False, "push": True}
    answer = author.put(SETTINGS, {"items": [off]}).json()["items"]
    assert {"kind": "reply.received", "kind_label": "有人回复我", "in_app": False, "push": False} in answer
    say(other, thread_id, "赞成")
    assert bell(author) == []
    author.put(SETTINGS, {"items": [off | {"in_app": True}]})
    say(other, thread_id, "很赞成")
    assert bell(author)[0]["count"] == 1
    for kind in ("proposal.decline", "no.such"):
        refused = author.put(SETTINGS, {"items": [{"kind": kind, "in_app": False, "push": False}]})
        assert (refused.status_code, refused.json()["code"]) == (422, "not_optional")
    assert city.staff(Role.UNIT_OFFICER).get(SETTINGS).json()["items"][0]["kind"] == "reply.received"


def test_a_reading_topic_that_opens_is_told_to_the_members(city):
    staff, member, gone = city.staff(), city.member(), city.member()
    with city.database.transaction() as db:
        db.connection().exec_driver_sql(
            f"UPDATE account_role SET ends_on = '2020-01-01' WHERE seat_id = {gone.seat_id}"
        )
    today = clock.local_day(clock.now())
    days = {"starts_on": str(today), "ends_on": str(today + timedelta(days=30))}
    opened = staff.post("/api/v1/reading/topics", {"title": "读懂乡村", "books": [], **days}).json()
    (entry,) = bell(member)
    assert entry["title"].startswith("邀请您共读：《读懂乡村》，")
    assert (entry["kind"], entry["path"]) == ("reading.opened", f"/api/v1/reading/topics/{opened['id']}")
    with city.database.read.connect() as conn:
        n = table(Notification)
        assert list(conn.scalars(select(n.c.account_id))) == [member.account_id]


@pytest.mark.parametrize("path", ["/999/read", f"/{2**63}/read", "/x/read"])
def test_an_entry_that_is_not_mine_is_not_marked(city, path):
    assert city.member().put(BELL + path).status_code in {404, 422}
