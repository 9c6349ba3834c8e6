"""The commands with which an operator fills an empty database."""

from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from sqlmodel import Session, func, select
from typer.testing import CliRunner

from app.audit.models import AuditEntry
from app.auth.models import AccountRole
from app.cli import app as cli
from app.core.config import settings
from app.core.db import Database
from app.people.models import Seat
from app.people.models_offices import Office


@pytest.fixture
def lvyi(sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("LVYI_DATABASE_URL", sqlite_url)
    monkeypatch.setenv("LVYI_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("LVYI_PASSWORD_HASHING", "fast")
    monkeypatch.chdir(tmp_path)
    settings.cache_clear()

    def run(*words: str) -> tuple[int, str]:
        ended = CliRunner().invoke(cli, words)
        return ended.exit_code, ended.output

    yield run
    settings.cache_clear()


def test_an_organization_its_roster_and_the_templates(lvyi, sqlite_url: str, tmp_path: Path):
    founded = (
        "create-organization",
        "政协云川市委员会",
        "--term",
        "16",
        "--starts-on",
        "2022-01-01",
        "--ends-on",
        "2026-12-31",
    )
    assert lvyi(*founded) == (0, "已建立政协云川市委员会。\n")
    code, said = lvyi(*founded)
    assert (code, "已经有名为" in said) == (1, True)

    for kind in ("roster", "duty", "attendance"):
        assert lvyi("import", "template", kind, f"{kind}.xlsx")[0] == 0
        assert lvyi("import", "template", kind, f"{kind}.xlsx")[0] == 1, "nothing is overwritten"
    book = load_workbook("roster.xlsx")
    sheet: Any = book["委员名册"]
    at = {cell.value: cell.column_letter for cell in sheet[1]}
    for name, value in {"姓名": "周岚", "界别": "教育界", "手机号码": "1380013800"}.items():
        sheet[f"{at[name]}2"] = value
    book.save("filled.xlsx")

    code, said = lvyi("import", "roster", "filled.xlsx", "--create-groups")
    assert code == 1
    assert "第 2 行 J 列〔手机号码〕：号码少一位" in said
    sheet[f"{at['手机号码']}2"] = "13800138000"
    book.save("filled.xlsx")
    code, said = lvyi("import", "roster", "filled.xlsx", "--create-groups", "--passwords", "passwords.xlsx")
    assert (code, "新增 1" in said) == (0, True), said
    assert lvyi("import", "roster", "roster.xlsx", "--organization", "别处")[0] == 1
    database = Database.connect(sqlite_url)
    with Session(database.write) as db:
        assert db.exec(select(func.count()).select_from(Seat)).one() == 1
    database.dispose()


def test_offices_at_the_shell(lvyi, sqlite_url: str):
    founded = ("--term", "16", "--starts-on", "2022-01-01", "--ends-on", "2026-12-31")
    assert lvyi("create-organization", "政协云川市委员会", *founded)[0] == 0
    assert lvyi("create-office", "提案科", "--area", "proposals", "--area", "first_review") == (
        0,
        "已建立科室提案科。\n",
    )
    for words, says in (
        (("create-office", "提案科", "--area", "general"), "已经有“提案科”"),
        (("create-office", "文化科", "--area", "committees", "--committee", "文化委"), "没有专委会“文化委”"),
        (
            ("create-account", "secretariat", "13900000001", "张某", "--office", "信息科"),
            "没有科室“信息科”，已有：提案科",
        ),
        (("create-account", "leader", "13900000001", "张某", "--office", "提案科"), "科室只用于机关工作人员"),
    ):
        code, said = lvyi(*words)
        assert (code, says in said) == (1, True), said
    assert lvyi("create-account", "secretariat", "13900000001", "张某", "--office", "提案科")[0] == 0
    for role in ("auditor", "system_admin"):
        code, said = lvyi("create-account", role, "13900000001", "张某")
        assert (code, "不能兼任机关工作人员或主席会议成员" in said) == (1, True), said
    assert lvyi("create-account", "auditor", "13900000002", "王某")[0] == 0
    for role in ("secretariat", "leader"):
        assert lvyi("create-account", role, "13900000002", "王某")[0] == 1
    database = Database.connect(sqlite_url, pool=2)
    with Session(database.read) as db:
        office = db.exec(select(Office)).one()
        clerk = db.exec(select(AccountRole).where(AccountRole.office_id == office.id)).one()
        assert (office.areas, clerk.role) == (["proposals", "first_review"], "secretariat")
        assert db.exec(select(AuditEntry.subject_id).where(AuditEntry.action == "office.created")).all() == [
            office.id
        ]
    database.dispose()
