"""Replies that come at the same moment are committed together; each stands or falls alone."""

import asyncio
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlmodel import Session

from app.core.errors import Conflict
from app.core.outbox import Job
from app.core.sql import table
from tests.factories.circle.posts import NEW, differences, live_records, say
from tests.factories.city import City, Who


@pytest.fixture
def thread(city: City) -> tuple[Who, int]:
    author = city.member("周岚")
    return author, author.post("/api/v1/updates", NEW).json()["thread_id"]


def test_a_refused_reply_takes_no_other_down(city, thread):
    author, thread_id = thread
    crowd = [city.member() for _ in range(12)]
    gone = say(author, thread_id, "收回")
    author.delete(f"/api/v1/replies/{gone['id']}")

    def answer(place: int) -> int:
        more = {"quote_id": gone["id"]} if place % 4 == 0 else {}
        body = {"body": f"第{place}条", **more}
        return crowd[place].post(f"/api/v1/threads/{thread_id}/replies", body).status_code

    with ThreadPoolExecutor(12) as pool:
        states = list(pool.map(answer, range(12)))
    assert states == [409 if place % 4 == 0 else 201 for place in range(12)]
    page = author.get(f"/api/v1/threads/{thread_id}/replies?limit=50").json()
    said = sorted(r["body"] for r in page["items"] if r["body"])
    assert said == sorted(f"第{place}条" for place in range(12) if place % 4)
    assert [live_records(city, who).get("reply.posted", 0) for who in crowd] == [
        0 if place % 4 == 0 else 1 for place in range(12)
    ]
    assert differences(city) == []


def test_a_reply_that_is_sent_many_times_at_once_stands_once(city, thread):
    author, thread_id = thread
    other = city.member()

    def answer(_: int) -> dict:
        sent = other.post(
            f"/api/v1/threads/{thread_id}/replies",
            {"body": "只说一次"},
            headers={"Idempotency-Key": "one-and-the-same"},
        )
        assert sent.status_code == 201, sent.text
        return sent.json()

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(answer, range(8)))
    assert len({a["id"] for a in answers}) == 1
    assert author.get("/api/v1/notifications/unread").json() == {"count": 1, "elsewhere": []}


def test_each_of_many_mentioned_is_named_and_told_once(city, thread):
    author, thread_id = thread
    three = [city.member() for _ in range(3)]
    reply = say(author, thread_id, "请三位看看", mentions=[who.seat_id for who in three])
    assert sorted(m["seat_id"] for m in reply["mentions"]) == sorted(who.seat_id for who in three)
    for who in three:
        bell = who.get("/api/v1/notifications").json()["items"]
        assert [n["kind"] for n in bell] == ["reply.mentioned"]


@pytest.mark.anyio
async def test_hooks_of_an_act_that_failed_leave_nothing_behind(database):
    told: list[str] = []

    def act(name: str):
        def do(db: Session) -> str:
            db.info["hooks"].after.append(lambda: told.append(name))
            if name == "bad":
                raise Conflict("不行。", code="no", state="shut")
            db.connection().execute(table(Job).select())
            return name

        return do

    names = ["a", "bad", "b", "c"]
    asked = [database.act(act(name), order=1) for name in names]
    found = await asyncio.gather(*asked, return_exceptions=True)
    assert [f if isinstance(f, str) else type(f) for f in found] == ["a", Conflict, "b", "c"]
    assert sorted(told) == ["a", "b", "c"]
