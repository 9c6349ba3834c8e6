"""Reading: topics, logs, notes; the ledger follows each of them."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, update

from app.auth.permissions import Role
from app.core import clock
from app.core.sql import table
from app.duty.models import DutyRecord
from app.reading.models import ReadingLog, ReadingNote
from tests.factories.city import City, Who
from tests.factories.domains.ledger import differences
from tests.factories.statements import statements

NOTE = {"book": "乡土中国", "title": "差序格局与社区协商", "body": "读后想到社区里的几件事。"}


def records(city: City, who: Who, *, live: bool = True) -> list[tuple[str, int, str]]:
    r = table(DutyRecord)
    with city.database.read.connect() as conn:
        rows = conn.execute(
            select(r.c.kind, r.c.quantity, r.c.occurred_on)
            .where(
                r.c.seat_id == who.seat_id, r.c.voided_at.is_(None) if live else r.c.voided_at.is_not(None)
            )
            .order_by(r.c.id)
        )
        return [(row.kind, row.quantity, str(row.occurred_on)) for row in rows]


def topic(staff: Who, **changes) -> dict:
    today = clock.local_day(clock.now())
    body = {
        "title": "读懂乡村",
        "intro": "本季共读。",
        "starts_on": str(today - timedelta(days=3)),
        "ends_on": str(today + timedelta(days=30)),
        "books": [{"title": "乡土中国", "author": "费孝通"}, {"title": "江村经济"}],
    }
    answer = staff.post("/api/v1/reading/topics", body | changes)
    assert answer.status_code == 201, answer.text
    return answer.json()


def test_topics_of_today_with_their_books(city: City):
    staff, reader = city.staff(), city.member()
    made = topic(staff)
    topic(staff, title="往年", starts_on="2020-01-01", ends_on="2020-02-01")
    items = reader.get("/api/v1/reading/topics").json()["items"]
    assert [(t["title"], t["current"], [b["title"] for b in t["books"]]) for t in items] == [
        ("读懂乡村", True, ["乡土中国", "江村经济"])
    ]
    past = reader.get("/api/v1/reading/topics", params={"when": "past"}).json()["items"]
    assert [t["title"] for t in past] == ["往年"]

    changed = staff.patch(f"/api/v1/reading/topics/{made['id']}", {"books": [{"title": "生育制度"}]})
    assert [b["title"] for b in changed.json()["books"]] == ["生育制度"]
    backwards = staff.patch(f"/api/v1/reading/topics/{made['id']}", {"ends_on": "2001-01-01"})
    assert (backwards.status_code, backwards.json()["code"]) == (422, "bad_period")
    assert reader.post("/api/v1/reading/topics", {}).status_code == 403
    other = City(city.app, city.database, name="政协别处市委员会")
    assert other.member().get(f"/api/v1/reading/topics/{made['id']}").status_code == 404


def test_a_log_makes_the_reading_year_and_the_ledger(city: City):
    with clock.frozen_at(datetime(2026, 3, 5, 2, tzinfo=UTC)):
        staff, reader = city.staff(), city.member()
        subject = topic(staff)
        logs = [
            {"book": "乡土中国", "minutes": 40, "pages": 20, "topic_id": subject["id"]},
            {"book": "江村经济", "minutes": 30, "read_on": "2026-01-31"},
            {"book": "乡土中国", "pages": 12, "read_on": "2026-01-31"},
            {"book": "去年的书", "minutes": 99, "read_on": "2025-12-31"},
        ]
        answers = [reader.post("/api/v1/reading/logs", body) for body in logs]
        assert [a.status_code for a in answers] == [201] * 4, answers[0].text
        assert answers[0].json()["read_on"] == "2026-03-05"
        reader.post("/api/v1/reading/notes", NOTE)

        year = reader.get("/api/v1/reading/year").json()
        assert {k: year[k] for k in ("year", "minutes", "pages", "days", "books", "notes", "commended")} == {
            "year": 2026,
            "minutes": 70,
            "pages": 32,
            "days": 2,
            "books": ["江村经济", "乡土中国"],
            "notes": 1,
            "commended": 0,
        }
        months = {m["month"]: (m["minutes"], m["pages"], m["days"]) for m in year["months"]}
        assert len(months) == 12
        assert (months["2026-01"], months["2026-02"], months["2026-03"]) == (
            (30, 12, 1),
            (0, 0, 0),
            (40, 20, 1),
        )
        assert reader.get("/api/v1/reading/year", params={"year": 2025}).json()["minutes"] == 99
        mine = reader.get("/api/v1/reading/logs", params={"limit": 3}).json()
        assert [log["book"] for log in mine["items"]] == ["去年的书", "乡土中国", "江村经济"]
        rest = reader.get("/api/v1/reading/logs", params={"limit": 3, "cursor": mine["next"]}).json()
        assert [log["book"] for log in rest["items"]] == ["乡土中国"]

    assert records(city, reader) == [
        ("reading.logged", 40, "2026-03-05"),
        ("reading.logged", 30, "2026-01-31"),
        ("reading.logged", 0, "2026-01-31"),
        ("reading.logged", 99, "2025-12-31"),
        ("reading.noted", 1, "2026-03-05"),
    ]
    assert differences(city) == []


def test_the_duty_year_of_december_counts_december_for_the_next_year(app, database):
    with clock.frozen_at(datetime(2026, 3, 5, 2, tzinfo=UTC)):
        city = City(app, database, name="政协别处市委员会", duty_year_starts="12-01")
        reader = city.member()
        reader.post("/api/v1/reading/logs", {"book": "书", "minutes": 10, "read_on": "2025-12-01"})
        reader.post("/api/v1/reading/logs", {"book": "书", "minutes": 7, "read_on": "2025-11-30"})
        year = reader.get("/api/v1/reading/year").json()
    assert (year["year"], year["starts_on"], year["ends_on"], year["minutes"]) == (
        2026,
        "2025-12-01",
        "2026-11-30",
        10,
    )
    assert [m["month"] for m in year["months"]][:2] == ["2025-12", "2026-01"]


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"book": "书"}, 422, "invalid"),
        ({"book": "书", "minutes": 1441}, 422, "invalid"),
        ({"book": "书", "minutes": -1}, 422, "invalid"),
        ({"book": "书\ue000", "minutes": 5}, 422, "invalid"),
        ({"book": "书", "minutes": 5, "read_on": "2026-03-06"}, 422, "future_day"),
        ({"book": "书", "minutes": 5, "read_on": "2001-01-01"}, 422, "before_seat"),
        ({"book": "书", "minutes": 5, "topic_id": 999}, 404, "not_found"),
        ({"book": "书", "minutes": 1000}, 409, "day_full"),
        ({"book": "书", "minutes": 5, "seat_id": 1}, 422, "invalid"),
    ],
)
def test_bad_logs_leave_nothing(city: City, body: dict, status: int, code: str):
    with clock.frozen_at(datetime(2026, 3, 5, 2, tzinfo=UTC)):
        reader = city.member()
        reader.post("/api/v1/reading/logs", {"book": "书", "minutes": 500})
        answer = reader.post("/api/v1/reading/logs", body)
        assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text
        assert len(reader.get("/api/v1/reading/logs").json()["items"]) == 1
    assert len(records(city, reader)) == 1


def test_a_log_is_its_owners_and_staffs_and_taking_it_back_voids_it(city: City):
    reader, other, staff = city.member(), city.member(), city.staff()
    log = reader.post("/api/v1/reading/logs", {"book": "书", "minutes": 5}).json()
    path = f"/api/v1/reading/logs/{log['id']}"
    assert [who.get(path).status_code for who in (reader, staff, other)] == [200, 200, 404]
    assert other.delete(path).status_code == 404
    assert reader.delete(path).status_code == 204
    assert reader.delete(path).status_code == 404
    assert reader.get(path).status_code == 404
    assert records(city, reader) == []
    assert len(records(city, reader, live=False)) == 1
    assert reader.get("/api/v1/reading/year").json()["minutes"] == 0
    assert differences(city) == []


def test_a_retried_log_counts_once(city: City):
    reader = city.member()
    key = {"Idempotency-Key": "11111111-2222"}
    first = reader.post("/api/v1/reading/logs", {"book": "书", "minutes": 5}, headers=key)
    second = reader.post("/api/v1/reading/logs", {"book": "书", "minutes": 5}, headers=key)
    assert first.json() == second.json()
    assert len(records(city, reader)) == 1


def test_notes_are_listed_read_answered_and_commended(city: City):
    staff, author, reader = city.staff(), city.member("周岚"), city.member()
    subject = topic(staff)
    note = author.post("/api/v1/reading/notes", NOTE | {"topic_id": subject["id"], "body": "长" * 300}).json()
    city.member().post("/api/v1/reading/notes", NOTE | {"title": "另一篇"})
    path = f"/api/v1/reading/notes/{note['id']}"

    listed = reader.get("/api/v1/reading/notes")
    assert [n["title"] for n in listed.json()["items"]] == ["另一篇", NOTE["title"]]
    assert "body" not in listed.json()["items"][0]
    verbs = [who.get(path).json()["may"] for who in (author, reader, staff)]
    assert verbs == [["reply", "delete"], ["reply"], ["reply", "hide", "commend"]]
    assert len(listed.json()["items"][1]["excerpt"]) == 120
    by = {"topic_id": subject["id"]}, {"seat_id": author.seat_id}
    assert [[n["id"] for n in reader.get("/api/v1/reading/notes", params=p).json()["items"]] for p in by] == [
        [note["id"]]
    ] * 2
    assert reader.get(path).json()["body"] == "长" * 300
    unchanged = reader.get("/api/v1/reading/notes", headers={"If-None-Match": listed.headers["etag"]})
    assert unchanged.status_code == 304

    replied = reader.post(f"/api/v1/threads/{note['thread_id']}/replies", {"body": "很有启发。"})
    assert replied.status_code == 201, replied.text
    assert reader.get(path).json()["reply_count"] == 1
    assert ("reply.posted", 1) in [r[:2] for r in records(city, reader)]

    assert author.put(f"{path}/commendation").status_code == 403
    assert [staff.put(f"{path}/commendation").status_code for _ in range(2)] == [204, 204]
    assert [r[0] for r in records(city, author)] == ["reading.noted", "reading.commended"]
    commended = reader.get("/api/v1/reading/notes", params={"commended": True}).json()["items"]
    assert [n["id"] for n in commended] == [note["id"]]
    assert staff.get(path).json()["may"] == ["reply", "hide", "uncommend"]
    bell = author.get("/api/v1/notifications").json()["items"]
    assert any(NOTE["title"] in n["title"] for n in bell)
    assert differences(city) == []

    assert [staff.delete(f"{path}/commendation").status_code for _ in range(2)] == [204, 204]
    assert [r[0] for r in records(city, author)] == ["reading.noted"]
    assert differences(city) == []


def test_a_deleted_or_hidden_note_leaves_every_list_and_figure(city: City):
    staff, author, reader = city.staff(), city.member(), city.member()
    mine, hidden = (author.post("/api/v1/reading/notes", NOTE).json() for _ in range(2))
    staff.put(f"/api/v1/reading/notes/{mine['id']}/commendation")
    assert reader.delete(f"/api/v1/reading/notes/{mine['id']}").status_code == 403
    assert author.delete(f"/api/v1/reading/notes/{mine['id']}").status_code == 204
    assert reader.put(f"/api/v1/reading/notes/{hidden['id']}/hidden", {"reason": "不妥"}).status_code == 403
    assert staff.put(f"/api/v1/reading/notes/{hidden['id']}/hidden", {"reason": "不妥"}).status_code == 204
    for note in (mine, hidden):
        assert reader.get(f"/api/v1/reading/notes/{note['id']}").status_code == 404
        assert (
            reader.post(f"/api/v1/threads/{note['thread_id']}/replies", {"body": "还在吗"}).status_code == 404
        )
        assert staff.put(f"/api/v1/reading/notes/{note['id']}/commendation").status_code == 404
    assert reader.get("/api/v1/reading/notes").json()["items"] == []
    assert records(city, author) == []
    assert differences(city) == []


def test_nothing_of_reading_leaves_the_organization(city: City):
    other = City(city.app, city.database, name="政协别处市委员会")
    note = city.member().post("/api/v1/reading/notes", NOTE).json()
    stranger, their_staff = other.member(), other.staff()
    assert stranger.get(f"/api/v1/reading/notes/{note['id']}").status_code == 404
    assert their_staff.put(f"/api/v1/reading/notes/{note['id']}/commendation").status_code == 404
    assert stranger.get("/api/v1/reading/notes").json()["items"] == []
    assert city.staff(Role.UNIT_OFFICER).get("/api/v1/reading/notes").status_code == 403


def test_lists_take_as_many_statements_for_many_rows_as_for_few(city: City):
    staff, reader = city.staff(), city.member()

    def lists() -> None:
        reader.get("/api/v1/reading/topics")
        reader.get("/api/v1/reading/notes")

    topic(staff)
    reader.post("/api/v1/reading/notes", NOTE)
    few = statements(city.database, lists)
    for _ in range(5):
        topic(staff)
        reader.post("/api/v1/reading/notes", NOTE)
    assert statements(city.database, lists) == few


def test_recount_finds_minutes_and_notes_that_the_ledger_does_not_know(city: City):
    reader = city.member()
    reader.post("/api/v1/reading/logs", {"book": "书", "minutes": 40})
    reader.post("/api/v1/reading/notes", NOTE)
    with city.database.transaction() as db:
        db.connection().execute(update(table(ReadingLog)).values(minutes=41))
        db.connection().execute(update(table(ReadingNote)).values(deleted_at=clock.now()))
    assert [(d.check, d.stored, d.counted) for d in differences(city)] == [
        ("读书记录与履职记录", 40, 41),
        ("读书笔记与履职记录", 1, 0),
    ]
