"""Venues from a workbook: whole or not at all, and as many statements for a long list as for a short one."""

from openpyxl import Workbook

from app.consultations.venues.imports import import_venues
from tests.factories.domains.ledger import news
from tests.factories.statements import statements


def listed(who, **params):
    return [one["name"] for one in who.get("/api/v1/venues", params=params).json()["items"]]


def workbook(folder, *rows):
    book = Workbook()
    assert book.active is not None
    head = ["上级场所", "名称", "层级", "类别", "地点", "召集人", "开放时间", "对外公开", "派驻委员"]
    for row in (head, *rows):
        book.active.append(row)
    book.save(folder / "venues.xlsx")
    return folder / "venues.xlsx"


def test_venues_come_from_a_workbook_whole_or_not_at_all(city, database, tmp_path):
    staff, member = city.staff(), city.member("周岚")
    rows = [
        ["临江镇联络站", "议事室", "村（社区）", "协商议事室", "滨江路 8 号", "何敏", "", "是", "周岚"],
        ["", "临江镇联络站", "乡镇", "政协工作联络站", "", "", "", "", "周岚"],
        ["", "东山镇联络站", "街道", "政协工作联络站"],
        ["东山镇联络站", "议事室", "村", "协商议事室"],
    ]
    wrong = [
        ["没有的站", "收集室", "村", "社情民意收集室"],
        ["临江镇联络站", "工作室", "乡镇", "委员工作室"],
        ["议事室", "小组", "村", "其他"],
        ["", "寺庙", "村", "寺庙"],
        ["", "工作室", "村", "委员工作室", "", "", "", "", "没有此人"],
        rows[3],
    ]
    report = import_venues(database, workbook(tmp_path, *rows, *wrong))
    assert [fault.detail.split("，")[0] for fault in sorted(report.faults, key=lambda one: one.row)] == [
        "没有上级场所“没有的站”",
        "上级场所的层级要高于本场所",
        "有 2 个场所叫“议事室”",
        "没有类别“寺庙”",
        "本届名册里没有“没有此人”",
        "前面已经有了同样的一行",
    ]
    assert import_venues(database, workbook(tmp_path, *rows), check=True).counts == {"新增": 4, "更新": 0}
    assert listed(staff) == []
    assert import_venues(database, workbook(tmp_path, *rows)).ok
    assert listed(staff) == ["临江镇联络站", "议事室", "东山镇联络站", "议事室"]
    assert news(city, member) == ["请您到“临江镇联络站”等 2 处联系群众"]
    again = import_venues(
        database,
        workbook(
            tmp_path,
            ["临江镇联络站", "议事室", "村", "协商议事室", "", "", "周五", "", "周岚"],
            ["东山镇联络站/议事室", "角落", "村", "其他"],
        ),
        check=True,
    )
    assert [fault.detail for fault in again.faults] == ["上级场所的层级要高于本场所"]
    mended = ["临江镇联络站", "议事室", "村", "协商议事室", "", "", "周五", "", "周岚"]
    assert import_venues(database, workbook(tmp_path, mended)).counts == {"新增": 0, "更新": 1}
    (row, _) = staff.get("/api/v1/venues", params={"level": "village"}).json()["items"]
    assert (row["opening_hours"], row["convener"], row["is_public"], row["members"]) == (
        "周五",
        "何敏",
        True,
        1,
    )
    assert len(news(city, member)) == 1
    joined = ["", "东山镇联络站", "街道", "政协工作联络站", "", "", "", "", "周岚"]
    (before,) = staff.get("/api/v1/venues", params={"q": "东山镇"}).json()["items"]
    assert import_venues(database, workbook(tmp_path, joined)).ok
    form = {"level": "township", "kind": "station", "name": "东山镇联络站", "members": []}
    headers = {"If-Match": f'"{before["version"]}"'}
    late = staff.put(f"/api/v1/venues/{before['id']}", form, headers=headers)
    assert late.status_code == 412, "who came by the list is not lost to a form that was open"


def test_a_long_list_takes_as_many_statements_as_a_short_one(city, database, tmp_path):
    staff, member = city.staff(), city.member("周岚")

    def rows(count):
        return [["", f"第 {i} 室", "村", "协商议事室", "", "", "", "", "周岚"] for i in range(count)]

    def imported(count):
        assert import_venues(database, workbook(tmp_path, *rows(count))).ok

    few = statements(database, lambda: imported(2))
    assert statements(database, lambda: imported(40)) <= few
    short = statements(database, lambda: listed(member, limit=2))
    long = statements(database, lambda: listed(member, limit=40))
    assert short == long
    assert len(listed(staff, limit=100)) == 40
