"""`lvyi import bodies`: heads and spokespersons by name; nothing is written while a row is wrong."""

from pathlib import Path

import pytest
from openpyxl import Workbook

from app.people.bodies.imports import import_bodies

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
HEAD = ["单位名称", "类别", "主委", "代表", "联系人", "联系电话", "成员"]


def workbook(folder: Path, *rows: list[str]) -> Path:
    book = Workbook()
    assert book.active is not None
    for row in (HEAD, *rows):
        book.active.append(row)
    book.save(folder / "bodies.xlsx")
    return folder / "bodies.xlsx"


def test_bodies_come_from_a_workbook_and_again(city, database, tmp_path):
    head, speaker = city.member("周岚"), city.member("吴远", sector=1)
    city.member("吴远")
    rows = [
        ["民盟云川市委员会", "", "周岚", "吴远（教育界）、周岚", "李明", "0817-2220000"],
        ["教育界", "", "吴远(教育界)", "", "", ""],
        ["云川市总工会", "人民团体", "", "", "", ""],
    ]
    report = import_bodies(database, workbook(tmp_path, *rows))
    assert report.ok, report.lines()
    found = head.get("/api/v1/bodies").json()
    assert [(body["name"], body["kind"]) for body in found] == [
        ("民盟云川市委员会", "party"),
        ("教育界", "sector"),
        ("云川市总工会", "people"),
    ]
    assert (found[0]["contact_phone"], found[1]["head"]["seat_id"]) == ("0817-2220000", speaker.seat_id)

    again = import_bodies(
        database, workbook(tmp_path, ["民盟云川市委员会", "", "", "吴远（教育界）", "", ""])
    )
    assert again.counts == {"新增": 0, "更新": 1}
    first = head.get("/api/v1/bodies").json()[0]
    assert [one["seat_id"] for one in first["spokespersons"]] == [speaker.seat_id]
    assert (first["head"]["name"], first["contact_name"]) == ("周岚", "李明")


def test_the_body_of_a_sector_is_known_by_its_sector_whatever_it_is_called(city, database, tmp_path):
    staff = city.staff()
    row = workbook(tmp_path, ["教育界", "", "", "", "李明", "0817-2220000"])
    assert import_bodies(database, row).counts == {"新增": 1, "更新": 0}
    [body] = staff.get("/api/v1/bodies").json()
    assert staff.patch(f"/api/v1/bodies/{body['id']}", {"name": "教育"}).status_code == 200
    again = import_bodies(database, row)
    assert (again.ok, again.counts) == (True, {"新增": 0, "更新": 1})
    assert [one["id"] for one in staff.get("/api/v1/bodies").json()] == [body["id"]]


def test_members_join_by_the_workbook_and_stay(city, database, tmp_path):
    first, second = city.member("周岚"), city.member("陈朗")
    row = ["产业委员服务团", "", "周岚", "", "", "", "陈朗"]
    assert import_bodies(database, workbook(tmp_path, row)).ok
    assert import_bodies(database, workbook(tmp_path, [*row[:6], "周岚、陈朗"])).ok
    [body] = first.get("/api/v1/bodies").json()
    assert (body["kind_label"], body["member_count"]) == ("服务团", 2)
    found = second.get(f"/api/v1/bodies/{body['id']}/members").json()
    assert [(one["name"], one["role_label"]) for one in found] == [("周岚", "负责人"), ("陈朗", "成员")]

    refused = import_bodies(database, workbook(tmp_path, ["教育界", "", "", "", "", "", "陈朗"]))
    assert [fault.detail for fault in refused.faults] == ["界别和专委会的成员在委员名册里维护"]


def test_a_wrong_row_is_named_and_nothing_written(city, database, tmp_path):
    city.member("吴远")
    member = city.member("吴远", sector=1)
    rows = [
        ["民盟云川市委员会", "党", "吴远", "无名氏", "", "问老王"],
        ["体育界", "界别", "", "", "", ""],
    ]
    report = import_bodies(database, workbook(tmp_path, *rows))
    assert [fault.detail for fault in report.faults] == [
        "没有类别“党”，可填：民主党派、工商联、人民团体、界别、专委会、活动小组、服务团、片区工作组、课题组、其他团体",
        "请填写电话号码，可以是固定电话，例如 0817-2220000",
        "有 2 位委员叫“吴远”，请写成 吴远（经济界）或吴远（教育界）",
        "本届名册里没有“无名氏”",
        "本届没有名为“体育界”的界别",
    ]
    assert member.get("/api/v1/bodies").json() == []
    city.member("吴远", sector=1)
    report = import_bodies(database, workbook(tmp_path, ["民盟云川市委员会", "", "吴远（教育界）"]))
    assert [fault.detail for fault in report.faults] == [
        "有几位委员叫“吴远”，界别也相同，请先空着，导入后在系统里选择"
    ]


def test_a_body_stays_of_its_kind_and_a_sector_takes_no_members(city, database, tmp_path):
    staff, stranger = city.staff(), city.member("周岚")
    city.member("陈朗", sector=1)
    assert import_bodies(database, workbook(tmp_path, ["教育界", "界别"])).ok
    refused = import_bodies(database, workbook(tmp_path, ["教育界", "其他团体", "", "", "", "", "周岚"]))
    assert [fault.detail for fault in refused.faults] == [
        "“教育界”已登记为界别",
        "界别和专委会的成员在委员名册里维护",
    ]
    [body] = staff.get("/api/v1/bodies").json()
    assert stranger.get(f"/api/v1/bodies/{body['id']}").json()["belongs"] is False


def test_a_sector_is_known_with_the_word_for_sector_at_its_end(city, database, tmp_path):
    staff = city.staff()
    staff.patch(f"/api/v1/sectors/{city.sectors[1]}", {"name": "教育"})
    report = import_bodies(database, workbook(tmp_path, ["教育界", "界别"]))
    assert report.ok, report.lines()
    [body] = staff.get("/api/v1/bodies").json()
    assert (body["kind"], body["sector_id"]) == ("sector", city.sectors[1])
