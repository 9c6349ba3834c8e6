import threading

import pytest
from sqlalchemy import select

from app.core.sql import table
from app.duty import recount
from app.main import load_routers
from app.threads.models import Thread
from tests.factories.circle.posts import NEW, differences, live_records, say
from tests.factories.city import City, Who

load_routers()


@pytest.fixture
def thread(city: City) -> tuple[Who, int]:
    """An update's author and its thread."""
    author = city.member("周岚")
    return author, author.post("/api/v1/updates", NEW).json()["thread_id"]


def bodies(page: dict) -> list[str]:
    return [r["body"] for r in page["items"]]


def test_a_reply_reaches_the_author_and_the_ledger(city, thread):
    author, thread_id = thread
    other = city.member()
    reply = say(other, thread_id, "建议先在老旧小区试点。")
    assert reply["author_name"] == other.name
    assert live_records(city, other) == {"reply.posted": 1}
    bell = author.get("/api/v1/notifications").json()["items"]
    assert [(n["kind"], n["path"]) for n in bell] == [("reply.received", f"/api/v1/replies/{reply['id']}")]
    assert author.get("/api/v1/notifications/unread").json() == {"count": 1, "elsewhere": []}
    author.put("/api/v1/notifications/read", {"up_to": bell[0]["id"]})
    assert author.get("/api/v1/notifications/unread").json() == {"count": 0, "elsewhere": []}
    assert differences(city) == []


def test_replies_stand_one_level_deep_with_quotes_and_mentions(city, thread):
    author, thread_id = thread
    first, second = city.member("钱一"), city.member("孙二")
    top = say(first, thread_id, "第一条")
    under = say(second, thread_id, "回应", parent_id=top["id"], quote_id=top["id"], mentions=[author.seat_id])
    deeper = say(first, thread_id, "再回应", parent_id=under["id"])
    assert under["parent_id"] == deeper["parent_id"] == top["id"]
    assert under["quote"] == {"id": top["id"], "author_name": "钱一", "excerpt": "第一条"}
    assert under["mentions"] == [{"seat_id": author.seat_id, "name": "周岚"}]
    page = author.get(f"/api/v1/threads/{thread_id}/replies?top=true").json()
    assert [(r["body"], r["reply_count"]) for r in page["items"]] == [("第一条", 2)]
    assert bodies(author.get(f"/api/v1/threads/{thread_id}/replies?under={top['id']}").json()) == [
        "回应",
        "再回应",
    ]
    assert (
        author.post(f"/api/v1/threads/{thread_id}/replies", {"body": "?", "mentions": [999]}).status_code
        == 422
    )
    assert (
        author.post(f"/api/v1/threads/{thread_id}/replies", {"body": "?", "parent_id": 999}).status_code
        == 409
    )
    assert {n["kind"] for n in first.get("/api/v1/notifications").json()["items"]} == {"reply.received"}


def test_pages_go_both_ways_and_jump_to_the_first_unread(city, thread):
    author, thread_id = thread
    other = city.member()
    ids = [say(other, thread_id, f"第{i}条")["id"] for i in range(10)]
    base = f"/api/v1/threads/{thread_id}/replies?limit=3"
    assert author.put(f"/api/v1/threads/{thread_id}/read", {"last_reply_id": ids[4]}).status_code == 204
    start = author.get(f"{base}&start=unread").json()
    assert bodies(start) == ["第5条", "第6条", "第7条"]
    assert start["last_read_id"] == ids[4]
    back = author.get(f"{base}&cursor={start['previous']}").json()
    assert bodies(back) == ["第2条", "第3条", "第4条"]
    assert bodies(author.get(f"{base}&cursor={back['previous']}").json()) == ["第0条", "第1条"]
    end = author.get(f"{base}&cursor={start['next']}").json()
    assert bodies(end) == ["第8条", "第9条"]
    assert end["next"] is None
    newest = author.get(f"{base}&order=newest").json()
    assert bodies(newest) == ["第9条", "第8条", "第7条"]
    older = author.get(f"{base}&order=newest&cursor={newest['next']}").json()
    assert bodies(older) == ["第6条", "第5条", "第4条"]
    assert bodies(author.get(f"{base}&order=newest&cursor={older['previous']}").json()) == bodies(newest)


def test_hottest_first_counts_support_and_answers(city, thread):
    author, thread_id = thread
    a, b, c = (city.member() for _ in range(3))
    cold, warm, hot = (say(a, thread_id, body) for body in ("冷", "温", "热"))
    for fan in (author, b, c):
        fan.put(f"/api/v1/replies/{hot['id']}/support")
    say(b, thread_id, "问一句", parent_id=warm["id"])
    page = author.get(f"/api/v1/threads/{thread_id}/replies?order=hottest").json()
    assert [(r["body"], r["support_count"], r["supported"]) for r in page["items"]] == [
        ("热", 3, True),
        ("温", 0, False),
        ("冷", 0, False),
    ]
    paged = author.get(f"/api/v1/threads/{thread_id}/replies?order=hottest&limit=2").json()
    rest = author.get(
        f"/api/v1/threads/{thread_id}/replies?order=hottest&limit=2&cursor={paged['next']}"
    ).json()
    assert bodies(paged) + bodies(rest) == ["热", "温", "冷"]
    assert a.put(f"/api/v1/replies/{cold['id']}/support").json()["code"] == "own_content"
    b.delete(f"/api/v1/replies/{hot['id']}/support")
    assert {s["seat_id"] for s in a.get(f"/api/v1/replies/{hot['id']}/supporters").json()["items"]} == {
        author.seat_id,
        c.seat_id,
    }
    assert differences(city) == []


def test_a_hidden_or_deleted_reply_leaves_its_place_but_not_its_words_nor_its_record(city, thread):
    author, thread_id = thread
    other, staff = city.member(), city.staff()
    hidden, deleted = say(other, thread_id, "不当的话"), say(other, thread_id, "后悔的话")
    assert staff.put(f"/api/v1/replies/{hidden['id']}/hidden", {"reason": "人身攻击"}).status_code == 204
    assert author.delete(f"/api/v1/replies/{deleted['id']}").status_code == 403
    assert other.delete(f"/api/v1/replies/{deleted['id']}").status_code == 204
    page = author.get(f"/api/v1/threads/{thread_id}/replies").json()
    assert [(r["state"], r["body"]) for r in page["items"]] == [("hidden", ""), ("deleted", "")]
    assert page["reply_count"] == 0
    assert "不当的话" not in author.get(f"/api/v1/threads/{thread_id}/replies").text
    for reply in (hidden, deleted):
        assert author.get(f"/api/v1/replies/{reply['id']}").status_code == 404
        assert author.put(f"/api/v1/replies/{reply['id']}/support").status_code == 404
        assert (
            author.post(
                f"/api/v1/threads/{thread_id}/replies", {"body": "?", "quote_id": reply["id"]}
            ).status_code
            == 409
        )
    assert live_records(city, other) == {}
    assert author.get("/api/v1/notifications").json()["items"] == []
    assert author.get("/api/v1/notifications/unread").json() == {"count": 0, "elsewhere": []}
    staff.delete(f"/api/v1/replies/{hidden['id']}/hidden")
    assert author.get("/api/v1/notifications").json()["items"][0]["said"] == "不当的话"
    assert live_records(city, other) == {"reply.posted": 1}
    assert differences(city) == []


def test_a_thread_is_as_visible_as_its_subject(app, city, database, thread):
    author, thread_id = thread
    stranger = City(app, database, name="政协邻水市委员会").member()
    reply = say(city.member(), thread_id)
    for answer in (
        stranger.get(f"/api/v1/threads/{thread_id}/replies"),
        stranger.post(f"/api/v1/threads/{thread_id}/replies", {"body": "x"}),
        stranger.put(f"/api/v1/threads/{thread_id}/read", {"last_reply_id": 1}),
        stranger.get(f"/api/v1/replies/{reply['id']}"),
        stranger.put(f"/api/v1/replies/{reply['id']}/support"),
        stranger.get(f"/api/v1/replies/{reply['id']}/supporters"),
    ):
        assert answer.status_code == 404
    update_id = author.get("/api/v1/updates").json()["items"][0]["id"]
    author.delete(f"/api/v1/updates/{update_id}")
    assert author.get(f"/api/v1/threads/{thread_id}/replies").status_code == 404


def test_raced_support_from_many_phones_counts_each_member_once(city, thread):
    author, thread_id = thread
    reply = say(author, thread_id)
    fans = [city.member() for _ in range(5)]

    def press(fan: Who) -> None:
        for _ in range(3):
            fan.put(f"/api/v1/replies/{reply['id']}/support")

    runs = [threading.Thread(target=press, args=(fan,)) for fan in fans]
    for run in runs:
        run.start()
    for run in runs:
        run.join()
    assert author.get(f"/api/v1/replies/{reply['id']}").json()["support_count"] == 5
    assert differences(city) == []


def test_recount_finds_and_repairs_a_wrong_counter(city, thread):
    _, thread_id = thread
    say(city.member(), thread_id)
    t = table(Thread)
    with city.database.transaction() as db:
        db.execute(t.update().values(reply_count=7))
    assert [(d.stored, d.counted) for d in differences(city)] == [(7, 1)]
    recount.repair(city.database)
    with city.database.read.connect() as conn:
        assert conn.scalar(select(t.c.reply_count)) == 1
    assert differences(city) == []
