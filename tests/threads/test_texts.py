"""What texts say is measured once, and how fast they come is bounded."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from app.core import clock
from app.core.language.words import measured
from app.core.sql import table
from app.feed.models import Update
from app.threads.models import Reply
from app.threads.posting import pace, texts
from tests.factories.city import City
from tests.points.world import World, at

MORNING = at("2026-03-04 09:00")
BODY = "今天走访滨江社区，独居老人最盼的是加装电梯。"


@pytest.mark.parametrize(
    ("text", "substance"),
    [
        ("好", 1),
        ("好好好好好好好好好好！！！", 1),
        ("👍👍👍 12345 ……", 1),
        ("的了吧啊呀呢吗哦嗯", 1),
        ("赞同", 1),
        ("Good idea, agree", 3),
        ("先在老旧小区试点，再逐步推开", 11),
    ],
)
def test_a_text_says_as_much_as_it_says_differently(text, substance):
    assert measured(text)["substance"] == substance


@pytest.mark.parametrize(
    "same",
    [
        "今天走访了滨江社区，独居老人最盼的是加装电梯！！",
        "独居老人最盼的是加装电梯。今天走访滨江社区 2",
        "今天走访滨江社区，独居老人最盼的是加装电梯。独居老人最盼的是加装电梯👍",
    ],
)
def test_texts_that_say_the_same_have_one_fingerprint(same):
    assert measured(same)["fingerprint"] == measured(BODY)["fingerprint"]
    assert measured(BODY.replace("电梯", "扶手"))["fingerprint"] != measured(BODY)["fingerprint"]


def stored(world: World) -> dict[str, list[int | None]]:
    with world.city.database.read.connect() as conn:
        return {
            of.name: list(conn.scalars(select(of.c.substance).order_by(of.c.id)))
            for of in (table(Update), table(Reply))
        }


def test_whoever_repeats_what_was_said_lately_says_nothing(city: City):
    world = World(city)
    a, b = city.member("甲"), city.member("乙")
    said = measured(BODY)["substance"]
    first = world.update(a, MORNING, BODY)
    thread = world.thread(("update", first))
    world.reply(b, thread, MORNING + timedelta(minutes=1), body=BODY)  # another member, another place
    world.reply(b, thread, MORNING + timedelta(days=89), body=BODY)
    world.reply(b, thread, MORNING + timedelta(days=200), body=BODY)
    assert stored(world) == {"update": [said], "reply": [0, 0, said]}
    with clock.frozen_at(MORNING + timedelta(minutes=5)):
        city.log_in(a)
        edited = a.put(f"/api/v1/updates/{first}", {"body": BODY + "已经反映给街道办。", "kind": "visit"})
        assert edited.status_code == 200, edited.text
        a.put(f"/api/v1/updates/{first}", {"body": BODY, "kind": "visit"})
    assert stored(world)["update"] == [said], "an edit does not repeat itself"
    # what was posted before texts were measured is measured by the worker, alike
    before = stored(world)
    with city.database.transaction() as db:
        for of in (table(Update), table(Reply)):
            db.connection().execute(update(of).values(substance=None, fingerprint=None))
    texts.measure_all(city.database)
    assert stored(world) == before


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_who_posts_faster_than_anybody_honest_is_told_when_to_go_on(city: City):
    world = World(city)
    a, b = city.member("甲"), city.member("乙")
    theirs = world.update(b, MORNING)
    thread = world.thread(("update", theirs))
    for n in range(pace.UPDATES.most):
        world.update(a, MORNING + timedelta(seconds=10 * n))
    for n in range(pace.REPLIES.most):
        world.reply(a, thread, MORNING + timedelta(seconds=n))
    with clock.frozen_at(MORNING + timedelta(minutes=2)):
        city.log_in(a), city.log_in(b)
        for path, body, verb in (
            ("/api/v1/updates", {"body": BODY, "kind": "visit"}, "发布动态10次"),
            (f"/api/v1/threads/{thread}/replies", {"body": BODY}, "发表意见或回复30次"),
        ):
            refused = a.post(path, body)
            assert (refused.status_code, refused.json()["code"]) == (429, "too_fast")
            assert refused.json()["detail"] == f"您在十分钟内已经{verb}，请约9分钟后再试。"
            assert 470 <= int(refused.headers["Retry-After"]) <= 481
            assert b.post(path, body | {"body": f"{BODY}{verb}"}).status_code == 201
    with clock.frozen_at(MORNING + timedelta(minutes=10, seconds=6)):
        city.log_in(a)
        assert a.post("/api/v1/updates", {"body": BODY, "kind": "visit"}).status_code == 201
        assert a.post(f"/api/v1/threads/{thread}/replies", {"body": BODY}).status_code == 201


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_support_is_bounded_too(city: City, monkeypatch):
    world = World(city)
    a, b = city.member("甲"), city.member("乙")
    posts = [world.update(b, MORNING + timedelta(minutes=n)) for n in range(3)]
    monkeypatch.setattr("app.threads.replies.support.SUPPORTS", pace.Pace(2, "赞同"))
    with clock.frozen_at(MORNING + timedelta(minutes=5)):
        city.log_in(a)
        answers = [a.put(f"/api/v1/updates/{post}/support").status_code for post in posts]
    assert answers == [200, 200, 429]
