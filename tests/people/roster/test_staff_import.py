"""Units and staff come in by workbook: checked as a whole, imported again unchanged."""

from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook
from sqlalchemy import select

from app.auth.areas import Area
from app.auth.models import Account, AccountRole
from app.auth.permissions import Role
from app.core.db import Database
from app.core.errors import Conflict
from app.core.sql import table
from app.people.models import Unit
from app.people.setup.imports import import_staff, import_units, staff_template, unit_template
from tests.factories.city import City

STAFF = ["姓名", "手机号码", "角色", "承办单位"]


def workbook(path: Path, rows: list[list[Any]]) -> Path:
    book = Workbook()
    sheet: Any = book.active
    for row in rows:
        sheet.append(row)
    book.save(path)
    return path


def test_units_are_added_once(city: City, database: Database, tmp_path: Path):
    path = workbook(
        tmp_path / "a.xlsx", [["单位名称", "类别"], ["市林草局", None], ["市法院", "法院和检察院"]]
    )
    assert import_units(database, path, check=True).lines()[0] == "核对完成，没有写入：新增 2，不变 0。"
    assert import_units(database, path).lines()[0] == "导入完成：新增 2，不变 0。"
    assert import_units(database, path).lines()[0] == "导入完成：新增 0，不变 2。"
    with database.read.connect() as conn:
        kinds = dict(conn.execute(select(table(Unit).c.name, table(Unit).c.kind)).tuples().all())
    assert (kinds["市林草局"], kinds["市法院"]) == ("government", "court")


def test_a_wrong_unit_stops_all_of_them(city: City, database: Database, tmp_path: Path):
    rows: list[list[Any]] = [
        ["单位名称", "类别"],
        ["市林草局", "神秘"],
        ["市水务局", None],
        ["市水务局", None],
    ]
    report = import_units(database, workbook(tmp_path / "a.xlsx", rows))
    assert [line.partition("：")[2].partition("，")[0] for line in report.lines()[1:3]] == [
        "没有类别“神秘”",
        "“市水务局”前面已经有了",
    ]
    with database.read.connect() as conn:
        assert "市水务局" not in set(conn.execute(select(table(Unit).c.name)).scalars())


def test_staff_get_accounts_roles_and_passwords_and_can_log_in(
    city: City, database: Database, tmp_path: Path
):
    with database.read.connect() as conn:
        unit = conn.execute(select(table(Unit).c.name)).scalars().first()
    rows: list[list[Any]] = [
        STAFF,
        ["甲某", "13900000051", "机关工作人员", None],
        ["乙某", "13900000052", "承办单位人员", unit],
        ["丙某（女）", "13900000053", "主席会议成员", None],
    ]
    path, secrets = workbook(tmp_path / "a.xlsx", rows), tmp_path / "secrets.xlsx"
    assert import_staff(database, path, check=True).lines()[0] == (
        "核对完成，没有写入：新增账号 3，已有账号 0。"
    )
    report = import_staff(database, path, passwords=secrets)
    assert report.lines()[0] == "导入完成：新增账号 3，已有账号 0，新授角色 3，发放初始密码 3。"
    assert secrets.stat().st_mode & 0o077 == 0
    sheet: Any = load_workbook(secrets).active
    given = {row[0]: row for row in sheet.iter_rows(min_row=2, values_only=True)}
    for name, role in (("甲某", "secretariat"), ("乙某", "unit_officer"), ("丙某", "leader")):
        answer = city.anonymous().post(
            "/api/v1/auth/login", json={"phone": given[name][2], "password": given[name][3]}
        )
        assert [r["role"] for r in answer.json()["me"]["roles"]] == [role]
    again = import_staff(database, path, passwords=tmp_path / "again.xlsx")
    assert again.lines()[0] == "导入完成：新增账号 0，已有账号 3，新授角色 0，发放初始密码 0。"
    assert not (tmp_path / "again.xlsx").exists()


@pytest.mark.parametrize(
    ("row", "says"),
    [
        (["甲", "13900000051", "机关工作人员", None], "不像姓名"),
        (["甲某", "139", "机关工作人员", None], "号码少八位"),
        (["甲某", "13900000051", "国王", None], "没有角色“国王”"),
        (["甲某", "13900000051", "系统管理员", None], "没有角色“系统管理员”"),
        (["甲某", "13900000051", "承办单位人员", None], "承办单位人员要写明承办单位"),
        (["甲某", "13900000051", "承办单位人员", "不存在局"], "没有承办单位“不存在局”"),
        (
            ["甲某", "13900000051", "机关工作人员", None, "不存在科"],
            "没有科室“不存在科”，请先建立：lvyi create-office",
        ),
        (["甲某", "13900000051", "主席会议成员", None, "不存在科"], "只有机关工作人员填科室"),
    ],
)
def test_a_wrong_row_stops_all_of_them(
    city: City, database: Database, tmp_path: Path, row: list[Any], says: str
):
    rows: list[list[Any]] = [[*STAFF, "科室"], ["乙某", "13900000059", "机关工作人员", None], row]
    report = import_staff(database, workbook(tmp_path / "a.xlsx", rows), passwords=tmp_path / "p.xlsx")
    assert says in report.lines()[1]
    assert not (tmp_path / "p.xlsx").exists()
    valid = workbook(tmp_path / "b.xlsx", rows[:2])
    assert import_staff(database, valid, check=True).counts["新增账号"] == 1, "nothing was written"


def test_an_administrator_does_not_become_what_is_kept_apart(city: City, database: Database, tmp_path: Path):
    member = city.member("另某")
    rows: list[list[Any]] = [STAFF, ["甲某", member.phone.removeprefix("+86"), "机关工作人员", None]]
    report = import_staff(database, workbook(tmp_path / "a.xlsx", rows))
    assert "已登记在另一人名下" in report.lines()[1]


def test_an_auditor_does_not_become_staff_by_a_list(city: City, database: Database, tmp_path: Path):
    for role in (Role.AUDITOR, Role.SYSTEM_ADMIN):
        who = city.staff(role, "甲某")
        for wanted in ("机关工作人员", "主席会议成员"):
            rows: list[list[Any]] = [STAFF, ["甲某", who.phone.removeprefix("+86"), wanted, None]]
            with pytest.raises(Conflict) as refused:
                import_staff(database, workbook(tmp_path / "a.xlsx", rows))
            assert refused.value.code == "separate_roles"
            assert refused.value.detail.startswith("甲某：")


def test_a_list_puts_staff_into_offices_and_leaves_those_who_are_in_one(
    city: City, database: Database, tmp_path: Path
):
    office = city.office("提案科", Area.PROPOSALS)
    rows: list[list[Any]] = [
        [*STAFF, "科室"],
        ["甲某", "13900000051", "机关工作人员", None, "提案科"],
        ["乙某", "13900000052", "机关工作人员", None, None],
    ]
    path = workbook(tmp_path / "a.xlsx", rows)
    assert import_staff(database, path).counts["新授角色"] == 2
    assert import_staff(database, path).counts["新授角色"] == 0
    without = workbook(tmp_path / "b.xlsx", [row[:4] for row in rows])
    assert import_staff(database, without).counts["新授角色"] == 0
    a, r = table(Account), table(AccountRole)
    with database.read.connect() as conn:
        held = conn.execute(
            select(a.c.name, r.c.office_id).join(r, r.c.account_id == a.c.id).order_by(a.c.id)
        )
        assert [tuple(row) for row in held] == [("甲某", office), ("乙某", None)]


def test_templates_are_read_by_their_own_imports(city: City, database: Database, tmp_path: Path):
    unit_template(tmp_path / "units.xlsx")
    staff_template(tmp_path / "staff.xlsx")
    assert import_units(database, tmp_path / "units.xlsx").counts == {"新增": 0, "不变": 0}
    assert import_staff(database, tmp_path / "staff.xlsx").counts["新增账号"] == 0
