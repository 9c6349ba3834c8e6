"""A matter is brought, screened, met on, followed and judged; what the public reads of it was written for the public."""

from datetime import timedelta

import pytest

from app.auth.areas import Area
from app.auth.permissions import Role
from app.core import clock
from tests.factories import findings
from tests.factories.city import City
from tests.factories.consultations.matters import (
    brought,
    consultation,
    done,
    handed_in,
    met,
    put,
    solved,
    step,
    venue,
)
from tests.factories.domains.ledger import differences, live_acts, news, void_reasons
from tests.support.client import Client

PUBLIC = "/api/v1/public/matters"


def one(who, matter):
    return who.get(f"/api/v1/matters/{matter['id']}")


def actions(who, matter):
    return [found["action"] for found in one(who, matter).json()["actions"]]


def status(app, code):
    return Client(app).post(f"{PUBLIC}/status", json={"code": code}).json()


def test_a_member_brings_one_and_hears_what_becomes_of_it(city):
    member, staff, officer = city.member("周岚"), city.staff(), city.staff(Role.UNIT_OFFICER)
    matter = brought(member)
    assert (matter["source_label"], matter["venue"], matter["brought_by"]) == ("委员", None, "周岚")
    assert [act[0] for act in live_acts(city, member)] == ["matter.brought"]
    assert actions(member, matter) == ["withdraw"]
    assert step(member, matter, "accept").status_code == 403
    matter = met(staff, matter, consultation(staff, city.member()))
    found = findings.noted(city, staff, source="matter", subject_id=matter["id"], body="统一招标。")
    found = findings.done(officer, findings.done(staff, found, "send"), "answer", fate="adopted")
    findings.done(staff, findings.done(staff, found, "release"), "reopen", reason="核实")
    matter = done(staff, matter, "leave", result="资金还没有落实。")
    assert (matter["solved"], actions(member, matter)) == (False, ["satisfied", "mostly", "dissatisfied"])
    assert step(member, matter, "dissatisfied").json()["code"] == "reason_required"
    matter = done(member, matter, "dissatisfied", reason="等了一年")
    matter = done(staff, matter, "resume", reason="已列入预算")
    matter = done(staff, matter, "solve", result="资金已经落实。")
    matter = done(staff, done(member, matter, "mostly"), "close")
    said = "您提的议题“老旧小区加装电梯”"
    assert news(city, member) == [
        f"{said}已经受理",
        f"{said}列入协商",
        f"{said}已经开会协商",
        "就您提的议题“老旧小区加装电梯”提出的建议，市教育局答复：采纳",
        "就您提的议题“老旧小区加装电梯”提出的建议，市教育局的答复撤回核实",
        f"{said}暂时没有解决，情况已经写明，请您评价",
        f"{said}继续办理：已列入预算",
        f"{said}已经解决，请您评价",
        f"{said}已经办结",
    ]
    track = one(member, matter).json()["steps"]
    assert {entry["name"] for entry in track} == {None}, "who brought it reads no names of officials"
    (hit,) = [h for h in member.get("/api/v1/find?q=电梯").json()["items"] if h["kind"] == "matter"]
    assert hit["sub_label"] == "委员提出 · 已办结"
    assert staff.get("/api/v1/exports/matters.xlsx").content[:2] == b"PK"
    assert differences(city) == []


KEPT = ("state", "into_id", "met_at", "solved", "result", "judgement", "released_at")


def test_undoing_puts_everything_back_step_by_step(city):
    member, staff = city.member(), city.staff()
    activity_id, into = consultation(staff, member), brought(staff, company="滨江机械厂")
    matter = done(member, brought(member), "withdraw")
    assert one(staff, matter).status_code == 404, "withdrawn: the author's alone"
    assert (live_acts(city, member), void_reasons(city, member)) == ([], ["本人撤回"])
    assert step(staff, into, "undo", reason="误操作").json()["code"] == "not_undoable"
    with clock.frozen_at(clock.now() + timedelta(days=40)):
        matter = done(city.log_in(member), matter, "undo")
    assert len(live_acts(city, member)) == 1
    member = city.log_in(member)
    (record,) = member.get(f"/api/v1/seats/{member.seat_id}/records").json()["items"]
    assert record["occurred_at"] == matter["created_at"], "of its own day, not of the day of the undoing"
    before = [matter[name] for name in KEPT]
    for action, more in (("decline", {"reason": "不属协商范围"}), ("merge", {"into_id": into["id"]})):
        matter = done(staff, matter, action, **more)
        assert step(staff, matter, "undo").json()["code"] == "reason_required"
        matter = done(staff, matter, "undo", reason="误操作")
        assert [matter[name] for name in KEPT] == before
    matter = solved(staff, matter, activity_id)
    at = [matter[name] for name in KEPT]
    matter = done(member, done(member, matter, "satisfied"), "undo")
    assert [matter[name] for name in KEPT] == at
    matter = done(staff, matter, "undo", reason="误操作")
    assert (matter["state"], matter["solved"], matter["result"]) == ("met", None, None)
    matter = put(staff, matter, "release", {"title": "电梯", "problem": "没有电梯。"}).json()
    for _ in ("meet", "prepare"):
        matter = done(staff, matter, "undo", reason="误操作")
    assert (matter["state"], matter["met_at"]) == ("chosen", None)
    assert step(staff, matter, "undo", reason="误操作").json()["code"] == "released"
    headers = {"If-Match": f'"{matter["version"]}"'}
    matter = staff.delete(f"/api/v1/matters/{matter['id']}/release", headers=headers).json()
    assert done(staff, matter, "undo", reason="误操作")["state"] == "accepted"
    assert news(city, member)[-1].endswith("的“确定协商”已经撤销：误操作")
    assert step(staff, matter, "undo", reason="再来").status_code == 412
    assert differences(city) == []


def test_the_page_of_a_venue_shows_at_once_what_is_released_and_no_longer_what_is_withheld(city):
    member, staff = city.member(), city.staff()
    here = venue(staff)
    matter = brought(member, venue_id=here["id"])
    matter = solved(staff, matter, consultation(staff, member))

    def page() -> str:
        return city.anonymous().get(f"/v/{here['code']}").text

    assert "电梯" not in page()
    for title in ("加装电梯", "加装两部电梯"):
        matter = put(staff, matter, "release", {"title": title, "problem": "没有电梯。"}).json()
        assert f"<li>{title}<span>" in page()
    headers = {"If-Match": f'"{matter["version"]}"'}
    assert staff.delete(f"/api/v1/matters/{matter['id']}/release", headers=headers).status_code == 200
    assert "电梯" not in page()


def test_who_brought_what_was_merged_hears_of_the_other_one(city):
    first, second, staff = city.member("周岚"), city.member("吴远"), city.staff()
    into, matter = brought(first, title="加装电梯"), brought(second)
    assert step(staff, matter, "merge").json()["code"] == "into_required"
    assert step(staff, matter, "merge", into_id=matter["id"]).json()["code"] == "unknown_matter"
    matter = done(staff, matter, "merge", into_id=into["id"])
    assert news(city, second)[-1] == "您提的议题“老旧小区加装电梯”并入“加装电梯”，一并协商"
    assert one(second, into).status_code == 200
    assert one(staff, into).json()["merged"] == ["老旧小区加装电梯"]
    done(staff, into, "accept")
    assert news(city, second)[-1] == "您提的议题“加装电梯”已经受理"
    other = done(staff, brought(first), "decline", reason="重复")
    third = brought(second)
    assert step(staff, third, "merge", into_id=other["id"]).json()["code"] == "bad_merge"
    assert step(staff, one(staff, into).json(), "merge", into_id=third["id"]).json()["code"] == "has_merged"


def test_notes_are_withdrawn_and_restored_by_their_author(city):
    member, staff = city.member(), city.staff()
    matter = brought(member)
    path, note = f"/api/v1/matters/{matter['id']}/notes", {"kind": "research", "body": "查阅了档案。"}
    assert member.post(path, note).json()["code"] == "not_noted"
    matter = done(staff, matter, "accept")
    (kept,) = member.post(path, note).json()["notes"]
    assert member.post(path, note | {"noted_on": "2999-01-01"}).json()["code"] == "day_outside_seat"
    withdrawal = f"/api/v1/matters/notes/{kept['id']}/withdrawal"
    assert staff.put(withdrawal).status_code == 403
    assert member.put(withdrawal).json()["notes"][0]["actions"] == ["restore"]
    assert one(staff, matter).json()["notes"] == []
    assert [act[0] for act in live_acts(city, member)] == ["matter.brought"]
    assert member.put(withdrawal).status_code == 409
    assert member.delete(withdrawal).json()["notes"][0]["withdrawn"] is False
    assert [act[0] for act in live_acts(city, member)] == ["matter.brought", "matter.prepared"]
    staff.post(path, {"kind": "return", "body": "回访住户。"})
    assert [n["kind_label"] for n in one(staff, matter).json()["notes"]] == ["调研", "回访"]
    assert differences(city) == []


@pytest.mark.parametrize("by", ["source", "venue", "level"])
def test_each_figure_is_its_list(city, by):
    member, staff = city.member(), city.staff()
    here, activity_id = venue(staff), consultation(staff, member)
    matter = done(member, solved(staff, brought(member, venue_id=here["id"]), activity_id), "satisfied")
    findings.noted(city, staff, source="matter", subject_id=matter["id"])
    brought(staff, company="滨江机械厂", contact="王厂长 0817-2220000")
    found = staff.get("/api/v1/matters/figures", params={"by": by}).json()
    counts = {count["label"]: count["count"] for count in found["whole"]["counts"]}
    assert counts == {
        "收集议题": 2,
        "已协商": 1,
        "形成意见建议": 1,
        "已解决": 1,
        "满意": 1,
        "基本满意": 0,
        "不满意": 0,
    }
    assert len(found["groups"]) == (2 if by == "source" else 1)
    for figure in [found["whole"], *found["groups"]]:
        for count in figure["counts"]:
            assert len(staff.get(count["path"]).json()["items"]) == count["count"], (figure["key"], count)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"venue_code": "nowhere"}, "unknown_place"),
        ({"organization_id": 2**40}, "unknown_place"),
        ({}, "invalid"),
        ({"title": " "}, "invalid"),
    ],
)
def test_what_citizens_send_is_checked(city, app, changes, code):
    city.staff()
    sent = {"title": "路灯不亮", "body": "小区门口。"} | changes
    assert Client(app).post(PUBLIC, json=sent).json()["code"] == code


def test_the_office_writes_down_what_a_citizen_says_and_hands_over_the_code(city, app):
    staff, colleague, member = city.staff(), city.staff(), city.member()
    told = {"title": "路灯不亮", "body": "小区门口。", "name": "老周", "contact": "0817-2220000"}
    assert member.post("/api/v1/matters/entered", told).status_code == 403
    elsewhere = venue(City(app, city.database, name="政协柳溪县委员会").staff())
    unknown = staff.post("/api/v1/matters/entered", told | {"venue_id": elsewhere["id"]})
    assert unknown.json()["code"] == "unknown_venue"
    here, key = venue(staff), {"Idempotency-Key": "told-once"}
    entered, again = (
        staff.post("/api/v1/matters/entered", told | {"venue_id": here["id"]}, headers=key) for _ in range(2)
    )
    assert (entered.status_code, again.json()) == (201, entered.json())
    assert status(app, entered.json()["code"])["venue"] == here["name"]
    (matter,) = colleague.get("/api/v1/matters").json()["items"]
    assert (matter["id"], matter["source"]) == (entered.json()["id"], "citizen")
    assert "老周" not in one(colleague, matter).text
    assert colleague.get(f"/api/v1/matters/{matter['id']}/contact").json()["name"] == "老周"
    assert (len(news(city, colleague)), len(news(city, staff))) == (1, 0)
    assert live_acts(city, staff) == []


def test_citizens_are_limited_and_read_nothing_else(city, app, monkeypatch):
    staff = city.staff()
    hidden = venue(staff, name="旧议事室")
    headers = {"If-Match": f'"{hidden["version"]}"'}
    edited = {"name": "旧议事室", "level": "village", "kind": "room", "is_public": False}
    assert staff.put(f"/api/v1/venues/{hidden['id']}", edited, headers=headers).status_code == 200
    assert Client(app).get(PUBLIC, params={"venue_code": hidden["code"]}).status_code == 404
    code = handed_in(Client(app), organization_id=city.organization_id)
    (matter,) = staff.get("/api/v1/matters").json()["items"]
    done(staff, matter, "decline", reason="请拨打热线。")
    assert (status(app, code)["state_label"], status(app, code)["reason"]) == ("不予受理", "请拨打热线。")
    assert (
        Client(app).post(f"{PUBLIC}/judgement", json={"code": code, "judgement": "mostly"}).status_code == 409
    )
    assert Client(app).post(f"{PUBLIC}/status", json={"code": "0000"}).status_code == 404
    monkeypatch.setattr("app.auth.strangers.BY_ADDRESS", ((timedelta(hours=1), 1),))
    again = Client(app).post(
        PUBLIC, json={"title": "路灯", "body": "x", "organization_id": city.organization_id}
    )
    assert again.status_code == 429


def test_who_may_bring_what_and_other_cities_see_nothing(city, app):
    staff, officer, member, leader = (
        city.staff(),
        city.staff(Role.UNIT_OFFICER),
        city.member(),
        city.staff(Role.LEADER),
    )
    text = {"title": "题目", "body": "内容"}
    for who, more, code in (
        (officer, {}, "members_only"),
        (member, {"company": "滨江机械厂"}, "office_only"),
        (member, {"contact": "0817-2220000"}, "contact_not_fitting"),
        (member, {"venue_id": 2**40}, "unknown_venue"),
        (member, {"venue_id": True}, "invalid"),
        (staff, {}, "members_only"),
    ):
        assert who.post("/api/v1/matters", text | more).json()["code"] == code
    matter = brought(member)
    assert leader.get("/api/v1/matters").json()["items"] == []
    county = City(app, city.database, name="政协柳溪县委员会")
    assert step(county.staff(), matter, "accept").status_code == 404
    liaison = city.staff(office=city.office("联络科", Area.LIAISON))
    proposals = city.staff(office=city.office("提案科", Area.PROPOSALS))
    assert [one(who, matter).status_code for who in (liaison, proposals)] == [200, 404]
    matter = done(staff, matter, "accept")
    assert step(staff, matter, "choose", result="x").json()["code"] == "extra_forbidden"
    matter = done(staff, done(staff, matter, "choose"), "prepare")
    assert step(staff, matter, "meet").json()["code"] == "not_held"
    elsewhere = findings.meeting(staff)
    assert put(staff, matter, "meeting", {"activity_id": elsewhere}).json()["code"] == "unknown_activity"
    assert put(member, matter, "meeting", {"activity_id": None}).status_code == 403
