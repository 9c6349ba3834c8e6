"""Suggestions are written down, sent to a unit, answered, and their authors hear what became of them."""

import pytest

from app.auth.areas import Area
from app.auth.permissions import Role
from tests.factories.city import City
from tests.factories.domains.ledger import differences, live_acts, news, void_reasons
from tests.factories.findings import done, meeting, noted, released, replied, step, topic


def test_a_reply_becomes_a_suggestion_that_is_adopted(city):
    member, other, staff = city.member("周岚"), city.member(), city.staff()
    officer = city.staff(Role.UNIT_OFFICER)
    elsewhere = city.staff(Role.UNIT_OFFICER, unit=city.unit("市住建局"))
    of = topic(staff)
    reply_id = replied(member, of)
    new = {"source": "topic", "subject_id": of["id"], "reply_id": reply_id, "unit_id": city.units[0]}
    answer = staff.post("/api/v1/findings", new)
    assert answer.status_code == 201, answer.text
    found = answer.json()
    assert (found["body"], found["state_label"], found["source_title"]) == (
        "建议由街道统一招标。", "待交办", of["title"],
    )  # fmt: skip
    assert [author["name"] for author in found["authors"]] == ["周岚"]
    path = f"/api/v1/findings/{found['id']}"
    assert officer.get(path).status_code == 404, "not before it is sent"
    assert staff.post("/api/v1/findings", new).json()["code"] == "already_noted"

    sent = done(staff, found, "send")
    assert [officer.get(path).status_code, elsewhere.get(path).status_code] == [200, 404]
    assert other.get(path).status_code == 404
    assert [a["action"] for a in officer.get(path).json()["actions"]] == ["answer"]
    answered = done(officer, sent, "answer", fate="partly", reason="先试点两个街道", result="已完成招标")
    mine = member.get(path).json()
    assert (mine["state"], mine["fate"], mine["reason"], mine["actions"]) == ("answered", None, None, [])
    assert member.get("/api/v1/findings", params={"fate": "partly"}).json()["items"] == []
    assert "finding.adopted" not in {act[0] for act in live_acts(city, member)}

    done(staff, answered, "release")

    (mine,) = member.get("/api/v1/findings", params={"mine": True}).json()["items"]
    assert (mine["fate_label"], mine["reason"], mine["result"]) == (
        "部分采纳",
        "先试点两个街道",
        "已完成招标",
    )
    unit = mine["unit"]
    assert [line for line in news(city, member) if "建议" in line] == [
        "您的建议“建议由街道统一招标。”已经记录，将转有关单位研究",
        f"您的建议“建议由街道统一招标。”已转{unit}研究",
        f"{unit}答复了您的建议“建议由街道统一招标。”：部分采纳",
    ]
    assert [act[0] for act in live_acts(city, member)].count("finding.adopted") == 1
    (record,) = member.get(
        f"/api/v1/seats/{member.seat_id}/records", params={"kind": "finding.adopted"}
    ).json()["items"]
    assert (record["title"], record["path"]) == ("建议由街道统一招标。", path)
    track = member.get(path).json()["steps"]
    assert [(one["action"], one["name"]) for one in track] == [("send", None), ("release", None)]
    assert [one["action"] for one in staff.get(path).json()["steps"]] == ["send", "answer", "release"]
    assert differences(city) == []


def test_a_suggestion_of_several_is_a_record_of_each_and_is_undone_for_all(city):
    first, second, staff = city.member(), city.member(), city.staff()
    found = released(city, staff, first, second)
    roles = [live_acts(city, one)[-1] for one in (first, second)]
    assert [kind for kind, *_ in roles] == ["finding.adopted"] * 2
    assert step(staff, found, "reopen").json()["code"] == "reason_required"
    reopened = done(staff, found, "reopen", reason="情况有出入")
    assert (reopened["state"], reopened["released_at"]) == ("answered", None)
    assert [live_acts(city, one) for one in (first, second)] == [[], []]
    assert void_reasons(city, second) == ["情况有出入"]
    assert news(city, second)[-1] == "对您的建议“建议一窗受理。”的答复撤回核实：情况有出入"
    again = done(staff, reopened, "send_back", reason="请重新核实")
    refused = done(staff, done(staff, again, "answer", fate="refused", reason="条件不具备"), "release")
    assert (refused["fate_label"], live_acts(city, first)) == ("未采纳", [])
    later = done(staff, refused, "follow_up", result="纳入下年计划")
    assert (later["state"], later["result"]) == ("released", "纳入下年计划")
    assert len(staff.get(f"/api/v1/findings/{found['id']}").json()["steps"]) == 8, "nothing said is lost"
    assert differences(city) == []


def test_every_step_of_the_office_can_be_undone(city):
    member, staff, officer = city.member(), city.staff(), city.staff(Role.UNIT_OFFICER)
    found = noted(city, staff, member)
    gone = done(staff, found, "discard", reason="已有同样的建议")
    back = done(staff, done(staff, gone, "restore"), "send")
    assert [n["kind"] for n in officer.get("/api/v1/notifications").json()["items"]] == ["finding.to_answer"]
    recalled = done(staff, back, "recall", reason="应由住建局答复")
    assert recalled["state"] == "noted"
    assert officer.get(f"/api/v1/findings/{found['id']}").status_code == 404
    assert officer.get("/api/v1/notifications").json()["items"][0]["title"].endswith("已收回，不必答复")
    assert step(staff, back, "answer", fate="adopted").status_code == 409
    assert differences(city) == []


def test_staff_set_right_what_they_wrote_until_it_is_sent(city):
    member, other, staff = city.member(), city.member(), city.staff()
    found = noted(city, staff, member)
    path, headers = f"/api/v1/findings/{found['id']}", {"If-Match": '"1"'}
    new = {"source": "clause", "subject_id": meeting(staff), "clause": "第十二条", "body": "建议删去。"}
    new |= {"seat_ids": [other.seat_id]}
    edited = staff.put(path, new, headers=headers)
    assert (edited.status_code, edited.json()["clause"], edited.json()["unit"]) == (200, "第十二条", None)
    assert [one["seat_id"] for one in edited.json()["authors"]] == [other.seat_id]
    stale = staff.put(path, new, headers=headers)
    assert (stale.status_code, stale.json()["current"]["version"]) == (412, 2)
    assert step(staff, found, "send").status_code == 412, "seen the text of before"
    assert step(staff, edited.json(), "send").json()["code"] == "unit_required"
    whole = staff.put(path, new | {"unit_id": city.units[0]}, headers={"If-Match": '"2"'}).json()
    sent = done(staff, whole, "send")
    late = staff.put(path, new, headers={"If-Match": f'"{sent["version"]}"'})
    assert (late.status_code, late.json()["code"]) == (409, "not_editable")
    assert member.put(path, new, headers=headers).status_code == 403
    assert step(other, sent, "answer", fate="adopted").status_code == 403, "an author does not answer"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"subject_id": 999}, "unknown_subject"),
        ({"clause": "第一条"}, "clause_not_fitting"),
        ({"body": None}, "words_required"),
        ({"seat_ids": []}, "author_required"),
        ({"seat_ids": [999]}, "unknown_seat"),
        ({"unit_id": 999}, "unknown_unit"),
        ({"reply_id": 999}, "reply_elsewhere"),
        ({"body": "长" * 2_001}, "invalid"),
        ({"source": "rumour"}, "invalid"),
        ({"fate": "adopted"}, "invalid"),
    ],
)
def test_what_does_not_fit_is_refused_whole(city, changes, code):
    member, staff = city.member(), city.staff()
    new = {"source": "meeting", "subject_id": meeting(staff), "body": "建议", "seat_ids": [member.seat_id]}
    answer = staff.post("/api/v1/findings", new | changes)
    assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert staff.get("/api/v1/findings").json()["items"] == []


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({}, "fate_required"),
        ({"fate": "partly"}, "reason_required"),
        ({"fate": "refused", "reason": " "}, "invalid"),
        ({"fate": "soon"}, "invalid"),
    ],
)
def test_an_answer_says_what_becomes_of_it_and_why(city, said, code):
    staff = city.staff()
    sent = done(staff, noted(city, staff, city.member()), "send")
    answer = step(city.staff(Role.UNIT_OFFICER), sent, "answer", **said)
    assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert step(staff, sent, "recall", reason="换单位", fate="adopted").json()["code"] == "extra_forbidden"


def test_replies_of_other_topics_and_things_of_other_cities_are_not_taken(city, app):
    staff, member = city.staff(), city.member()
    here, there = topic(staff), topic(staff, "另一个议题")
    new = {"source": "topic", "subject_id": there["id"], "reply_id": replied(member, here)}
    assert staff.post("/api/v1/findings", new).json()["code"] == "reply_elsewhere"
    county = City(app, city.database, name="政协柳溪县委员会")
    clerk = county.staff()
    theirs = {"source": "topic", "subject_id": here["id"], "body": "建议", "seat_ids": [member.seat_id]}
    assert clerk.post("/api/v1/findings", theirs).json()["code"] == "unknown_subject"
    found = noted(city, staff, member)
    assert step(clerk, found, "send").status_code == 404


def test_what_waits_stands_at_the_desk_that_it_waits_for(city):
    staff, officer, leader = city.staff(), city.staff(Role.UNIT_OFFICER), city.staff(Role.LEADER)
    found = noted(city, staff, city.member())

    def waiting(who):
        queues = [q for q in who.get("/api/v1/desks").json()["items"] if "findings" in q["key"]]
        for queue in queues:
            assert len(who.get(queue["path"]).json()["items"]) == queue["count"]
        return {queue["key"]: queue["count"] for queue in queues if queue["count"]}

    assert (waiting(staff), waiting(officer)) == ({"findings_to_send": 1}, {})
    found = done(staff, found, "send")
    assert (waiting(staff), waiting(officer)) == ({}, {"unit_findings": 1})
    found = done(officer, found, "answer", fate="adopted")
    assert (waiting(staff), waiting(officer)) == ({"findings_to_release": 1}, {})
    assert leader.get("/api/v1/findings").json()["items"] == []
    done(staff, found, "release")
    assert (waiting(staff), waiting(officer)) == ({}, {})
    assert len(leader.get("/api/v1/findings").json()["items"]) == 1


@pytest.mark.parametrize(("area", "status"), [(Area.GENERAL, 201), (Area.PROPOSALS, 403)])
def test_offices_without_suggestions_write_none_down(city, area, status):
    clerk, member = city.staff(office=city.office("科室", area)), city.member()
    new = {"source": "meeting", "subject_id": meeting(city.staff()), "body": "建议"}
    assert clerk.post("/api/v1/findings", new | {"seat_ids": [member.seat_id]}).status_code == status


def test_suggestions_are_found_and_exported(city):
    staff, member = city.staff(), city.member()
    released(city, staff, member)
    (hit,) = [
        h for h in member.get("/api/v1/find", params={"q": "一窗"}).json()["items"] if h["kind"] == "finding"
    ]
    assert hit["sub_label"] == "视察调研 · 已反馈"
    assert city.member().get("/api/v1/find", params={"q": "一窗"}).json()["items"] == []
    sheet = staff.get("/api/v1/exports/findings.xlsx", params={"fate": "adopted"})
    assert (sheet.status_code, sheet.content[:2]) == (200, b"PK")
