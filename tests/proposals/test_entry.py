"""Staff enter what comes on paper; it is its author's, of the day on which it came."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.core import clock
from app.core.sql import table
from app.duty.models import DutyRecord
from tests.factories.domains.bodies import added
from tests.factories.domains.ledger import differences, live_acts, news
from tests.factories.domains.proposals import TEXT, opened_window

on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def day(ago=0):
    return str(clock.local_day(clock.now()) - timedelta(days=ago))


def test_a_paper_becomes_its_authors_proposal(city):
    staff, author, friend = city.staff(), city.member("周岚"), city.member("吴远")
    opened_window(staff)
    paper = TEXT | {"kind": "joint", "seat_id": author.seat_id, "cosigner_ids": [friend.seat_id]}
    entered = staff.post("/api/v1/proposals/entered", paper | {"handed_in_on": day(), "handed_in_by": "小李"})
    assert entered.status_code == 201, entered.text
    proposal_id = entered.json()["id"]
    path = f"/api/v1/proposals/{proposal_id}"

    mine = author.get("/api/v1/proposals?scope=mine").json()["items"]
    assert [(one["id"], one["state"], one["author_name"]) for one in mine] == [
        (proposal_id, "submitted", "周岚")
    ]
    (step,) = author.get(f"{path}/track").json()["steps"]
    assert (step["action_label"], step["actor"], step["data"]["handed_in_by"]) == (
        "机关代录",
        "机关甲",
        "小李",
    )
    seen = author.get(path).json()
    assert (seen["entered_by"], seen["handed_in_on"], seen["cosigner_count"]) == ("机关甲", day(), 1)
    assert live_acts(city, author) == [("proposal.submitted", "lead", "city")]
    assert live_acts(city, friend) == [("proposal.submitted", "participant", "city")]
    today = clock.local_day(clock.now())
    told = f"机关已代您录入{today.month}月{today.day}日收到的纸质提案《{TEXT['title']}》"
    assert news(city, author) == news(city, friend) == [told]
    assert author.post("/api/v1/proposals/entered", paper | {"handed_in_on": day()}).status_code == 403
    assert differences(city) == []


@on_sqlite
def test_a_body_hands_in_on_paper_and_the_day_is_that_of_the_paper(city):
    staff, head = city.staff(), city.member("周岚")
    now = clock.now()
    period = {
        "opens_at": (now - timedelta(days=20)).isoformat(),
        "closes_at": (now - timedelta(days=1)).isoformat(),
    }
    window = staff.post("/api/v1/proposal-windows", {"name": "五届二次会议提案", **period}).json()
    body = added(staff, head=head)
    paper = TEXT | {"kind": "collective", "body_id": body["id"]}
    late = staff.post("/api/v1/proposals/entered", paper | {"handed_in_on": day()})
    assert (late.status_code, late.json()["code"]) == (409, "window_closed")
    entered = staff.post("/api/v1/proposals/entered", paper | {"handed_in_on": day(5)}).json()
    assert (entered["window_id"], entered["body_name"], entered["author_name"]) == (
        window["id"],
        body["name"],
        "周岚",
    )
    r = table(DutyRecord)
    with city.database.read.connect() as conn:
        found = conn.scalar(select(r.c.occurred_on).where(r.c.seat_id == head.seat_id))
    assert str(found) == day(5)


@on_sqlite
@pytest.mark.parametrize(
    ("wrong", "detail"),
    [
        ({"seat_id": None}, "请选择委员。"),
        ({"seat_id": None, "kind": "collective"}, "请选择集体提案的提出单位。"),
        ({"seat_id": 999_999}, "所选的人当天不是在任委员，请重新选择。"),
        ({"handed_in_on": "2999-01-01"}, "收到纸质材料的日期应在今天或此前一年之内。"),
        ({"suggestions": ""}, "请填写具体建议。"),
        ({"cosigner_ids": [999_999], "kind": "joint"}, "署名的应是当天在任的其他委员，请重新选择。"),
    ],
)
def test_a_wrong_entry_is_refused_with_a_sentence(city, wrong, detail):
    staff, author = city.staff(), city.member()
    opened_window(staff)
    paper = TEXT | {"seat_id": author.seat_id, "handed_in_on": day()} | wrong
    refused = staff.post("/api/v1/proposals/entered", paper)
    assert refused.status_code == 422
    assert [e["detail"] for e in refused.json()["errors"]] == [detail]
    assert author.get("/api/v1/proposals?scope=mine").json()["items"] == []
