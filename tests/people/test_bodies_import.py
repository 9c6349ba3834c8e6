"""`lvyi import bodies`: heads and spokespersons by name; nothing is written while a row is wrong."""

from pathlib import Path

import pytest
from openpyxl import Workbook

from app.people.bodies.imports import import_bodies

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
HEAD = ["单位名称", "类别", "主委", "代表", "联系人", "联系电话"]


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


def test_a_wrong_row_is_named_and_nothing_written(city, database, tmp_path):
    city.member("吴远")
    member = city.member("吴远", sector=1)
    rows = [
        ["民盟云川市委员会", "党", "吴远", "无名氏", "", "问老王"],
        ["体育界", "界别", "", "", "", ""],
    ]
    report = import_bodies(database, workbook(tmp_path, *rows))
    assert [fault.detail for fault in report.faults] == [
        "没有类别“党”，可填：民主党派、工商联、人民团体、界别、专委会、其他团体",
        "请填写电话号码，可以是固定电话，例如 0817-2220000",
        "有 2 位委员叫“吴远”，请写成 吴远（经济界）",
        "本届名册里没有“无名氏”",
        "本届没有名为“体育界”的界别",
    ]
    assert member.get("/api/v1/bodies").json() == []
