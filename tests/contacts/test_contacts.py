"""Members look after others: the office sets whom, they log visits, and nobody is left out unnoticed."""

from datetime import timedelta

import pytest
from openpyxl import Workbook

from app.auth.areas import Area
from app.auth.permissions import Role
from app.contacts.imports import import_contacts
from app.core import clock
from tests.factories.city import City
from tests.factories.domains.ledger import differences, live_acts, news, void_reasons
from tests.factories.statements import statements

TODAY = clock.local_day(clock.now())


def contact(staff, member, name="滨江社区", **more):
    new = {"seat_id": member.seat_id, "kind": "village", "name": name, "starts_on": str(TODAY)} | more
    answer = staff.post("/api/v1/contacts", new)
    assert answer.status_code == 201, answer.text
    return answer.json()


def visit(member, contact_id=None, **more):
    answer = member.post("/api/v1/visits", {"contact_id": contact_id, "body": "问了用水的事。"} | more)
    assert answer.status_code == 201, answer.text
    return answer.json()


def listed(who, **params):
    return [one["name"] for one in who.get("/api/v1/contacts", params=params).json()["items"]]


def changed(who, path, version, body):
    return who.put(path, body, headers={"If-Match": f'"{version}"'})


def test_a_member_sees_whom_to_visit_and_by_whom_they_are_looked_after(city):
    staff, chair, member, other = city.staff(), city.member("周岚"), city.member("吴远"), city.member()
    of_member = contact(staff, chair, "", kind="member", party_seat_id=member.seat_id)
    assert (of_member["member"], of_member["name"], of_member["kind_label"]) == ("周岚", "吴远", "委员")
    village = contact(staff, chair, place="滨江街道")
    assert (news(city, chair), news(city, member)) == (
        ["请您联系“吴远”，走访后随手记一笔", "请您联系“滨江社区”，走访后随手记一笔"],
        ["今后由周岚委员联系您"],
    )
    assert listed(chair, mine=True, current=True) == ["吴远", "滨江社区"]
    (seen,) = member.get("/api/v1/contacts", params={"of_me": True}).json()["items"]
    assert (seen["member"], seen["actions"]) == ("周岚", [])
    assert (listed(member), listed(other), len(listed(staff))) == (["吴远"], [], 2)
    path = f"/api/v1/contacts/{village['id']}"
    assert (member.get(path).status_code, chair.get(path).json()["actions"]) == (404, ["visit"])
    assert staff.get(path).json()["actions"] == ["edit", "remove"]

    visit(chair, of_member["id"])
    assert listed(chair, mine=True) == ["滨江社区", "吴远"], "those not yet visited first"
    assert [len(listed(chair, visited=one)) for one in (True, False)] == [1, 1]
    first = chair.get("/api/v1/contacts", params={"limit": 1}).json()
    assert listed(chair, limit=1, cursor=first["next"]) == ["吴远"]


def test_a_visit_is_an_act_at_once_which_its_author_can_take_back(city):
    staff, member, other = city.staff(), city.member("周岚"), city.member()
    of = contact(staff, member)
    made = visit(member, of["id"], measures={"people": 3})
    assert [(one["measure"], one["amount"]) for one in made["measures"]] == [("people", 3), ("visits", 1)]
    assert (made["whom"], made["visited_on"], made["actions"]) == (
        "滨江社区",
        str(TODAY),
        ["edit", "withdraw"],
    )
    assert live_acts(city, member) == [("visit.made", "lead", "city")]
    path = f"/api/v1/visits/{made['id']}"
    assert [who.get(path).status_code for who in (member, staff, other, city.staff(Role.LEADER))] == [
        *(200, 200, 404, 404)
    ]
    records = f"/api/v1/seats/{member.seat_id}/records"
    assert member.get(records).json()["items"][0]["title"] == "滨江社区"
    assert "滨江社区" not in other.get(records).text, "whom a member visits is for the member and the office"

    yesterday = str(TODAY - timedelta(days=1))
    body = {"contact_id": of["id"], "body": "改过的话。", "visited_on": yesterday, "measures": {"people": 4}}
    edited = changed(member, path, 1, body)
    assert (edited.status_code, edited.json()["version"], edited.json()["visited_on"]) == (200, 2, yesterday)
    assert changed(member, path, 1, body).status_code == 412
    assert void_reasons(city, member) == ["本人修改"]
    assert [one["text"] for one in edited.json()["measures"]] == ["4 人次", "1 次"]
    assert changed(member, path, 2, body | {"body": "只改了话。"}).json()["version"] == 3
    assert void_reasons(city, member) == ["本人修改"], "the same day and amounts are the same record"

    assert staff.put(f"{path}/withdrawal").status_code == 403
    assert other.put(f"{path}/withdrawal").status_code == 404
    assert member.put(f"{path}/withdrawal").json()["actions"] == ["restore"]
    assert (live_acts(city, member), listed(staff, visited=True)) == ([], [])
    assert (staff.get(path).status_code, member.get("/api/v1/visits").json()["items"]) == (404, [])
    assert member.put(f"{path}/withdrawal").status_code == 409
    back = member.delete(f"{path}/withdrawal").json()
    assert ([one["text"] for one in back["measures"]], listed(staff, visited=True)) == (
        ["4 人次", "1 次"],
        ["滨江社区"],
    )
    assert len(staff.get("/api/v1/visits", params={"q": "只改"}).json()["items"]) == 1
    assert differences(city) == []


def test_the_same_visit_sent_twice_is_one(city):
    member = city.member()
    new, once = {"whom": "王大爷", "body": "送去药品。"}, {"Idempotency-Key": "visit-of-today-1"}
    ids = {member.post("/api/v1/visits", new, headers=once).json()["id"] for _ in range(2)}
    assert (len(ids), len(live_acts(city, member))) == (1, 1)
    assert member.get("/api/v1/visits", params={"year": TODAY.year - 3}).json()["items"] == []


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"whom": ""}, "whom_required"),
        ({"contact_id": 999}, "unknown_contact"),
        ({"visited_on": str(TODAY + timedelta(days=1))}, "day_outside_seat"),
        ({"visited_on": "1990-01-01"}, "day_outside_seat"),
        ({"measures": {"words": 5}}, "invalid"),
        ({"measures": {"people": 0}}, "invalid"),
        ({"pictures": ["nothere"]}, "file_not_usable"),
        ({"body": " "}, "invalid"),
    ],
)
def test_a_visit_that_does_not_fit_is_no_act(city, change, code):
    member = city.member()
    answer = member.post("/api/v1/visits", {"whom": "王大爷", "body": "看望。"} | change)
    assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert live_acts(city, member) == []


def test_nobody_logs_a_visit_to_the_contact_of_another(city):
    staff, member, other = city.staff(), city.member(), city.member()
    of = contact(staff, member)
    refused = other.post("/api/v1/visits", {"contact_id": of["id"], "body": "看望。"})
    assert (refused.status_code, refused.json()["code"]) == (422, "unknown_contact")
    assert staff.post("/api/v1/visits", {"whom": "王大爷", "body": "看望。"}).status_code == 403


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"name": ""}, "party_required"),
        ({"kind": "member"}, "party_required"),
        ({"seat_id": 999}, "unknown_seat"),
        ({"ends_on": "2020-01-01"}, "contact_not_fitting"),
        ({}, "contact_not_fitting"),
    ],
)
def test_a_contact_that_does_not_fit_is_refused(city, change, code):
    staff, member = city.staff(), city.member()
    contact(staff, member)
    new = {"seat_id": member.seat_id, "kind": "village", "name": "滨江社区"} | change
    answer = staff.post("/api/v1/contacts", new)
    assert (answer.status_code, answer.json()["code"]) == (422, code)


def test_a_contact_is_set_right_until_it_was_visited_and_then_ends(city):
    staff, member, other = city.staff(), city.member("周岚"), city.member()
    of = contact(staff, member)
    path = f"/api/v1/contacts/{of['id']}"
    new = {"seat_id": other.seat_id, "kind": "village", "name": "滨江社区", "starts_on": str(TODAY)}
    assert changed(staff, path, 1, new).json()["seat_id"] == other.seat_id
    assert changed(staff, path, 1, new).status_code == 412
    assert changed(member, path, 2, new).status_code == 403
    made = visit(other, of["id"])
    refused = changed(staff, path, 2, new | {"seat_id": member.seat_id})
    assert (refused.status_code, refused.json()["code"]) == (409, "contact_visited")
    assert changed(staff, path, 2, new | {"name": "东门社区"}).json()["code"] == "contact_visited"
    other.put(f"/api/v1/visits/{made['id']}/withdrawal")
    assert staff.delete(path).status_code == 409
    ended = {"ends_on": str(TODAY - timedelta(days=1)), "starts_on": str(TODAY - timedelta(days=9))}
    assert changed(staff, path, 2, new | ended).status_code == 200
    late = other.post("/api/v1/visits", {"contact_id": of["id"], "body": "又去了一趟。"})
    assert (late.status_code, late.json()["code"]) == (422, "contact_ended")
    wrong = contact(staff, member, "东门社区")
    assert staff.delete(f"/api/v1/contacts/{wrong['id']}").status_code == 204
    assert news(city, member)[-1] == "您与“东门社区”的联系已由机关撤销"
    assert listed(member) == []


def test_each_figure_of_coverage_is_the_length_of_its_list(city):
    staff = city.staff()
    both = city.member("周岚", committees=(0, 1))
    one = city.member("吴远", sector=1, committees=(0,))
    first = contact(staff, both, "东门社区")
    contact(staff, both, "西门社区")
    contact(staff, one, "云川纸业", kind="company")
    contact(staff, one, "旧村", starts_on=str(TODAY - timedelta(days=9)), ends_on=str(TODAY))
    visit(both, first["id"])
    visit(both, first["id"], body="又去了一次。")
    visit(one, whom="王大爷")
    for by, groups in (("member", 2), ("sector", 2), ("committee", 2)):
        found = staff.get("/api/v1/contacts/coverage", params={"by": by}).json()
        assert len(found["groups"]) == groups
        assert (found["whole"]["contacts"], found["whole"]["visited"], found["whole"]["rate"]) == (4, 1, 25.0)
        for figure in (found["whole"], *found["groups"]):
            for path, count in (
                ("path", "contacts"),
                ("visited_path", "visited"),
                ("unvisited_path", "unvisited"),
            ):
                assert len(staff.get(figure[path]).json()["items"]) == figure[count], (by, figure, path)
    assert both.get("/api/v1/contacts/coverage").json()["whole"]["contacts"] == 2
    past = staff.get("/api/v1/contacts/coverage", params={"year": TODAY.year - 2}).json()
    assert (past["whole"]["contacts"], past["whole"]["rate"], past["groups"]) == (0, None, [])
    for name in ("contacts", "coverage"):
        sheet = staff.get(f"/api/v1/exports/{name}.xlsx")
        assert (sheet.status_code, sheet.content[:2]) == (200, b"PK")


def workbook(folder, *rows):
    book = Workbook()
    assert book.active is not None
    for row in (["联系委员", "类别", "联系对象", "地点", "开始日期", "截止日期"], *rows):
        book.active.append(row)
    book.save(folder / "contacts.xlsx")
    return folder / "contacts.xlsx"


def test_contacts_come_from_a_workbook_whole_or_not_at_all(city, database, tmp_path):
    staff, member, other = city.staff(), city.member("周岚"), city.member("吴远")
    rows = [["周岚", "委员", "吴远"], ["周岚", "村（社区）", "滨江社区", "滨江街道"]]
    wrong = [
        ["周岚", "委员", "周岚"],
        ["没有此人", "企业", "云川纸业"],
        ["周岚", "寺庙", "云川寺"],
        ["周岚", "企业", "云川纸业", "", TODAY, TODAY - timedelta(days=1)],
        rows[1],
    ]
    report = import_contacts(database, workbook(tmp_path, *rows, *wrong))
    assert [fault.detail.split("，")[0] for fault in sorted(report.faults, key=lambda one: one.row)] == [
        "委员不能联系自己",
        "本届名册里没有“没有此人”",
        "没有类别“寺庙”",
        "截止日期早于开始日期",
        "前面已经有了同样的一行",
    ]
    assert listed(staff) == []
    assert import_contacts(database, workbook(tmp_path, *rows), check=True).counts == {"新增": 2, "更新": 0}
    assert listed(staff) == []
    assert import_contacts(database, workbook(tmp_path, *rows)).ok
    assert listed(member) == ["吴远", "滨江社区"]
    assert news(city, member) == ["请您联系“吴远”等 2 位，走访后随手记一笔"]
    assert news(city, other) == ["今后由周岚委员联系您"]
    again = import_contacts(database, workbook(tmp_path, [*rows[1], "", TODAY]))
    assert again.counts == {"新增": 0, "更新": 1}
    (ended,) = staff.get("/api/v1/contacts", params={"kind": "village"}).json()["items"]
    assert (ended["ends_on"], ended["place"]) == (str(TODAY), "滨江街道")
    earlier = (
        [TODAY - timedelta(days=60), TODAY - timedelta(days=40)],
        [TODAY - timedelta(days=30), TODAY - timedelta(days=20)],
    )
    twice = workbook(tmp_path, *([*rows[1], *days] for days in earlier))
    assert import_contacts(database, twice).counts == {"新增": 2, "更新": 0}, "other days are another contact"
    halves = [TODAY, TODAY], [TODAY + timedelta(days=1), ""]
    both = import_contacts(
        database, workbook(tmp_path, *([*rows[0], "", *days] for days in halves)), check=True
    )
    assert [fault.row for fault in both.faults] == [3], "one contact is not changed twice"
    (running,) = staff.get("/api/v1/contacts", params={"kind": "village", "current": True}).json()["items"]
    assert (running["id"], running["ends_on"]) == (ended["id"], str(TODAY))


def test_a_long_list_of_contacts_takes_as_many_statements_as_a_short_one(city, database, tmp_path):
    city.member("周岚")

    def taken(first, last):
        rows = [["周岚", "企业", f"云川第{n}建材公司"] for n in range(first, last)]
        path = workbook(tmp_path, *rows)
        new = statements(database, lambda: import_contacts(database, path))
        return new, statements(database, lambda: import_contacts(database, path))

    short, long = taken(0, 2), taken(2, 60)
    assert long == short


def test_another_organization_has_contacts_of_its_own(city, app, database, tmp_path):
    staff, member = city.staff(), city.member()
    of = contact(staff, member)
    made = visit(member, of["id"])
    county = City(app, city.database, name="政协柳溪县委员会")
    clerk, theirs = county.staff(), county.member()
    for path in (f"/api/v1/contacts/{of['id']}", f"/api/v1/visits/{made['id']}"):
        assert clerk.get(path).status_code == 404
    new = {"seat_id": theirs.seat_id, "kind": "member", "party_seat_id": member.seat_id}
    assert clerk.post("/api/v1/contacts", new).json()["code"] == "unknown_seat"
    assert theirs.post("/api/v1/visits", {"contact_id": of["id"], "body": "看望。"}).status_code == 422
    assert clerk.get("/api/v1/contacts/coverage").json()["whole"]["contacts"] == 0


@pytest.mark.parametrize(("area", "status"), [(Area.LIAISON, 201), (Area.PROPOSALS, 403)])
def test_offices_set_contacts_by_their_areas(city, area, status):
    clerk, member = city.staff(office=city.office("科室", area)), city.member()
    new = {"seat_id": member.seat_id, "kind": "village", "name": "滨江社区"}
    assert clerk.post("/api/v1/contacts", new).status_code == status
