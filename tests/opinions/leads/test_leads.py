"""Leads of members, information officers and units: staff make reports of them, or say why not."""

import pytest

from app.auth import subjects
from app.auth.actor import actor_of
from app.auth.permissions import Role
from tests.factories.city import City
from tests.factories.domains.ledger import differences, live_acts, news
from tests.factories.domains.opinions import combined, done, steps, submitted

BODY = "城东三个小区的充电桩坏了两个多月。\n物业说等维修基金。"


def handed_in(who, body=BODY) -> int:
    made = who.post("/api/v1/leads/own", {"body": body})
    assert made.status_code == 201, made.text
    return made.json()["id"]


def step(who, lead_id, action, **more):
    return who.post(f"/api/v1/leads/{lead_id}/transitions", {"action": action, **more})


def made_report(staff, lead_id, **more) -> int:
    used = step(staff, lead_id, "use", **more)
    assert used.status_code == 200, used.text
    return used.json()["report_id"]


def test_a_members_lead_becomes_their_report(city):
    member, staff = city.member("周岚"), city.staff()
    lead_id = handed_in(member)
    assert member.get("/api/v1/leads").json()["items"][0]["source_label"] == "委员"
    report_id = made_report(staff, lead_id)
    report = member.get(f"/api/v1/opinions/{report_id}").json()
    assert (report["author_name"], report["kind_label"], report["state"]) == ("周岚", "线索转化", "editing")
    assert (report["title"], report["body"]) == ("城东三个小区的充电桩坏了两个多月。", BODY)
    assert report["lead_id"] is None
    assert staff.get(f"/api/v1/opinions/{report_id}").json()["lead_id"] == lead_id
    assert [s["action_label"] for s in steps(member, report_id)] == ["线索转为信息"]
    assert live_acts(city, member) == [("opinion.submitted", "lead", "city")]
    assert news(city, member) == ["您提供的线索已转为社情民意信息"]
    mine = member.get(f"/api/v1/leads/{lead_id}").json()
    assert (mine["state"], mine["report_id"], mine["outcome"]) == ("used", report_id, None)
    done(staff, report_id, "issue", tier="city")
    assert member.get(f"/api/v1/leads/{lead_id}").json()["outcome"] == "已签发"
    assert [kind for kind, *_ in live_acts(city, member)] == ["opinion.submitted", "opinion.issued"]
    assert differences(city) == []


@pytest.mark.parametrize(
    ("role", "label"), [(Role.INFORMATION_OFFICER, "信息员"), (Role.UNIT_OFFICER, "承办单位")]
)
def test_officers_hand_in_leads_and_follow_them(city, role, label):
    officer, staff = city.staff(role, "钱信息"), city.staff()
    lead_id = handed_in(officer)
    (row,) = staff.get("/api/v1/leads?scope=desk").json()["items"]
    assert (row["source_label"], row["name"]) == (label, "钱信息")
    report_id = made_report(staff, lead_id, title="充电桩损坏久未修")
    report = staff.get(f"/api/v1/opinions/{report_id}").json()
    assert (report["title"], report["seat_id"]) == ("充电桩损坏久未修", None)
    assert officer.get(f"/api/v1/opinions/{report_id}").status_code == 403
    mine = officer.get(f"/api/v1/leads/{lead_id}").json()
    assert (mine["state_label"], mine["report_id"]) == ("已转为信息", None)
    done(staff, report_id, "issue", tier="city")
    assert officer.get("/api/v1/leads").json()["items"][0]["outcome"] == "已签发"
    assert differences(city) == []


def test_a_lead_is_declined_with_a_reason_and_opened_again(city):
    officer, staff = city.staff(Role.INFORMATION_OFFICER), city.staff()
    lead_id = handed_in(officer)
    assert step(staff, lead_id, "decline").json()["code"] == "reason_required"
    assert step(staff, lead_id, "decline", reason="已有同类信息。").json()["state"] == "declined"
    assert officer.get(f"/api/v1/leads/{lead_id}").json()["reason"] == "已有同类信息。"
    assert news(city, officer) == ["您提供的线索未采用：已有同类信息。"]
    again = step(staff, lead_id, "use")
    assert (again.status_code, again.json()["state"]) == (409, "declined")
    opened = step(staff, lead_id, "reopen", reason="点错了。").json()
    assert (opened["state"], opened["reason"], opened["decided_at"]) == ("received", None, None)
    report_id = made_report(staff, lead_id)
    twice = step(staff, lead_id, "use")
    assert (twice.status_code, twice.json()["state"]) == (409, "used")
    assert step(staff, lead_id, "reopen", reason="不行。").status_code == 409
    assert staff.get("/api/v1/leads?scope=desk&state=received").json()["items"] == []
    assert report_id


def test_a_leads_report_may_become_a_part_and_brings_its_outcome(city):
    member, officer, staff = city.member(), city.staff(Role.INFORMATION_OFFICER), city.staff()
    lead_id = handed_in(officer)
    whole = combined(staff, made_report(staff, lead_id), submitted(member))
    assert officer.get(f"/api/v1/leads/{lead_id}").json()["outcome"] is None
    done(staff, whole, "issue", tier="city")
    done(staff, whole, "adopt", tier="city")
    assert officer.get(f"/api/v1/leads/{lead_id}").json()["outcome"] == "已采用"
    assert differences(city) == []


def test_everybody_sees_their_own_leads_only(city):
    one, two, staff = city.member(), city.member(), city.staff()
    officer, leader = city.staff(Role.INFORMATION_OFFICER), city.staff(Role.LEADER)
    elsewhere = City(city.app, city.database, name="政协石泉市委员会")
    lead_id = handed_in(one)
    path = f"/api/v1/leads/{lead_id}"

    def sees(place, who) -> bool:
        with city.database.read.connect() as conn:
            rule = subjects.visible(conn, actor_of(conn, who.session_id), "lead", [lead_id]) == {lead_id}
        lists = [who.get(f"/api/v1/leads?scope={scope}").json()["items"] for scope in ("mine", "desk")]
        answers = {rule, who.get(path).status_code == 200, any(lists)}
        assert len(answers) == 1, answers
        return answers.pop()

    assert sees(city, one)
    assert sees(city, staff)
    assert not sees(city, two)
    assert not sees(city, officer)
    assert not sees(elsewhere, elsewhere.staff())
    assert leader.get(path).status_code == 403
    assert step(two, lead_id, "use").status_code == 403
    assert step(elsewhere.staff(), lead_id, "decline", reason="越权。").status_code == 404
    assert two.get("/api/v1/notifications").json()["items"] == []


def test_staff_and_leaders_hand_in_none_and_text_is_checked(city):
    member = city.member()
    for role in (Role.SECRETARIAT, Role.LEADER, Role.AUDITOR):
        assert city.staff(role).post("/api/v1/leads/own", {"body": BODY}).status_code == 403
    for body in ("", "  ", "字" * 2001, "自造\ue000字", 5):
        assert member.post("/api/v1/leads/own", {"body": body}).status_code == 422
    assert member.post("/api/v1/leads/own", {"body": BODY, "source": "citizen"}).status_code == 422
    for _ in range(2):
        member.post("/api/v1/leads/own", {"body": BODY}, headers={"Idempotency-Key": "lead-0001"})
    assert len(member.get("/api/v1/leads").json()["items"]) == 1
    lead_id = handed_in(member, "\t第一行\t有制表符\n第二行")
    assert step(city.staff(), lead_id, "decline", reason="空。", title="标题").status_code == 422
    report_id = made_report(city.staff(), lead_id)
    assert member.get(f"/api/v1/opinions/{report_id}").json()["title"] == "第一行 有制表符"
