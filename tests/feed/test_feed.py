from datetime import timedelta

from sqlalchemy import select

from app.auth.permissions import Role
from app.core import clock
from app.core.sql import table
from app.feed.models import Update
from tests.factories.circle.posts import NEW, live_records
from tests.factories.city import City


def test_a_posted_update_is_read_by_others_and_stands_in_the_ledger(city):
    author, reader = city.member("周岚"), city.member()
    posted = author.post("/api/v1/updates", NEW)
    assert posted.status_code == 201, posted.text
    page = reader.get("/api/v1/updates").json()
    assert [u["id"] for u in page["items"]] == [posted.json()["id"]]
    row = page["items"][0]
    assert row["author_name"] == "周岚"
    assert row["author_sector"] == "经济界"
    assert row["place"] == "滨江社区"
    assert row["reply_count"] == row["support_count"] == 0
    assert row["supported"] is False
    assert page["next"] is None
    assert live_records(city, author) == {"update.posted": 1}


def test_a_retried_post_is_answered_with_the_first_answer(city):
    author = city.member()
    key = {"Idempotency-Key": "0d5f9f6e-0001"}
    first = author.post("/api/v1/updates", NEW, headers=key)
    again = author.post("/api/v1/updates", NEW, headers=key)
    assert first.status_code == again.status_code == 201
    assert again.json() == first.json()
    assert len(author.get("/api/v1/updates").json()["items"]) == 1
    other = author.post("/api/v1/updates", NEW | {"body": "别的"}, headers=key)
    assert other.status_code == 422
    assert other.json()["code"] == "idempotency_key_reused"


def test_pages_stay_stable_while_updates_are_added(city):
    author = city.member()
    ids = [author.post("/api/v1/updates", NEW).json()["id"] for _ in range(5)]
    first = author.get("/api/v1/updates?limit=2").json()
    author.post("/api/v1/updates", NEW)
    second = author.get(f"/api/v1/updates?limit=2&cursor={first['next']}").json()
    third = author.get(f"/api/v1/updates?limit=2&cursor={second['next']}").json()
    assert [u["id"] for u in first["items"] + second["items"] + third["items"]] == ids[::-1]
    assert third["next"] is None


def test_scopes_show_my_sector_my_committees_or_one_member(city):
    me = city.member(sector=0, committees=(0,))
    mate = city.member(sector=0, committees=())
    colleague = city.member(sector=1, committees=(0,))
    stranger = city.member(sector=1, committees=(1,))
    posted = {w.seat_id: w.post("/api/v1/updates", NEW).json()["id"] for w in (me, mate, colleague, stranger)}

    def seen(query: str) -> set[int]:
        return {u["seat_id"] for u in me.get(f"/api/v1/updates?{query}").json()["items"]}

    assert seen("scope=all") == set(posted)
    assert seen("scope=sector") == {me.seat_id, mate.seat_id}
    assert seen("scope=committees") == {me.seat_id, colleague.seat_id}
    assert seen(f"seat_id={stranger.seat_id}") == {stranger.seat_id}


def test_an_update_is_edited_within_half_an_hour_only_and_by_its_author_only(city):
    author, other = city.member(), city.member()
    at = clock.now()
    with clock.frozen_at(at):
        city.log_in(author)  # for fifteen minutes from now
        update_id = author.post("/api/v1/updates", NEW).json()["id"]
    changed = {"body": "走访了四户。", "kind": "visit"}
    with clock.frozen_at(at + timedelta(minutes=9)):
        assert other.put(f"/api/v1/updates/{update_id}", changed).status_code == 403
        edited = author.put(f"/api/v1/updates/{update_id}", changed)
        assert edited.json()["body"] == "走访了四户。"
        assert edited.json()["edited_at"] is not None
    with clock.frozen_at(at + timedelta(minutes=14, seconds=59)):
        assert author.put(f"/api/v1/updates/{update_id}", changed).status_code == 200
    city.log_in(author)
    with clock.frozen_at(at + timedelta(minutes=31)):
        city.log_in(author)
        late = author.put(f"/api/v1/updates/{update_id}", changed)
        assert late.status_code == 409
        assert late.json()["code"] == "edit_time_over"


def test_a_deleted_update_is_gone_everywhere_and_its_record_is_void(city):
    author, reader = city.member(), city.member()
    update_id = author.post("/api/v1/updates", NEW).json()["id"]
    assert reader.delete(f"/api/v1/updates/{update_id}").status_code == 403
    assert author.delete(f"/api/v1/updates/{update_id}").status_code == 204
    assert author.delete(f"/api/v1/updates/{update_id}").status_code == 404
    assert reader.get(f"/api/v1/updates/{update_id}").status_code == 404
    assert reader.get("/api/v1/updates").json()["items"] == []
    assert live_records(city, author) == {}


def test_support_is_one_for_each_member_and_never_for_oneself(city):
    author, fan = city.member(), city.member()
    update_id = author.post("/api/v1/updates", NEW).json()["id"]
    for _ in range(2):
        assert fan.put(f"/api/v1/updates/{update_id}/support").json() == {
            "support_count": 1,
            "supported": True,
        }
    assert author.put(f"/api/v1/updates/{update_id}/support").json()["code"] == "own_content"
    assert fan.get("/api/v1/updates").json()["items"][0]["supported"] is True
    who = fan.get(f"/api/v1/updates/{update_id}/supporters").json()["items"]
    assert [w["seat_id"] for w in who] == [fan.seat_id]
    for _ in range(2):
        assert fan.delete(f"/api/v1/updates/{update_id}/support").json() == {
            "support_count": 0,
            "supported": False,
        }


def test_staff_hide_with_a_reason_and_the_author_is_told(city):
    author, reader, staff = city.member(), city.member(), city.staff()
    update_id = author.post("/api/v1/updates", NEW).json()["id"]
    assert reader.put(f"/api/v1/updates/{update_id}/hidden", {"reason": "x"}).status_code == 403
    assert staff.put(f"/api/v1/updates/{update_id}/hidden", {"reason": "含有他人联系方式"}).status_code == 204
    assert reader.get(f"/api/v1/updates/{update_id}").status_code == 404
    assert live_records(city, author) == {}
    bell = author.get("/api/v1/notifications").json()["items"]
    assert [n["kind"] for n in bell] == ["update.hidden"]
    assert staff.delete(f"/api/v1/updates/{update_id}/hidden").status_code == 204
    assert reader.get(f"/api/v1/updates/{update_id}").status_code == 200
    assert live_records(city, author) == {"update.posted": 1}


def test_another_organization_sees_nothing(app, city, database):
    author = city.member()
    update_id = author.post("/api/v1/updates", NEW).json()["id"]
    elsewhere = City(app, database, name="政协邻水市委员会").member()
    assert elsewhere.get("/api/v1/updates").json()["items"] == []
    for path in ("", "/supporters"):
        assert elsewhere.get(f"/api/v1/updates/{update_id}{path}").status_code == 404
    assert elsewhere.put(f"/api/v1/updates/{update_id}/support").status_code == 404
    auditor = city.staff(Role.AUDITOR)
    assert auditor.get("/api/v1/updates").status_code == 403


def test_unread_marks_count_what_others_posted_since(city):
    me, other = city.member(), city.member()
    ids = [other.post("/api/v1/updates", NEW).json()["id"] for _ in range(3)]
    me.post("/api/v1/updates", NEW)
    assert me.get("/api/v1/updates/state").json() == {"last_update_id": 0, "unread": 3}
    assert me.put("/api/v1/updates/seen", {"last_update_id": ids[1]}).status_code == 204
    assert me.get("/api/v1/updates/state").json() == {"last_update_id": ids[1], "unread": 1}
    me.put("/api/v1/updates/seen", {"last_update_id": ids[0]})
    assert me.get("/api/v1/updates/state").json()["last_update_id"] == ids[1]
    me.put("/api/v1/updates/seen", {"last_update_id": 2**62})
    assert me.get("/api/v1/updates/state").json()["unread"] == 0


def test_an_unchanged_feed_is_304_until_something_in_it_moves(city):
    author, reader = city.member(), city.member()
    update = author.post("/api/v1/updates", NEW).json()
    tag = reader.get("/api/v1/updates").headers["etag"]
    assert reader.get("/api/v1/updates", headers={"If-None-Match": tag}).status_code == 304
    author.post(f"/api/v1/threads/{update['thread_id']}/replies", {"body": "补充一点"})
    moved = reader.get("/api/v1/updates", headers={"If-None-Match": tag})
    assert moved.status_code == 200
    assert moved.json()["items"][0]["reply_count"] == 1


def test_bad_text_is_refused_in_chinese_and_rare_characters_survive(city):
    author = city.member()
    bad = ["", "  ", "a\x00b", "a\x07b", "\u202e", "\u200b \u2800", "长" * 2001, "\ud800"]
    for body in bad:
        content = ('{"kind":"visit","body":' + __import__("json").dumps(body) + "}").encode()
        answer = author.http.post(
            "/api/v1/updates", content=content, headers={"Content-Type": "application/json"}
        )
        assert answer.status_code == 422, (body, answer.text)
        problem = answer.json()
        assert problem["code"] == "invalid"
        assert problem["errors"][0]["field"] == "body.body"
        assert body.strip() == "" or body not in answer.text
    rare = "𠮷 𰻞 䶮 㛃 𬭎 堃 犇 喆"
    assert author.post("/api/v1/updates", NEW | {"body": rare}).json()["body"] == rare
    with city.database.read.connect() as conn:
        assert conn.scalar(select(table(Update).c.body)) == rare


def test_unknown_fields_huge_numbers_and_broken_json_are_problem_documents(city):
    author = city.member()
    cases = [
        (author.post("/api/v1/updates", NEW | {"surprise": 1}), 422),
        (author.get("/api/v1/updates?limit=9223372036854775808"), 422),
        (author.get("/api/v1/updates?limit=-1"), 422),
        (author.get("/api/v1/updates?cursor=%00%ff"), 422),
        (author.get("/api/v1/updates/99999999999999999999"), 422),
        (author.get("/api/v1/updates/7"), 404),
        (author.post("/api/v1/updates", NEW | {"pictures": ["x" * 10] * 10}), 422),
        (
            author.http.post(
                "/api/v1/updates", content=b'{"body": NaN', headers={"Content-Type": "application/json"}
            ),
            422,
        ),
        (
            author.http.post(
                "/api/v1/updates", content=b"[" * 100_000, headers={"Content-Type": "application/json"}
            ),
            422,
        ),
    ]
    for answer, status in cases:
        assert answer.status_code == status, answer.text
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["request_id"]
        assert "Traceback" not in answer.text
