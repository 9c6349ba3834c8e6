"""A case is reported, accepted, given to a unit, answered by its day and judged; each step can be taken back."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from app.auth.areas import Area
from app.auth.permissions import Role
from app.cases.models import DutyCase
from app.cases.waiting import late
from app.core import clock
from app.core.sql import table
from tests.factories.cases import answered, assigned, done, of_company, reported, step
from tests.factories.city import City
from tests.factories.domains.ledger import differences, live_acts, news, void_reasons


def actions(who, case):
    return [one["action"] for one in who.get(f"/api/v1/cases/{case['id']}").json()["actions"]]


def test_a_call_is_answered_by_its_day_and_judged(city):
    member, other, staff = city.member("周岚"), city.member(), city.staff()
    officer = city.staff(Role.UNIT_OFFICER)
    elsewhere = city.staff(Role.UNIT_OFFICER, unit=city.unit("市住建局"))
    case = reported(member)
    assert (case["state_label"], case["reporter"], case["due_on"]) == ("待受理", "周岚", None)
    assert [act[0] for act in live_acts(city, member)] == ["case.reported"]
    assert news(city, staff)[-1] == "周岚：“请协调查阅入学数据”，请研究受理"
    path = f"/api/v1/cases/{case['id']}"
    assert [who.get(path).status_code for who in (other, officer)] == [404, 404]
    assert actions(member, case) == ["withdraw"]
    assert step(member, case, "accept").status_code == 403

    case = done(staff, case, "accept")
    case = done(staff, case, "assign", unit_id=city.units[0])
    today = clock.local_day(clock.now())
    assert timedelta(days=18) < clock.local_day(clock.now()).fromisoformat(case["due_on"]) - today
    assert [who.get(path).status_code for who in (officer, elsewhere)] == [200, 404]
    assert actions(officer, case) == ["answer"]
    assert step(officer, case, "answer").json()["code"] == "answer_required"
    case = done(officer, case, "answer", answer="请到局里查阅。")
    assert (case["in_time"], case["late"]) == (True, False)
    assert step(officer, case, "close").status_code == 403
    assert actions(member, case) == ["satisfied", "mostly", "dissatisfied"]
    assert [q["key"] for q in member.get("/api/v1/desks").json()["items"] if q["count"]] == ["cases_to_judge"]

    case = done(member, case, "mostly", reason="数据不全")
    assert (case["state"], case["judgement_label"]) == ("judged", "基本满意")
    assert news(city, officer)[-1] == "对“请协调查阅入学数据”的答复，评价为基本满意：数据不全"
    case = done(staff, case, "close")
    unit, due = case["unit"], clock.in_words(today.fromisoformat(case["due_on"]))
    assert news(city, member) == [
        f"您的“请协调查阅入学数据”已经受理，{due}前答复您",
        f"您的“请协调查阅入学数据”已转{unit}办理，{due}前答复您",
        "您的“请协调查阅入学数据”有了答复，请您评价",
        "您的“请协调查阅入学数据”已经办结",
    ]
    track = member.get(path).json()["steps"]
    assert [one["action"] for one in track] == ["accept", "assign", "answer", "mostly", "close"]
    assert {one["name"] for one in track} == {None}, "reporters read no names of officials"
    assert staff.get(path).json()["steps"][3]["name"] == "周岚"
    assert differences(city) == []


def test_who_is_dissatisfied_has_the_case_handled_again(city):
    member, staff, officer = city.member(), city.staff(), city.staff(Role.UNIT_OFFICER)
    case = answered(city, staff, officer, reported(member))
    assert step(member, case, "dissatisfied").json()["code"] == "reason_required"
    again = done(member, case, "dissatisfied", reason="没有数据")
    assert (again["state"], again["judgement"], again["answer"]) == (
        "accepted",
        "dissatisfied",
        case["answer"],
    )
    assert officer.get(f"/api/v1/cases/{case['id']}").status_code == 404, "nobody has it yet"
    back = done(member, again, "reconsider")
    assert (back["state"], back["judgement"]) == ("answered", None)
    again = done(member, back, "dissatisfied", reason="没有数据")
    second = done(staff, again, "assign", unit_id=city.units[0])
    assert (second["answer"], second["judgement"]) == (None, None), "handled anew; the track keeps them"
    assert step(member, second, "reconsider").status_code == 409
    fixed = done(officer, second, "answer", answer="数据已补齐。")
    assert fixed["judgement"] is None
    assert done(member, fixed, "satisfied")["judgement_label"] == "满意"
    assert [one["answer"] for one in staff.get(f"/api/v1/cases/{case['id']}").json()["steps"]].count(
        None
    ) == 7
    assert differences(city) == []


def test_every_step_can_be_taken_back(city):
    member, staff, officer = city.member(), city.staff(), city.staff(Role.UNIT_OFFICER)
    case = done(member, reported(member), "withdraw")
    assert staff.get(f"/api/v1/cases/{case['id']}").status_code == 404, "withdrawn: the reporter's alone"
    assert (live_acts(city, member), void_reasons(city, member)) == ([], ["本人撤回"])
    case = done(member, case, "resubmit")
    assert len(live_acts(city, member)) == 1
    case = done(staff, done(staff, case, "decline", reason="不属政协职责"), "restore")
    case = done(staff, done(staff, case, "accept"), "unaccept", reason="误操作")
    assert (case["state"], case["due_on"]) == ("reported", None)
    case = done(staff, assigned(city, staff, case), "recall", reason="换单位")
    assert (case["state"], case["unit"]) == ("accepted", None)
    assert news(city, officer)[-1] == "“请协调查阅入学数据”由政协机关收回：换单位"
    case = done(staff, case, "answer", answer="已协调。")
    case = done(staff, case, "rescind", reason="内容有误")
    assert (case["state"], case["answer"], case["in_time"]) == ("accepted", None, None)
    case = done(staff, case, "answer", answer="已协调好。")
    case = done(staff, case, "retract", reason="内容有误")
    assert (case["state"], case["answer"], case["answered_at"]) == ("accepted", None, None)
    case = done(staff, done(staff, case, "answer", answer="已协调好。"), "close")
    case = done(staff, case, "reopen", reason="还没有评价")
    assert case["state"] == "answered"
    case = done(member, done(member, case, "satisfied"), "reconsider")
    assert step(member, {**case, "version": 1}, "satisfied").status_code == 412
    assert step(member, case, "withdraw").status_code == 409
    assert differences(city) == []


KEPT = ("state", "unit", "due_on", "answer", "answered_at", "in_time", "judgement")


def test_what_is_undone_leaves_no_trace_in_figures_and_text(city):
    member, staff, officer = city.member(), city.staff(), city.staff(Role.UNIT_OFFICER)
    first = answered(city, staff, officer, reported(member))
    assert "unaccept" not in actions(staff, first)
    case = done(member, first, "dissatisfied", reason="没有数据")
    assert set(actions(staff, case)).isdisjoint({"unaccept", "recall", "rescind"}), "not the last step"
    figures = staff.get("/api/v1/cases/figures").json()
    own = done(staff, case, "answer", answer="机关补充答复。")
    assert (own["unit"], own["judgement"]) == (None, None), "the office answered, not the unit"
    back = done(staff, own, "rescind", reason="误操作")
    assert [back[name] for name in KEPT] == [case[name] for name in KEPT]
    assert staff.get("/api/v1/cases/figures").json() == figures
    case = done(staff, done(staff, back, "assign", unit_id=city.units[0]), "recall", reason="误操作")
    assert [case[name] for name in KEPT] == [back[name] for name in KEPT]
    case = done(member, case, "reconsider")
    assert [case[name] for name in KEPT] == [first[name] for name in KEPT]
    judged = done(member, case, "satisfied")
    closed = done(staff, judged, "close")
    case = done(staff, closed, "reopen", reason="误操作")
    assert [case[name] for name in KEPT] == [judged[name] for name in KEPT]
    assert "reconsider" in actions(member, case)


def test_a_unit_takes_its_answer_back_and_answers_again(city):
    member, staff, officer = city.member(), city.staff(), city.staff(Role.UNIT_OFFICER)
    case = answered(city, staff, officer, reported(member))
    back = done(officer, case, "rescind", reason="写错了数字")
    assert (back["state"], back["unit"], back["answer"]) == ("assigned", case["unit"], None)
    seen = [who.get(f"/api/v1/cases/{case['id']}").json()["steps"][2] for who in (member, officer)]
    assert [(one["undone"], one["answer"]) for one in seen] == [(True, None), (True, case["answer"])]
    again = done(officer, back, "answer", answer="改正后的答复。")
    done(staff, again, "rescind", reason="口径不一致")
    assert news(city, officer)[-1] == "“请协调查阅入学数据”的答复由政协机关撤回，请重新答复：口径不一致"
    case = staff.get(f"/api/v1/cases/{case['id']}").json()
    case = done(member, done(officer, case, "answer", answer="终稿。"), "satisfied")
    assert step(officer, case, "rescind", reason="想改").status_code == 409, "it was judged since"


def test_what_is_late_comes_first_and_is_told_once(city):
    member, staff, officer = city.member(), city.staff(), city.staff(Role.UNIT_OFFICER)
    old = assigned(city, staff, reported(member, title="先到期的"))
    soon = assigned(city, staff, reported(member, title="后到期的"))
    newest = reported(member, title="没有期限的")
    c, yesterday = table(DutyCase), clock.local_day(clock.now()) - timedelta(days=1)
    with city.database.transaction() as db:
        db.execute(update(c).where(c.c.id == old["id"]).values(due_on=yesterday))
    titles, cursor = [], None
    while True:
        found = staff.get(
            "/api/v1/cases", params={"limit": 1, **({"cursor": cursor} if cursor else {})}
        ).json()
        titles += [one["id"] for one in found["items"]]
        if not (cursor := found["next"]):
            break
    assert titles == [old["id"], soon["id"], newest["id"]]
    mine = member.get("/api/v1/cases", params={"mine": True}).json()["items"]
    assert [one["id"] for one in mine] == [newest["id"], soon["id"], old["id"]]
    assert [one["id"] for one in staff.get("/api/v1/cases?late=true").json()["items"]] == [old["id"]]
    late.tell(city.database)
    late.tell(city.database)
    due = clock.in_words(yesterday)
    told = f"“先到期的”应于{due}前答复，已经超期1天"
    assert [news(city, who).count(told) for who in (staff, officer, member)] == [1, 1, 0]
    case = done(officer, old, "answer", answer="迟复为歉。")
    assert (case["in_time"], case["late"]) == (False, False)


def test_whom_to_ask_at_a_company_is_read_by_staff_alone(city):
    member, staff, officer = city.member(), city.staff(), city.staff(Role.UNIT_OFFICER)
    case = of_company(member)
    second = of_company(staff, title="用工缺口")
    assert (case["contact"], second["company_id"]) == (None, case["company_id"]), "one company of one name"
    assigned(city, staff, case)
    path = f"/api/v1/cases/{case['id']}"
    seen = [who.get(path).json()["contact"] for who in (member, officer, staff)]
    assert seen == [None, None, "王厂长 0817-2220000"]
    log = city.staff(Role.AUDITOR).get("/api/v1/audit?action=case.contact_seen").json()["items"]
    assert {one["account_id"] for one in log} == {staff.account_id}
    (company,) = staff.get("/api/v1/cases/companies", params={"q": "机械"}).json()
    assert len(staff.get(company["path"]).json()["items"]) == 2
    assert member.get("/api/v1/cases/companies").status_code == 403
    assert live_acts(city, member)
    assert second["seat_id"] is None
    (hit,) = [h for h in member.get("/api/v1/find?q=贷款").json()["items"] if h["kind"] == "case"]
    assert hit["sub_label"] == "企业问题 · 办理中"
    sheet = staff.get("/api/v1/exports/cases.xlsx", params={"kind": "company"})
    assert (sheet.status_code, sheet.content[:2]) == (200, b"PK")
    recalled = done(staff, staff.get(path).json(), "recall", reason="换单位")
    assert (
        recalled["contact"],
        step(staff, {**recalled, "version": 1}, "assign").json()["current"]["contact"],
    ) == (None, None)


@pytest.mark.parametrize("by", ["kind", "unit", "problem_class"])
def test_each_figure_is_its_list(city, by):
    member, staff, officer = city.member(), city.staff(), city.staff(Role.UNIT_OFFICER)
    done(member, answered(city, staff, officer, reported(member)), "satisfied")
    done(member, answered(city, staff, officer, of_company(member)), "dissatisfied", reason="没有办")
    reported(member, kind="visit")
    done(member, reported(member), "withdraw")
    found = staff.get("/api/v1/cases/figures", params={"by": by}).json()
    counts = {one["label"]: one["count"] for one in found["whole"]["counts"]}
    assert counts == {
        "总数": 3,
        "已答复": 2,
        "按期答复": 2,
        "超期未答复": 0,
        "满意": 1,
        "基本满意": 0,
        "不满意": 1,
    }
    assert len(found["groups"]) == {"kind": 3, "unit": 1, "problem_class": 1}[by]
    for figure in [found["whole"], *found["groups"]]:
        for one in figure["counts"]:
            assert len(staff.get(one["path"]).json()["items"]) == one["count"], (figure["key"], one)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"kind": "company"}, "company_required"),
        ({"company": "滨江机械厂"}, "company_not_fitting"),
        ({"title": " "}, "invalid"),
        ({"kind": "rumour"}, "invalid"),
        ({"body": "长" * 2_001}, "invalid"),
    ],
)
def test_what_does_not_fit_is_refused_whole(city, changes, code):
    member = city.member()
    new = {"kind": "call", "title": "题目", "body": "内容"} | changes
    answer = member.post("/api/v1/cases", new)
    assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert member.get("/api/v1/cases").json()["items"] == []


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({}, "unit_required"),
        ({"unit_id": 999}, "unknown_unit"),
        ({"unit_id": 1, "due_on": "2020-01-01"}, "bad_due_on"),
        ({"unit_id": 1, "answer": "答复"}, "extra_forbidden"),
    ],
)
def test_an_assignment_names_a_unit_and_a_day_to_come(city, said, code):
    staff = city.staff()
    if said.get("unit_id") == 1:
        said = said | {"unit_id": city.units[0]}
    answer = step(staff, done(staff, reported(city.member()), "accept"), "assign", **said)
    assert (answer.status_code, answer.json()["code"]) == (422, code)


def test_other_cities_offices_and_leaders_keep_to_what_is_theirs(city, app):
    staff, member, leader = city.staff(), city.member(), city.staff(Role.LEADER)
    case = reported(member)
    county = City(app, city.database, name="政协柳溪县委员会")
    assert step(county.staff(), case, "accept").status_code == 404
    liaison = city.staff(office=city.office("联络科", Area.LIAISON))
    proposals = city.staff(office=city.office("提案科", Area.PROPOSALS))
    assert [who.get(f"/api/v1/cases/{case['id']}").status_code for who in (liaison, proposals)] == [200, 404]
    assert leader.get("/api/v1/cases").json()["items"] == []
    case = done(staff, case, "accept")
    assert step(staff, case, "assign", unit_id=county.units[0]).json()["code"] == "unknown_unit"
    assert [one["actions"] for one in leader.get("/api/v1/cases").json()["items"]] == [[]]
