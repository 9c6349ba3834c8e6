"""Workbooks of members, as secretariats keep them."""

from pathlib import Path
from typing import Any

from openpyxl import Workbook, load_workbook

from app.core.db import Database
from app.people.roster.imports import import_roster

HEADER = [
    "序号",
    "委员编号",
    "姓名",
    "性别",
    "出生年月",
    "界别",
    "专委会",
    "政协职务",
    "工作单位及职务",
    "手机号码",
]


def row(number: int, **changes: Any) -> list[Any]:
    values = {
        "序号": number,
        "委员编号": f"16{number:04d}",
        "姓名": "王" + "芳明伟娜静强磊洋艳勇"[number % 10] + "一二三四五六七八九"[number % 9],
        "性别": "女",
        "出生年月": "1975.03",
        "界别": "教育界",
        "专委会": "提案委员会",
        "政协职务": "委员",
        "工作单位及职务": "市第三中学 校长",
        "手机号码": f"138{number:08d}",
    }
    return list((values | changes).values())


def roster(path: Path, rows: list[list[Any]], header: list[Any] | None = None) -> Path:
    book = Workbook()
    sheet: Any = book.active
    sheet.title = "名册"
    sheet.append(["政协云川市第十六届委员会委员名册"])
    sheet.append(["填报单位:市政协办公室"])
    sheet.append(header or HEADER)
    for values in rows:
        sheet.append(values)
    book.save(path)
    return path


def passwords_in(path: Path) -> dict[str, tuple[str, str]]:
    sheet: Any = load_workbook(path).active
    return {line[0]: (line[2], line[3]) for line in sheet.iter_rows(values_only=True)}


def faults(database: Database, path: Path, **options: Any) -> list[str]:
    report = import_roster(database, path, **options)
    assert not report.ok
    return report.lines()[1 : 1 + len(report.faults)]
