"""What an attacker tried once and got through; each stays shut."""

import json
import time
from base64 import urlsafe_b64encode
from datetime import timedelta
from io import BytesIO

import pytest
from PIL import Image
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from app.audit.models import AuditEntry
from app.auth.permissions import Role
from app.core import clock
from app.core.errors import AppError
from app.core.sql import table
from app.files import pictures
from tests.factories.city import City
from tests.factories.files import key_of

FAR = ("0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00")
NEW = {"body": "今天走访了滨江社区。", "kind": "visit"}


def cursor(*values: int | str) -> str:
    return urlsafe_b64encode(json.dumps(values).encode()).decode().rstrip("=")


DATED = (
    "/api/v1/proposals?",
    "/api/v1/seats/{seat}/records?",
    "/api/v1/topics?",
    "/api/v1/topics?which=ended&",
    "/api/v1/activities?",
    "/api/v1/activities?when=past&",
)
OUT_OF_RANGE = (
    *(f"{path}cursor={cursor(moment, 1)}" for moment in FAR for path in DATED),
    "/api/v1/leaderboard?window=now&on=0001-01-01",
    "/api/v1/leaderboard/{seat}/records?window=now&on=0001-01-01",
    f"/api/v1/threads/{{thread}}/replies?order=hottest&cursor={cursor(2**40, 5)}",
    "/api/v1/proposals/{proposal}/versions/9223372036854775807",
    f"/api/v1/proposals/{{proposal}}/versions?cursor={cursor(2**40)}",
    "/api/v1/opinions/{opinion}/versions/9223372036854775807",
    f"/api/v1/opinions/{{opinion}}/versions?cursor={cursor(2**40)}",
    "/api/v1/seats?q=a%00b",
)


def test_nothing_that_is_asked_for_is_out_of_range(city: City) -> None:
    member, auditor, staff = city.member(), city.staff(Role.AUDITOR), city.staff()
    ids = {
        "seat": member.seat_id,
        "thread": member.post("/api/v1/updates", NEW).json()["thread_id"],
        "proposal": member.post("/api/v1/proposals", {"title": "草稿", "kind": "individual"}).json()["id"],
        "opinion": member.post("/api/v1/opinions", {"title": "草稿", "body": "草稿"}).json()["id"],
    }
    answers = {path: member.get(path.format(**ids)) for path in OUT_OF_RANGE}
    for moment in FAR:
        answers |= {
            f"{w} {moment}": auditor.get("/api/v1/audit", params={w: moment}) for w in ("since", "until")
        }
        period = {"opens_at": moment, "closes_at": "9999-12-31T23:59:59Z"}
        answers[f"topic {moment}"] = staff.post("/api/v1/topics", {"title": "题", "summary": "问", **period})
        period = {"starts_at": moment, "ends_at": "9999-12-31T23:59:59Z"}
        activity = {"kind": "plenary", "title": "会", **period}
        answers[f"activity {moment}"] = staff.post("/api/v1/activities", activity)
    answers["origin"] = city.anonymous().post(
        "/api/v1/auth/login", json={"phone": "13800138000", "password": "x"}, headers={"Origin": "http://["}
    )
    assert {path: a.status_code for path, a in answers.items() if a.status_code >= 500} == {}


def test_the_number_of_a_seat_takes_no_control_or_bidi_characters(city: City) -> None:
    member, staff = city.member(), city.staff()
    assert staff.patch(f"/api/v1/seats/{member.seat_id}", {"number": "a\x00"}).status_code == 422
    for number in ("a\u202eb", "a\u200bb"):
        answer = staff.patch(f"/api/v1/seats/{member.seat_id}", {"number": number})
        assert (answer.status_code, answer.json()["number"]) == (200, "ab")


def test_a_card_tells_nobody_what_was_said_in_a_topic_for_the_invited(city: City) -> None:
    invited, echo = city.member(sector=0, committees=()), city.member(sector=0, committees=())
    outside, staff, now = city.member(sector=1, committees=()), city.staff(), clock.now()
    topic = staff.post(
        "/api/v1/topics",
        {
            "title": "仅限受邀界别的议题",
            "summary": "请提意见。",
            "opens_at": (now - timedelta(days=1)).isoformat(),
            "closes_at": (now + timedelta(days=1)).isoformat(),
            "sector_ids": [city.sectors[0]],
        },
    ).json()
    staff.post(f"/api/v1/topics/{topic['id']}/publication")
    replies = f"/api/v1/threads/{topic['thread_id']}/replies"
    opinion = invited.post(replies, {"body": "只说给受邀者的意见"}).json()
    echo.post(replies, {"body": "赞成", "parent_id": opinion["id"]})

    card = outside.get(f"/api/v1/cards/{invited.seat_id}/term")

    assert card.status_code == 200
    assert "只说给受邀者的意见" not in card.text
    assert "仅限受邀界别的议题" not in card.text


def test_the_author_of_what_is_hidden_is_told_why(city: City) -> None:
    author, staff = city.member(), city.staff()
    update = author.post("/api/v1/updates", NEW).json()
    staff.put(f"/api/v1/updates/{update['id']}/hidden", {"reason": "含有他人联系方式"})
    bell = author.get("/api/v1/notifications").json()["items"][0]
    assert "含有他人联系方式" in bell["title"]
    assert bell["path"] is None


def test_a_paper_that_was_taken_off_a_topic_is_read_by_nobody_else(city: City) -> None:
    member, staff, now = city.member(), city.staff(), clock.now()
    key = key_of(staff, b"draft", "p.txt")
    text = {
        "title": "议题",
        "summary": "请提意见。",
        "opens_at": (now - timedelta(days=1)).isoformat(),
        "closes_at": (now + timedelta(days=1)).isoformat(),
    }
    paper = {"papers": [{"title": "初稿", "file_key": key}]}
    topic = staff.post("/api/v1/topics", text | paper).json()["id"]
    staff.put(f"/api/v1/topics/{topic}", text)
    staff.post(f"/api/v1/topics/{topic}/publication")
    assert member.get(f"/api/v1/files/{key}").status_code == 404


def test_replacing_an_entry_of_the_log_is_refused(city: City) -> None:
    e = table(AuditEntry)
    city.staff().post("/api/v1/auth/logout")
    with city.database.read.connect() as conn:
        row = dict(conn.execute(select(e)).mappings().first() or {})
    verb = "OR REPLACE" if city.database.write.dialect.name == "sqlite" else ""
    with pytest.raises(DBAPIError), city.database.write.begin() as conn:
        conn.execute(e.insert().prefix_with(verb) if verb else e.insert(), row | {"action": "forged"})


def test_a_photo_of_very_many_scans_is_refused_at_once() -> None:
    out = BytesIO()
    Image.new("L", (4000, 4000)).save(out, "JPEG", progressive=True)
    photo = out.getvalue()
    scan = photo[photo.rindex(b"\xff\xda") : -2]
    started = time.monotonic()
    with pytest.raises(AppError):
        pictures.prepare(photo[:-2] + scan * 2000 + photo[-2:])
    assert time.monotonic() - started < 1
