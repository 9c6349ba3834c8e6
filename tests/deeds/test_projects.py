"""Projects are begun and closed by staff or the head of a body; their members hear of it."""

from datetime import timedelta

import pytest
from openpyxl import Workbook

from app.auth.areas import Area
from app.auth.permissions import Role
from app.core import clock
from app.projects.imports import import_projects
from tests.factories.city import City
from tests.factories.domains.archive import begun, days_ago, project_step, stepped
from tests.factories.domains.bodies import added
from tests.factories.domains.ledger import news
from tests.factories.statements import statements

TODAY = clock.local_day(clock.now())


def titles(who, **params):
    return [one["title"] for one in who.get("/api/v1/projects", params=params).json()["items"]]


def changed(who, project, **changes):
    names = ("title", "campaign", "body_id", "leader_seat_id", "place", "plan", "starts_on", "ends_on")
    body = {name: project[name] for name in names} | changes
    headers = {"If-Match": f'"{project["version"]}"'}
    return who.put(f"/api/v1/projects/{project['id']}", body, headers=headers)


def test_a_project_begins_with_its_members_and_ends_with_a_summary(city):
    staff, leader, named, mate, other = city.staff(), *(city.member() for _ in range(4))
    body = added(staff, "医疗服务团", "service", speakers=[mate])
    project = begun(
        *(staff,),
        body_id=body["id"],
        leader_seat_id=leader.seat_id,
        member_ids=[named.seat_id],
        targets={"people": 500},
    )
    assert (project["state_label"], project["body"], project["targets"][0]["text"]) == (
        *("进行中", "医疗服务团"),
        "500 人次",
    )
    assert [one["seat_id"] for one in project["members"]] == [named.seat_id]
    for who in (leader, named, mate):
        assert news(city, who) == ["办实事项目“梅关镇银龄义诊”请您参加"]
        assert (titles(who, mine=True), titles(who, mine=False)) == (["梅关镇银龄义诊"], [])
    assert (news(city, other), titles(other, mine=True), titles(other)) == ([], [], ["梅关镇银龄义诊"])
    begun(staff, title="不属于哪个单位")
    assert titles(other, mine=False) == ["不属于哪个单位", "梅关镇银龄义诊"]
    seen = other.get(f"/api/v1/projects/{project['id']}").json()
    assert (seen["actions"], seen["may_edit"], seen["may_log"], seen["mine"]) == ([], False, True, False)
    assert other.get("/api/v1/projects/campaigns").json() == [
        {"name": "双助", "path": "/api/v1/projects?campaign=%E5%8F%8C%E5%8A%A9"}
    ]

    joined = changed(staff, project, member_ids=[other.seat_id])
    assert (joined.status_code, news(city, other)) == (200, ["办实事项目“梅关镇银龄义诊”请您参加"])
    assert (titles(named, mine=True), len(news(city, leader))) == ([], 1)
    assert changed(staff, project).status_code == 412
    assert project_step(staff, joined.json(), "close").json()["code"] == "reason_required"
    closed = stepped(staff, joined.json(), "close", text="义诊 12 场，惠及 520 人次。")
    assert (closed["state_label"], closed["summary"]) == ("已结束", "义诊 12 场，惠及 520 人次。")
    assert news(city, other)[-1] == "办实事项目“梅关镇银龄义诊”已经结束，谢谢您的参与"
    assert changed(staff, closed).json()["code"] == "not_editable"
    assert not leader.get(f"/api/v1/projects/{project['id']}").json()["may_log"]
    assert project_step(staff, joined.json(), "close", text="再来").status_code == 409
    opened = stepped(staff, closed, "reopen")
    assert (opened["state"], opened["summary"], opened["may_edit"]) == ("open", None, True)
    track = leader.get(f"/api/v1/projects/{project['id']}").json()["steps"]
    assert [(one["action_label"], one["text"], one["name"]) for one in track] == [
        ("结束", "义诊 12 场，惠及 520 人次。", None),
        ("继续进行", None, None),
    ]
    assert all(one["name"] for one in opened["steps"])


def test_a_project_begun_by_mistake_is_cancelled_and_restored(city):
    staff, member = city.staff(), city.member()
    project = begun(staff, leader_seat_id=member.seat_id)
    assert project_step(staff, project, "cancel").json()["code"] == "reason_required"
    gone = stepped(staff, project, "cancel", text="登记重复")
    assert news(city, member)[-1] == "办实事项目“梅关镇银龄义诊”已撤销：登记重复"
    path = f"/api/v1/projects/{project['id']}"
    assert (member.get(path).status_code, titles(member), titles(staff)) == (404, [], ["梅关镇银龄义诊"])
    assert project_step(staff, gone, "close", text="x").status_code == 409
    stepped(staff, gone, "restore")
    assert (member.get(path).status_code, titles(member)) == (200, ["梅关镇银龄义诊"])


def test_the_head_of_a_body_keeps_its_projects_and_no_others(city):
    staff, head, other = city.staff(), city.member("周岚"), city.member()
    body, foreign = added(staff, "医疗服务团", "service", head=head), added(staff, "法律服务团", "service")
    own = begun(head, body_id=body["id"])
    assert (own["may_edit"], [one["action"] for one in own["actions"]]) == (True, ["close", "cancel"])
    own = changed(head, own, plan="每月一次").json()
    assert own["plan"] == "每月一次"
    assert changed(head, own, body_id=foreign["id"]).status_code == 403
    new = {"title": "x", "campaign": "双助", "starts_on": days_ago(1)}
    for who, body_id in ((head, foreign["id"]), (head, None), (other, body["id"])):
        refused = who.post("/api/v1/projects", new | {"body_id": body_id})
        assert (refused.status_code, refused.json()["code"]) == (403, "not_manager")
    theirs = begun(staff, body_id=foreign["id"], title="普法")
    assert (changed(head, theirs).status_code, project_step(head, theirs, "close", text="x").status_code) == (
        403,
        403,
    )
    clerk = city.staff(office=city.office("提案科", Area.PROPOSALS), name="提案科干部")
    assert clerk.post("/api/v1/projects", new).status_code == 403
    gone = stepped(head, own, "cancel", text="另行安排")
    assert stepped(head, gone, "restore")["state"] == "open"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"title": " "}, "invalid"),
        ({"campaign": ""}, "invalid"),
        ({"campaign": " "}, "invalid"),
        ({"body_id": 999}, "unknown_body"),
        ({"member_ids": [999]}, "unknown_seat"),
        ({"ends_on": days_ago(60)}, "ends_before_start"),
        ({"starts_on": "0001-01-01"}, "invalid"),
        ({"targets": {"words": 5}}, "invalid"),
        ({"state": "closed"}, "invalid"),
    ],
)
def test_a_project_that_does_not_fit_is_refused(city, change, code):
    staff = city.staff()
    new = {"title": "义诊", "campaign": "双助", "starts_on": days_ago(30)} | change
    answer = staff.post("/api/v1/projects", new)
    assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert titles(staff) == []


def test_a_retried_project_is_one_and_another_organization_has_none_of_it(city, app):
    staff = city.staff()
    new, once = (
        {"title": "义诊", "campaign": "双助", "starts_on": days_ago(3)},
        {"Idempotency-Key": "project-1"},
    )
    ids = {staff.post("/api/v1/projects", new, headers=once).json()["id"] for _ in range(2)}
    assert len(ids) == 1
    county = City(app, city.database, name="政协柳溪县委员会")
    for who in (county.staff(), county.member(), county.staff(Role.LEADER)):
        assert who.get(f"/api/v1/projects/{ids.copy().pop()}").status_code == 404
        assert (titles(who), who.get("/api/v1/projects/campaigns").json()) == ([], [])
    seat = city.member().seat_id
    assert (
        county.staff().post("/api/v1/projects", new | {"leader_seat_id": seat}).json()["code"]
        == "unknown_seat"
    )
    found = staff.get("/api/v1/find", params={"q": "义诊"}).json()
    assert [hit["kind_label"] for hit in found["items"]] == ["办实事项目"]


def test_open_projects_come_first_page_by_page(city, database):
    staff = city.staff()
    projects = [begun(staff, title=f"第{n}个", campaign="助企" if n else "双助") for n in range(3)]
    stepped(staff, projects[2], "close", text="办完了")
    assert titles(staff) == ["第1个", "第0个", "第2个"]
    first = staff.get("/api/v1/projects", params={"limit": 2}).json()
    assert titles(staff, limit=2, cursor=first["next"]) == ["第2个"]
    assert (titles(staff, campaign="双助"), titles(staff, q="第1")) == (["第0个"], ["第1个"])
    assert (titles(staff, state="closed"), titles(staff, place="别处")) == (["第2个"], [])

    def taken(limit):
        return statements(database, lambda: titles(staff, limit=limit))

    assert taken(1) == taken(3)


def workbook(folder, *rows):
    book = Workbook()
    assert book.active is not None
    head = ["项目名称", "活动名称", "承担单位", "牵头委员", "参加委员", "地点", "开始日期", "截止日期"]
    for row in (head, *rows):
        book.active.append(row)
    book.save(folder / "projects.xlsx")
    return folder / "projects.xlsx"


def test_projects_come_from_a_workbook_whole_or_not_at_all(city, database, tmp_path):
    staff, one, two = city.staff(), city.member("周岚"), city.member("吴远")
    added(staff, "医疗服务团", "service", head=one)
    rows = [["义诊", "双助", "医疗服务团", "周岚", "吴远", "梅关镇"], ["送岗", "助企", "", "吴远"]]
    wrong = [
        ["甲", "双助", "没有的团"],
        ["乙", "双助", "", "没有此人"],
        ["丙", "双助", "", "", "", "", TODAY, TODAY - timedelta(days=1)],
        ["丁", "双助", "", "周岚", "", "", "1990-01-01", "1990-02-01"],
        rows[0],
    ]
    report = import_projects(database, workbook(tmp_path, *rows, *wrong))
    assert [fault.detail for fault in sorted(report.faults, key=lambda one: one.row)] == [
        "本届没有参加单位“没有的团”",
        "本届名册里没有“没有此人”",
        "截止日期早于开始日期",
        "项目期间有委员不在任，请核对日期",
        "前面已经有了同样的一行",
    ]
    assert import_projects(database, workbook(tmp_path, *rows), check=True).counts == {
        "新增": 2,
        "更新": 0,
        "不变": 0,
    }
    assert titles(staff) == []
    assert import_projects(database, workbook(tmp_path, *rows)).ok
    assert news(city, two) == ["办实事项目“义诊”等 2 个请您参加"]
    assert news(city, one) == ["办实事项目“义诊”请您参加"]
    again = import_projects(database, workbook(tmp_path, ["义诊", "双助", "", "", "", "新桥镇"]))
    assert again.counts == {"新增": 0, "更新": 1, "不变": 0}
    assert import_projects(database, workbook(tmp_path, *rows[1:])).counts == {
        "新增": 0,
        "更新": 0,
        "不变": 1,
    }
    (kept,) = staff.get("/api/v1/projects", params={"campaign": "双助"}).json()["items"]
    assert (kept["place"], kept["body"], kept["leader"], kept["version"]) == (
        *("新桥镇", "医疗服务团"),
        *("周岚", 2),
    )
    assert titles(two, mine=True) == ["送岗", "义诊"]
    import_projects(database, workbook(tmp_path, ["送岗", "助企", "", "", "周岚"]))
    assert news(city, one)[-1] == "办实事项目“送岗”请您参加"


def test_a_long_list_of_projects_takes_as_many_statements_as_a_short_one(city, database, tmp_path):
    city.member("周岚")

    def taken(first, last):
        path = workbook(tmp_path, *([f"第{n}个", "双助", "", "周岚"] for n in range(first, last)))
        new = statements(database, lambda: import_projects(database, path, check=True))
        import_projects(database, path)
        rows = ([f"第{n}个", "双助", "", "", "周岚", "梅关镇"] for n in range(first, last))
        changed = workbook(tmp_path, *rows)
        return new, statements(database, lambda: import_projects(database, changed))

    assert taken(0, 2) == taken(2, 60)
