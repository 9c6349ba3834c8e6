"""Workbooks that rosters come in: tolerated layouts, the template, and what is no workbook."""

import zipfile
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.styles import numbers
from sqlmodel import Session, select

from app.core.db import Database
from app.core.excel.reader import UnreadableWorkbookError
from app.people.models import Seat, Sector
from app.people.roster.imports import import_roster, template
from tests.factories.city import City
from tests.factories.workbooks.rosters import faults, roster, row


def test_layouts_of_real_life_are_read(database: Database, city: City, tmp_path: Path):
    book = Workbook()
    notes: Any = book.active
    notes.title = "说明"
    notes["A1"] = "请各界别召集人核对"
    sheet: Any = book.create_sheet("委员名单")
    sheet["A1"] = "政协云川市第十六届委员会委员名册"
    sheet.merge_cells("A1:H1")
    # a header of two lines: 姓名 and others merged downward, 任职时间 over two columns
    for place, name in enumerate(
        ["序号", "姓 名", "界 别", "联系电话\n(必填)", "民族", "任职时间", None, "备注"], 1
    ):
        sheet.cell(3, place, name)
    for column in "ABCDEH":
        sheet.merge_cells(f"{column}3:{column}4")
    sheet.merge_cells("F3:G3")
    sheet["F4"], sheet["G4"] = "起始", "终止"
    for i in range(6):
        number = 5 + i
        sheet.cell(number, 1, i + 1)
        sheet.cell(number, 2, f"孙{'一二三四五六'[i]}")
        sheet.cell(number, 4, 13500000000 + i).number_format = numbers.FORMAT_NUMBER
        sheet.cell(number, 5, "汉族")
    # one sector is written once over all of its members
    sheet["C5"], sheet["C8"] = "经济界", "教育界"
    sheet.merge_cells("C5:C7")
    sheet.merge_cells("C8:C10")
    sheet.row_dimensions[9].hidden = True
    sheet["A12"] = "填表人:机关甲"
    for number in range(13, 400):
        sheet.cell(number, 3).number_format = "@"
    secret = book.create_sheet("旧名单")
    secret.append(["姓名", "界别", "手机号码"])
    secret.append(["旧人", "教育界", "13511111111"])
    secret.sheet_state = "hidden"
    book.save(tmp_path / "roster.xlsx")

    report = import_roster(database, tmp_path / "roster.xlsx")

    assert report.lines() == [
        "导入完成：新增 6，更新 0，不变 0，发放初始密码 0。",
        "工作表“旧名单”是隐藏的，未读取。",
        "工作表“说明”里没有认得出的表头，未读取。",
        "工作表“委员名单”第 9 行是隐藏行，已一并读取。",
        "工作表“委员名单”的这些列未保存：民族、备注。",
    ]
    with Session(database.write) as db:
        sectors = {sector.id: sector.name for sector in db.exec(select(Sector))}
        held = Counter(sectors[seat.sector_id] for seat in db.exec(select(Seat)))
    assert held == {"经济界": 3, "教育界": 3}


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"name,phone\n", "不是 Excel 工作簿"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "旧版 .xls 文件或设有打开密码"),
        (b"PK\x03\x04 broken", "不是 Excel 工作簿"),
    ],
)
def test_files_that_are_no_workbook_are_refused(
    database: Database, tmp_path: Path, content: bytes, said: str
):
    (tmp_path / "roster.xlsx").write_bytes(content)
    with pytest.raises(UnreadableWorkbookError, match=said):
        import_roster(database, tmp_path / "roster.xlsx")


def test_bombs_and_huge_sheets_are_refused(database: Database, city: City, tmp_path: Path):
    bomb = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b" " * (80 * 2**20))
    with pytest.raises(UnreadableWorkbookError, match="解压后超过 64 MB"):
        import_roster(database, bomb)

    far = roster(tmp_path / "far.xlsx", [row(1)])
    for place, said in (("A30000", "太大"), ("A2000000000", "已损坏")):
        moved = tmp_path / f"{place}.xlsx"
        with zipfile.ZipFile(far) as old, zipfile.ZipFile(moved, "w") as new:
            for member in old.infolist():
                data = old.read(member)
                if member.filename.endswith("sheet1.xml"):
                    cell = f'<row r="{place[1:]}"><c r="{place}"><v>1</v></c></row></sheetData>'
                    data = data.replace(b"</sheetData>", cell.encode())
                new.writestr(member, data)
        with pytest.raises(UnreadableWorkbookError, match=said):
            import_roster(database, moved)

    book = Workbook()
    active: Any = book.active
    active.append(["姓名", "界别"])
    book.save(tmp_path / "no-phones.xlsx")
    assert faults(database, tmp_path / "no-phones.xlsx") == ["工作表“Sheet”第 1 行：表头缺少〔手机号码〕一列"]
    Workbook().save(tmp_path / "empty.xlsx")
    with pytest.raises(UnreadableWorkbookError, match="找不到表头"):
        import_roster(database, tmp_path / "empty.xlsx")


def test_the_template_filled_in_is_a_roster(database: Database, city: City, tmp_path: Path):
    template(tmp_path / "roster.xlsx")
    book = load_workbook(tmp_path / "roster.xlsx")
    sheet: Any = book["委员名册"]
    at = {cell.value: cell.column for cell in sheet[1]}
    for name, value in {
        "姓名": "周文",
        "界别": "教育界",
        "手机号码": "13800138000",
        "工作单位及职务": "=cmd|x",
    }.items():
        sheet.cell(2, at[name], value).data_type = "s"
    book.save(tmp_path / "filled.xlsx")

    report = import_roster(database, tmp_path / "filled.xlsx", passwords=tmp_path / "p.csv")

    assert report.counts["新增"] == 1
