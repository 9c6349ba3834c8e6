"""Staff enter reports on paper and leads by word of mouth."""

from datetime import timedelta

import pytest

from app.core import clock
from tests.factories.domains.bodies import added
from tests.factories.domains.ledger import differences, live_acts, news

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def today():
    return str(clock.local_day(clock.now()))


def test_a_report_on_paper_becomes_its_authors(city):
    staff, author = city.staff(), city.member("周岚")
    body = added(staff, head=author)
    paper = {"title": "充电设施不足", "body": "三个社区……", "body_id": body["id"], "handed_in_on": today()}
    entered = staff.post("/api/v1/opinions/entered", paper)
    assert entered.status_code == 201, entered.text
    path = f"/api/v1/opinions/{entered.json()['id']}"

    mine = author.get(path).json()
    assert (mine["state"], mine["entered_by"], mine["handed_in_by"]) == ("submitted", "机关甲", "周岚")
    assert mine["kind"] == "single"
    assert (mine["body_name"], mine["author_name"]) == ("民盟云川市委员会", "周岚")
    assert [s["action_label"] for s in author.get(f"{path}/track").json()["steps"]] == ["机关代录"]
    assert live_acts(city, author) == [("opinion.submitted", "lead", "city")]
    assert news(city, author)[-1].startswith("机关已代您录入")
    empty = staff.post("/api/v1/opinions/entered", paper | {"body": ""})
    assert (empty.status_code, empty.json()["code"]) == (422, "incomplete")
    assert author.post("/api/v1/opinions/entered", paper).status_code == 403
    assert differences(city) == []


def test_a_call_becomes_a_lead_with_a_receipt(city):
    staff, nobody = city.staff(), city.anonymous()
    call = {"source": "citizen", "body": "路灯坏了", "name": "王女士", "contact": "13900000000"}
    entered = staff.post("/api/v1/leads/entered", call | {"handed_in_on": today()})
    assert entered.status_code == 201, entered.text
    lead = entered.json()
    assert (lead["entered_by"], lead["name"], lead["source_label"]) == ("机关甲", "王女士", "群众")
    state = nobody.post("/api/v1/leads/status", json={"code": lead["code"]})
    assert state.json()["state_label"] == "已收到"


def test_a_lead_of_a_member_is_theirs(city):
    staff, member = city.staff(), city.member()
    said = {"source": "member", "body": "路灯坏了", "handed_in_on": today()}
    assert staff.post("/api/v1/leads/entered", said).status_code == 422
    lead = staff.post("/api/v1/leads/entered", said | {"seat_id": member.seat_id}).json()
    (mine,) = member.get("/api/v1/leads").json()["items"]
    assert (mine["id"], mine["entered_by"], mine["code"]) == (lead["id"], "机关甲", None)
    assert news(city, member) == ["机关已代您录入您提供的线索"]
    future = str(clock.local_day(clock.now()) + timedelta(days=1))
    wrong = staff.post("/api/v1/leads/entered", said | {"seat_id": member.seat_id, "handed_in_on": future})
    assert [e["field"] for e in wrong.json()["errors"]] == ["handed_in_on"]
