"""Workbooks as offices keep them: each is read right or asked about, never half."""

import zipfile
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook
from sqlmodel import Session, select

from app.core.db import Database
from app.core.excel.parsers import day, full_day, last_day, parts
from app.core.excel.reader import Cell, UnreadableWorkbookError, read_sheets
from app.core.excel.writer import write_workbook
from app.duty.imports.service import import_duty
from app.people.models import Committee, Person, Seat, SeatCommittee
from app.people.roster.imports import import_roster
from app.people.roster.written_names import written_name
from tests.factories.city import City

HEAD = ["序号", "姓名", "界别", "手机"]


def workbook(path: Path, rows: list[list[Any]], merged: tuple[str, ...] = ()) -> Path:
    book = Workbook()
    sheet: Any = book.active
    for row in rows:
        sheet.append(row)
    for area in merged:
        sheet.merge_cells(area)
    book.save(path)
    return path


def names(database: Database) -> list[str]:
    with Session(database.read) as db:
        return sorted(db.exec(select(Person.name)))


def test_two_blocks_side_by_side_are_both_read(database: Database, city: City, tmp_path: Path):
    rows: list[list[Any]] = [["政协委员名单"], [*HEAD, *HEAD]]
    rows += [
        [1, "于强玉", "教育界", 13900001000, 3, "黄国", "经济界", 13900003740],
        [2, "刘丽", "教育界", 13900001137, None, None, None, None],
    ]
    report = import_roster(database, workbook(tmp_path / "a.xlsx", rows))
    assert report.lines() == ["导入完成：新增 3，更新 0，不变 0，发放初始密码 0。"]
    assert names(database) == ["于强玉", "刘丽", "黄国"]


def test_faults_in_the_second_block_name_its_columns(database: Database, city: City, tmp_path: Path):
    rows: list[list[Any]] = [[*HEAD, *HEAD], [1, "于强玉", "教育界", 13900001000, 2, "黄国", "经济界", 1390]]
    report = import_roster(database, workbook(tmp_path / "a.xlsx", rows))
    assert report.lines()[1:] == ["工作表“Sheet”第 2 行 H 列〔手机〕：号码少七位"]
    assert names(database) == []


def test_a_column_that_is_there_twice_is_asked_about(database: Database, city: City, tmp_path: Path):
    rows: list[list[Any]] = [["姓名", "姓名", "界别", "手机"], ["于强玉", "黄国", "教育界", 13900001000]]
    report = import_roster(database, workbook(tmp_path / "a.xlsx", rows))
    assert report.lines()[1] == "工作表“Sheet”第 1 行 B 列〔姓名〕：表头里〔姓名〕出现了两次，请只留一列"
    assert names(database) == []


def test_headings_sums_and_signatures_are_passed_over_and_named(
    database: Database, city: City, tmp_path: Path
):
    rows: list[list[Any]] = [
        HEAD,
        ["教育界（1人）"],
        [1, "于强玉", "教育界", 13900001000],
        ["合计", None, "1人", None],
        ["填表人：张三", None, None, "审核人：李四"],
    ]
    report = import_roster(database, workbook(tmp_path / "a.xlsx", rows, ("A2:D2",)))
    assert report.lines() == [
        "导入完成：新增 1，更新 0，不变 0，发放初始密码 0。",
        "工作表“Sheet”第 2 行是小标题或合计，未读取。",
        "工作表“Sheet”第 5 行是填表人、审核人等落款，未读取。",
    ]


def test_committees_in_several_columns_and_with_any_punctuation(
    database: Database, city: City, tmp_path: Path
):
    head = ["姓名", "界别（组）", "专委会（1）", "专委会（2）", "现任职务", "手机号1", "手机号2"]
    both = "文化文史和学习委员会"
    rows: list[list[Any]] = [
        head,
        ["于强玉", "教育界", "提案委员会", both, "某局局长", "13900001000", None],
        ["刘丽", "教育界", f"提案委员会；{both}", "无", None, "13900001001", None],
        ["邓萍", "教育界", f"提案委员会，{both}", "——", None, "13900001002", None],
        ["曹英", "教育界", f"提案委员会 {both}", "/", None, "13900001003", None],
        ["程霞", "教育界", f"提案委员会／{both}", None, None, "13900001004", None],
        ["郑涛", "教育界", "提 案 委 员 会", None, None, "13900001005", None],
    ]
    report = import_roster(database, workbook(tmp_path / "a.xlsx", rows), create_groups=True)
    assert report.lines()[1:] == ["工作表“Sheet”的这些列未保存：手机号2。"]
    with Session(database.read) as db:
        assert len(db.exec(select(Committee)).all()) == 2, "none was made up"
        who = {p.id: p for p in db.exec(select(Person))}
        sits = {seat.id: who[seat.person_id].name for seat in db.exec(select(Seat))}
        seats = [sits[row.seat_id] for row in db.exec(select(SeatCommittee))]
        assert sorted(seats) == sorted(["于强玉", "刘丽", "邓萍", "曹英", "程霞"] * 2 + ["郑涛"])
        jobs = {who[seat.person_id].name: seat.employer for seat in db.exec(select(Seat))}
        assert jobs["于强玉"] == "某局局长"


def test_a_job_in_the_column_of_posts_is_asked_about_once(database: Database, city: City, tmp_path: Path):
    rows: list[list[Any]] = [["姓名", "界别", "职务", "手机"]]
    rows += [[f"于强{c}", "教育界", "某局局长", 13900001000 + i] for i, c in enumerate("玉民国华军杰")]
    report = import_roster(database, workbook(tmp_path / "a.xlsx", rows))
    first, line = report.lines()
    assert first == "共 6 处错误，没有导入任何内容："
    assert line.startswith("工作表“Sheet”第 2 行 C 列〔职务〕、第 3 行 C 列〔职务〕、")
    assert "等 6 处：认不出政协职务“某局局长”" in line
    assert "请把列名改为“工作单位及职务”" in line


@pytest.mark.parametrize(
    ("written", "name", "gender"),
    [
        ("于强玉(女)", "于强玉", "女"),
        ("刘丽（女，回族）", "刘丽", "女"),
        ("刘丽（藏族）", "刘丽", None),
        ("程萍霞 女 藏族", "程萍霞", "女"),
        ("于　强", "于强", None),
        ("阿依古丽•买买提（女）", "阿依古丽·买买提", "女"),
        ("阿依古丽.买买提", "阿依古丽·买买提", None),
        ("阿依古丽．买 买提 维吾尔族", "阿依古丽·买买提", None),
        ("J. Smith", "J. Smith", None),
        ("䶮𠮷", "䶮𠮷", None),
    ],
)
def test_remarks_after_a_name_are_no_part_of_it(written: str, name: str, gender: str | None):
    assert written_name(Cell(written))[:2] == (name, gender)


@pytest.mark.parametrize(
    ("written", "says"),
    [
        ("曹英涛、冯杰", "像是几个人的姓名"),
        ("曹英涛，冯杰", "像是几个人的姓名"),
        ("邓萍涛*", "不像姓名"),
        ("A", "不像姓名"),
        ("刘丽（原副主席）", "“原副主席”认不出"),
        ("刘3", "不像姓名|编的号"),
        ("王伟(1)", "“1”像是给同名的人编的号"),
        ("王伟2", "“2”像是给同名的人编的号"),
    ],
)
def test_a_name_that_is_none_is_asked_about(written: str, says: str):
    with pytest.raises(ValueError, match=says):
        written_name(Cell(written))


def test_sex_after_the_name_and_in_its_column_must_agree(database: Database, city: City, tmp_path: Path):
    rows: list[list[Any]] = [["姓名", "性别", "界别", "手机"], ["刘丽（女）", "男", "教育界", 13900001000]]
    report = import_roster(database, workbook(tmp_path / "a.xlsx", rows))
    assert report.lines()[1:] == ["工作表“Sheet”第 2 行 B 列〔性别〕：与姓名后面写的“女”不一致"]


def test_days_in_chinese_numerals_and_months_as_ends():
    assert day(Cell("二〇二二年一月")) == date(2022, 1, 1)
    assert day(Cell("1968年三月")) == date(1968, 3, 1)
    assert full_day(Cell("二〇二四年十二月二十三日")) == date(2024, 12, 23)
    assert last_day(Cell("2024年2月")) == date(2024, 2, 29)
    assert last_day(Cell("2024.12")) == date(2024, 12, 31)
    assert last_day(Cell("2024-02-03")) == date(2024, 2, 3)
    assert parts(Cell("甲，乙；丙、丁／戊\n己")) == list("甲乙丙丁戊己")


def test_a_month_in_which_somebody_leaves_is_held_to_its_last_day(
    database: Database, city: City, tmp_path: Path
):
    rows: list[list[Any]] = [[*HEAD[1:], "任职终止"], ["刘丽", "教育界", 13900001000, "2026年6月"]]
    assert import_roster(database, workbook(tmp_path / "a.xlsx", rows)).ok
    with Session(database.read) as db:
        assert [seat.ends_on for seat in db.exec(select(Seat))] == [date(2026, 6, 30)]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-8", "gb18030"])
def test_csv_files_of_any_usual_encoding(database: Database, city: City, tmp_path: Path, encoding: str):
    text = "序号,姓名,界别,手机\r\n1,于强玉,教育界,13900001000.0\r\n2,刘丽,教育界,'+85251234567\r\n"
    (tmp_path / "a.csv").write_bytes(text.encode(encoding))
    assert import_roster(database, tmp_path / "a.csv").lines()[0].startswith("导入完成：新增 2")
    with Session(database.read) as db:
        assert sorted(db.exec(select(Person.phone))) == ["+85251234567", "+8613900001000"]


def test_what_is_written_as_csv_or_excel_is_read_back_unchanged(tmp_path: Path):
    rows = [("姓名", "说明"), ("刘丽", "=1+1"), ("于强", "+852 5123"), ("黄国", "＠某"), ("郑涛", "'引文")]
    for file in (tmp_path / "a.csv", tmp_path / "a.xlsx"):
        write_workbook(file, {"表": rows})
        ((sheet, *_), _) = read_sheets(file)
        assert [tuple(cell.value for cell in row.values()) for row in sheet.rows.values()] == rows
    assert "'=1+1" in (tmp_path / "a.csv").read_text(encoding="utf-8-sig"), "guarded where it could run"


def refused(path: Path) -> str:
    with pytest.raises(UnreadableWorkbookError) as caught:
        read_sheets(path)
    return str(caught.value)


def test_other_formats_say_what_to_do(tmp_path: Path):
    page = tmp_path / "a.xls"
    page.write_text("<html><meta charset=utf-8><table><tr><td>姓名</td></tr></table>", encoding="utf-8")
    assert "网页格式的表格" in refused(page)
    strict = workbook(tmp_path / "b.xlsx", [HEAD])
    with zipfile.ZipFile(strict) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    transitional = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    with zipfile.ZipFile(strict, "w") as archive:
        for name, body in files.items():
            archive.writestr(
                name, body.replace(transitional, b"http://purl.oclc.org/ooxml/spreadsheetml/main")
            )
    assert "Strict Open XML" in refused(strict)
    other = tmp_path / "c.xlsx"
    with zipfile.ZipFile(other, "w") as archive:
        archive.writestr("content.xml", "<office/>")
    assert "另存为" in refused(other) or "无法读取" in refused(other)
    for said in (refused(page), refused(strict)):
        assert "另存为“Excel 工作簿（.xlsx）”" in said


def test_floods_are_refused_before_they_are_unfolded(tmp_path: Path):
    """Bounded by what is read, not by a clock: the areas of merges are added up, not filled."""
    path = workbook(tmp_path / "a.xlsx", [HEAD])
    out = BytesIO()
    merges = "".join('<mergeCell ref="A1:OJ20000"/>' for _ in range(200))
    cells = '<row r="20000"><c r="A20000" t="inlineStr"><is><t>x</t></is></c></row>'
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            body = old.read(name).decode()
            if name.endswith("sheet1.xml"):
                body = body.replace("</sheetData>", f"{cells}</sheetData><mergeCells>{merges}</mergeCells>")
            new.writestr(name, body)
    path.write_bytes(out.getvalue())
    assert "合并单元格太多、太大" in refused(path)


def test_too_many_rows_end_the_reading_early(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("app.core.excel.reader.MAX_ROWS", 3)
    assert "太大：最多 3 行" in refused(workbook(tmp_path / "a.xlsx", [HEAD] * 5))
    (tmp_path / "a.csv").write_text("甲,乙\n" * 5, encoding="utf-8")
    assert "太大：最多 3 行" in refused(tmp_path / "a.csv")


def test_a_table_of_sums_is_named_as_what_lacks_the_columns(city: City, tmp_path: Path):
    rows: list[list[Any]] = [
        ["积分汇总表"],
        ["序号", "姓名", "界别", "出席全会", "总分"],
        [1, "刘丽", "教育界", 10, 50],
    ]
    with pytest.raises(UnreadableWorkbookError) as caught:
        import_duty(city.database, workbook(tmp_path / "a.xlsx", rows), check=True)
    assert str(caught.value).endswith(
        "工作表“Sheet”第 2 行像是表头，但没有〔类别〕、〔事项名称〕、〔日期〕。"
    )


def test_the_exported_roster_is_imported_unchanged(city: City, tmp_path: Path):
    city.member("䶮𠮷", sector=1, committees=(0, 1))
    city.member("早退", ends_on=date(2026, 6, 30), committees=())
    staff = city.staff()
    rows: list[list[Any]] = [[*HEAD[1:], "任职终止"], ["港人", "教育界", "+852 5123 4567", None]]
    assert import_roster(city.database, workbook(tmp_path / "a.xlsx", rows)).ok
    exported = tmp_path / "members.xlsx"
    exported.write_bytes(staff.get(f"/api/v1/exports/members.xlsx?term_id={city.term_id}").content)
    assert import_roster(city.database, exported).lines()[0] == (
        "导入完成：新增 0，更新 0，不变 3，发放初始密码 0。"
    )


def test_names_that_are_stored_otherwise_are_listed(database: Database, city: City, tmp_path: Path):
    rows: list[list[Any]] = [["姓名", "界别", "手机"], ["王 丽（女，满族）", "教育界", 13900001000]]
    rows += [["阿依古丽.买买提", "教育界", 13900001001], ["于强玉", "教育界", 13900001002]]
    report = import_roster(database, workbook(tmp_path / "a.xlsx", rows))
    assert (
        "有 2 个姓名按统一写法保存：王 丽（女，满族）→王丽、阿依古丽.买买提→阿依古丽·买买提。"
        in report.lines()
    )
    assert names(database) == ["于强玉", "王丽", "阿依古丽·买买提"]
