"""Deeds are claims that belong to a project: confirmed ones count, each once, whoever took part."""

import pytest

from app.auth.permissions import Role
from tests.factories.city import City
from tests.factories.domains.archive import (
    begun,
    claimed,
    confirmed,
    days_ago,
    deed,
    done,
    logged,
    speech,
    step,
    stepped,
)
from tests.factories.domains.bodies import added
from tests.factories.domains.ledger import differences
from tests.factories.statements import statements


def deeds(who, **params):
    return who.get("/api/v1/deeds", params=params).json()["items"]


def whole(who, **params):
    return who.get("/api/v1/deeds/figures", params=params).json()["whole"]


def measured(found):
    return {one["measure"]: one["amount"] for one in found["measures"]}


def test_a_deed_of_a_project_counts_from_its_confirmation_on(city):
    staff, member, other = city.staff(), city.member("周岚"), city.member()
    project = begun(staff)
    claim = logged(member, project)
    assert claim["project"] == {
        "id": project["id"],
        "title": "梅关镇银龄义诊",
        "path": f"/api/v1/projects/{project['id']}",
    }
    assert (deeds(other), deeds(member), whole(staff)["deeds"]) == ([], [], 0)
    waiting = member.get("/api/v1/claims", params={"project_id": project["id"], "state": "waiting"}).json()
    assert [one["id"] for one in waiting["items"]] == [claim["id"]]
    assert other.get("/api/v1/claims", params={"project_id": project["id"]}).json()["items"] == []

    done(staff, claim, "confirm")
    (seen,) = deeds(other, project_id=project["id"])
    assert (seen["title"], seen["project"], seen["campaign"], measured(seen)) == (
        *("为老人义诊", "梅关镇银龄义诊", "双助"),
        {"people": 46},
    )
    assert [(one["name"], one["claim_path"]) for one in seen["members"]] == [("周岚", None)]
    assert other.get(seen["path"]).status_code == 200
    for who in (member, staff):
        assert deeds(who)[0]["members"][0]["claim_path"] == f"/api/v1/claims/{claim['id']}"

    opened = done(staff, claim, "reopen", reason="请补照片")
    assert (deeds(other), whole(staff)["deeds"]) == ([], 0)
    again = done(staff, opened, "confirm", act=deed(measures={"people": 40}))
    assert measured(deeds(other)[0]) == {"people": 40}
    appeal = claimed(member, record_id=again["recorded"]["id"], body="应为 46 人")
    done(staff, appeal, "confirm", void=True, act=deed(), reason="核对无误")
    assert (measured(deeds(other)[0]), whole(staff)["deeds"]) == ({"people": 46}, 1), "set right, still of it"
    done(staff, appeal, "reopen", reason="再核")
    assert measured(deeds(other)[0]) == {"people": 40}
    assert differences(city) == []


def test_what_several_did_together_is_one_deed(city):
    staff, first, second = city.staff(), city.member("周岚"), city.member("吴远", sector=1)
    project = begun(staff)
    confirmed(first, staff, project, measures={"people": 46, "hours": 60})
    confirmed(second, staff, project, measures={"people": 40, "money": 500_00})
    confirmed(second, staff, project, title="送药上门", measures={"people": 5})
    (of_two, of_one) = sorted(deeds(first), key=lambda one: -len(one["members"]))
    assert [one["name"] for one in of_two["members"]] == ["周岚", "吴远"]
    assert measured(of_two) == {"people": 46, "money": 500_00, "hours": 60}
    found = whole(staff)
    assert (found["deeds"], found["members"], measured(found)) == (
        *(2, 2),
        {"people": 51, "money": 500_00, "hours": 60},
    )
    assert (len(of_one["members"]), measured(of_one)) == (1, {"people": 5})
    elsewhere = begun(staff, title="另一个项目")
    twice = step(staff, logged(city.member(), elsewhere), "confirm")
    assert (twice.status_code, twice.json()["code"]) == (409, "other_project")
    assert whole(staff) == found


def test_each_figure_of_deeds_is_its_list(city):
    staff, one, two = city.staff(), city.member("周岚"), city.member("吴远", sector=1)
    body = added(staff, "医疗服务团", "service", head=one)
    first = begun(staff, body_id=body["id"])
    second = begun(staff, title="助企送岗", campaign="助企", place="")
    confirmed(one, staff, first)
    confirmed(two, staff, first, measures={"people": 50, "jobs": 2})
    confirmed(two, staff, second, title="招聘会", measures={"jobs": 30})
    done(staff, claimed(one, act=deed(title="自己做的")), "confirm")
    for by, groups in (("campaign", 2), ("body", 1), ("sector", 2), ("place", 1), ("year", 1)):
        found = staff.get("/api/v1/deeds/figures", params={"by": by}).json()
        assert (len(found["groups"]), found["whole"]["deeds"], found["whole"]["members"]) == (groups, 2, 2)
        for figure in (found["whole"], *found["groups"]):
            listed = two.get(figure["deeds_path"]).json()["items"]
            people = two.get(figure["members_path"]).json()["items"]
            assert (len(listed), len(people)) == (figure["deeds"], figure["members"]), (by, figure)
            assert all(len(two.get(who["path"]).json()["items"]) == who["deeds"] for who in people)
            for measure in figure["measures"]:
                rows = two.get(measure["path"]).json()["items"]
                assert sum(measured(row)[measure["measure"]] for row in rows) == measure["amount"]
    assert measured(whole(staff, campaign="双助")) == {"people": 50, "jobs": 2}
    assert whole(staff, year=2001)["deeds"] == 0
    page = two.get("/api/v1/deeds", params={"limit": 1}).json()
    assert len(two.get("/api/v1/deeds", params={"limit": 1, "cursor": page["next"]}).json()["items"]) == 1
    people = two.get("/api/v1/deeds/members", params={"limit": 1}).json()
    rest = two.get("/api/v1/deeds/members", params={"limit": 1, "cursor": people["next"]}).json()
    assert [people["items"][0]["name"], rest["items"][0]["name"], rest["next"]] == ["吴远", "周岚", None]
    for name in ("projects", "deeds", "deed-members", "deed-figures"):
        sheet = staff.get(f"/api/v1/exports/{name}.xlsx")
        assert (sheet.status_code, sheet.content[:2]) == (200, b"PK")


def test_a_long_list_of_deeds_takes_as_many_statements_as_a_short_one(city, database):
    staff, members = city.staff(), [city.member() for _ in range(3)]
    project = begun(staff)

    def taken():
        return statements(database, lambda: (deeds(staff), whole(staff)))

    confirmed(members[0], staff, project)
    short = taken()
    for n, member in enumerate(members):
        confirmed(member, staff, project, title=f"第{n}件")
    assert taken() == short


@pytest.mark.parametrize(
    ("claim", "code"),
    [
        ({"act": speech()}, "no_deed"),
        ({"act": deed(), "project_id": 999}, "project_not_open"),
        ({"body": "漏记", "act": None}, "extra_forbidden"),
    ],
)
def test_what_is_no_deed_of_an_open_project_is_not_handed_in(city, claim, code):
    staff, member = city.staff(), city.member()
    answer = member.post("/api/v1/claims", {"project_id": begun(staff)["id"]} | claim)
    assert (answer.status_code in {409, 422}, answer.json()["code"]) == (True, code)
    assert member.get("/api/v1/claims").json()["items"] == []


def test_a_closed_project_takes_no_new_deeds_but_those_that_wait(city):
    staff, member = city.staff(), city.member()
    project = begun(staff)
    claim = logged(member, project)
    closed = stepped(staff, project, "close", text="义诊 12 场。")
    late = member.post("/api/v1/claims", {"act": deed(title="又一次"), "project_id": project["id"]})
    assert (late.status_code, late.json()["code"]) == (409, "project_not_open")
    new, headers = {"act": deed(place="村口"), "project_id": project["id"]}, {"If-Match": '"1"'}
    edited = member.put(f"/api/v1/claims/{claim['id']}", new, headers=headers)
    assert edited.json()["project"]["id"] == project["id"]
    done(staff, edited.json(), "confirm")
    assert whole(staff)["deeds"] == 1
    opened = stepped(staff, closed, "reopen")
    stepped(staff, opened, "cancel", text="登记重复")
    assert (whole(member)["deeds"], whole(staff)["deeds"]) == (0, 1)
    assert member.get(f"/api/v1/claims/{claim['id']}").json()["project"] is None


def test_staff_see_what_may_be_the_same_act_before_they_confirm(city):
    staff, member = city.staff(), city.member()
    path = f"/api/v1/seats/{member.seat_id}/records"
    assert staff.post(path, deed(title="义诊（科室上报）")).status_code == 201
    claim = logged(member, begun(staff))
    (alike,) = staff.get(f"/api/v1/claims/{claim['id']}").json()["alike"]
    assert (alike["title"], alike["on"], staff.get(alike["path"]).status_code) == (
        *("义诊（科室上报）", days_ago(3)),
        200,
    )
    assert claim["alike"] == []
    other_day = logged(member, begun(staff, title="别的"), held_on=days_ago(2))
    assert staff.get(f"/api/v1/claims/{other_day['id']}").json()["alike"] == []
    assert done(staff, claim, "refuse", reason="与登记重复")["alike"] == []


def test_deeds_of_another_organization_are_not_there(city, app):
    staff, member = city.staff(), city.member()
    project = begun(staff)
    confirmed(member, staff, project)
    county = City(app, city.database, name="政协柳溪县委员会")
    for who in (county.staff(), county.member(), county.staff(Role.LEADER)):
        assert (deeds(who), whole(who)["deeds"]) == ([], 0)
        assert who.get("/api/v1/deeds/members").json()["items"] == []
    theirs = county.member().post("/api/v1/claims", {"act": deed(), "project_id": project["id"]})
    assert (theirs.status_code, theirs.json()["code"]) == (409, "project_not_open")
