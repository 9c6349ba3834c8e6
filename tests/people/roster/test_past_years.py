"""Past years as secretariats keep them: a workbook with a sheet for each year, understood, checked and imported."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook
from sqlalchemy import select
from typer.testing import CliRunner

from app.cli import app as cli
from app.core import clock
from app.core.config import settings
from app.core.sql import table
from app.duty.imports.service import import_duty
from app.people.models import Post, Seat, Sector, Term
from tests.factories.city import City, Who
from tests.factories.domains.ledger import differences
from tests.factories.points.figures import everywhere
from tests.factories.points.points import publish

NOW = datetime(2026, 11, 20, 4, tzinfo=UTC)
OF_2022: list[list[Any]] = [
    [1, "闻一", "提案", "关于充电桩的提案", "2022.5.6", None, "执笔", "立案"],
    [2, "闻一", "大会发言", "关于养老服务的发言", 44645, "市会展中心", None, None],
    [3, "柏二", "联名提案", "关于充电桩的提案", "2022.5.6", None, None, None],
    [4, "柏二", "全体会议", "一次全体会议", date(2022, 1, 9), "市会展中心", None, None],
    ["合计", "合计", None, 4, None, None, None, None],
]
OF_2023: list[list[Any]] = [
    ["王三", "社情民意", "反映停车难", "3月15日", 1],
    ["闻一", "视察", "视察河道", "2023年6月1日", 2],
    ["闻一", "荣誉表彰", "优秀政协委员", "20231220", None],
]


@pytest.fixture(autouse=True)
def _november() -> Iterator[None]:
    with clock.frozen_at(NOW):
        yield


@pytest.fixture
def people(city: City) -> dict[str, Who]:
    """A member of the whole term and of the one before, one who left, one who came in 2023."""
    wen, bai = city.member("闻一"), city.member("柏二", ends_on=date(2023, 3, 31))
    wang = city.member("王三", starts_on=date(2023, 3, 1))
    with city.database.transaction() as db:
        before = Term(
            organization_id=city.organization_id,
            ordinal=15,
            name="第十五届",
            starts_on=date(2017, 1, 1),
            ends_on=date(2022, 12, 31),
        )
        db.add(before)
        db.flush()
        assert before.id
        sector = Sector(term_id=before.id, name="教育界", position=0)
        db.add(sector)
        db.flush()
        for who in (wen, bai):
            db.add(
                Seat(
                    organization_id=city.organization_id,
                    term_id=before.id,
                    person_id=db.get_one(Seat, who.seat_id).person_id,
                    sector_id=sector.id or 0,
                    post=Post.MEMBER,
                    starts_on=before.starts_on,
                    ends_on=before.ends_on,
                )
            )
    return {"闻一": wen, "柏二": bai, "王三": wang}


def former(city: City, who: Who) -> int:
    """The seat of the term before."""
    with city.database.transaction() as db:
        person_id = db.get_one(Seat, who.seat_id).person_id
        s = table(Seat)
        of_person = select(s.c.id).where(s.c.person_id == person_id)
        return int(db.connection().execute(of_person.order_by(s.c.starts_on).limit(1)).scalar_one())


def workbook(path: Path, of_2022: list[list[Any]] = OF_2022, of_2023: list[list[Any]] = OF_2023) -> Path:
    book = Workbook()
    first: Any = book.active
    first.title = "2022年"
    first.append(["2022 年度委员履职情况登记表"])
    first.merge_cells("A1:H1")
    first.append(["序号", "委员姓名", "履职类别", "事 项", "时间", "地点", "承担角色", "是否立案"])
    first.append(["一、提案及发言"])
    first.merge_cells("A3:H3")
    for row in of_2022:
        first.append(row)
    second: Any = book.create_sheet("2023年")
    second.append(["姓名", "类型", "名称", "履职日期（年月日）", "次数"])
    for row in of_2023:
        second.append(row)
    book.create_sheet("说明").append(["本表由委员工作室填写"])
    book.save(path)
    return path


def test_a_workbook_of_years_is_checked_imported_and_imported_again(city, people, tmp_path):
    path = workbook(tmp_path / "历年.xlsx")
    understood = [
        (
            "工作表“2022年”表头在第 2 行：B 列〔委员姓名〕→姓名，C 列〔履职类别〕→类别，D 列〔事 项〕→事项名称，"
            "E 列〔时间〕→日期，F 列〔地点〕→地点，G 列〔承担角色〕→角色；未用：A 列〔序号〕、H 列〔是否立案〕。"
        ),
        (
            "工作表“2023年”表头在第 1 行：A 列〔姓名〕→姓名，B 列〔类型〕→类别，C 列〔名称〕→事项名称，"
            "D 列〔履职日期（年月日）〕→日期，E 列〔次数〕→数量。"
        ),
        "类别“全体会议”→ 出席会议活动（全体会议） 1 条。",
        "类别“大会发言”→ 大会发言 1 条。",
        "类别“提案”→ 提案立案 1 条。",
        "类别“社情民意”→ 报送社情民意信息 1 条。",
        "类别“联名提案”→ 提案立案（联名提案） 1 条。",
        "类别“荣誉表彰”→ 获得荣誉 1 条。",
        "类别“视察”→ 出席会议活动（视察） 1 条。",
        "2022年度：提案立案 2，出席会议活动 1，大会发言 1。",
        "2023年度：报送社情民意信息 1，出席会议活动 1，获得荣誉 1。",
        "1 个日期没有写年份，按工作表的名称取。",
        "工作表“说明”里没有认得出的表头，未读取。",
        "工作表“2022年”第 3、8 行是小标题或合计，未读取。",
    ]
    checked = import_duty(city.database, path, check=True)
    assert checked.lines() == ["核对完成，没有写入：新增 7，更正 0，不变 0。", *understood]
    assert counts(city, people["闻一"].seat_id) == {}
    assert import_duty(city.database, path).lines() == ["导入完成：新增 7，更正 0，不变 0。", *understood]
    assert import_duty(city.database, path).lines()[0] == "导入完成：新增 0，更正 0，不变 7。"
    assert (
        import_duty(city.database, path, check=True).lines()[0]
        == "核对完成，没有写入：新增 0，更正 0，不变 7。"
    )

    wen, bai = (former(city, people[name]) for name in ("闻一", "柏二"))
    assert counts(city, wen) == {"proposal.filed": 1, "speech.delivered": 1}, "held in the term before"
    assert counts(city, bai) == {"proposal.filed": 1, "activity.attended": 1}
    assert counts(city, people["闻一"].seat_id) == {"activity.attended": 1, "honor.received": 1}
    assert counts(city, people["王三"].seat_id) == {"opinion.submitted": 1}
    roles = {seat: record(city, seat, "proposal.filed")["role"] for seat in (wen, bai)}
    assert roles == {wen: "lead", bai: "participant"}
    assert record(city, wen, "speech.delivered")["on"] == "2022-03-25", "the day number 44645"

    corrected: list[list[Any]] = [[*OF_2023[0][:4], 3], *OF_2023[1:]]
    again = import_duty(city.database, workbook(tmp_path / "更正.xlsx", of_2023=corrected))
    assert again.lines()[0] == "导入完成：新增 0，更正 1，不变 6。"
    assert counts(city, people["王三"].seat_id) == {"opinion.submitted": 1}
    assert record(city, people["王三"].seat_id, "opinion.submitted")["quantity"] == 3
    assert differences(city) == []


def counts(city: City, seat_id: int) -> dict[str, int]:
    found = city.staff().get(f"/api/v1/seats/{seat_id}/record-counts").json()
    return {one["kind"]: one["records"] for one in found}


def record(city: City, seat_id: int, kind: str) -> dict[str, Any]:
    found: dict[str, Any] = (
        city.staff().get(f"/api/v1/seats/{seat_id}/records?kind={kind}").json()["items"][0]
    )
    return found


def test_figures_of_a_past_year_hold_what_was_imported(city, people, tmp_path):
    staff, seat_id = city.staff(), people["闻一"].seat_id
    publish(city, staff, year=2023)
    before = everywhere(staff, seat_id, 2023, "2023-06-01")
    assert (before["score"], before["card"]["opening"]) == (0, {"named": []})
    import_duty(city.database, workbook(tmp_path / "历年.xlsx"))
    said = everywhere(staff, seat_id, 2023, "2023-06-01")
    assert said["archive"] == {"activity.attended": 1, "honor.received": 1}
    assert (said["records"], said["exported"], said["days"]) == (2, 2, ["2023-06-01"])
    assert (said["score"], said["points"], said["lines"]) == (5, 5, {"honor": 1})
    assert said["card"]["opening"] == {"days": 1, "attended": 1, "named": []}
    assert said["card"]["activities"] == {
        "attended": 1,
        "half_days": 2,
        "named": ["“视察河道”"],
    }
    assert said["card"]["honors"] == {"honors": 1, "named": ["“优秀政协委员”"]}
    assert staff.get(f"/api/v1/seats/{seat_id}/record-counts?year=2024").json() == []


@pytest.mark.parametrize(
    ("cell", "fault"),
    [
        ("#REF!", "单元格是错误值 #REF!"),
        ("2023年5月", "只写到 2023 年 5 月，请写明是哪一天，如 2023-05-06"),
        ("202305", "只写到 2023 年 5 月，请写明是哪一天，如 2023-05-06"),
        (2023.5, "只写到 2023 年 5 月，请写明是哪一天，如 2023-05-06"),
        ((date(2023, 5, 1), 'yyyy"年"m"月"'), "只写到 2023 年 5 月，请写明是哪一天，如 2023-05-06"),
        (
            (date(2026, 5, 6), 'm"月"d"日"'),
            "没有显示年份，实为 2026-05-06，与工作表的 2023 年不符，请写明年份",
        ),
        ("2023", "“2023”只有年份，请写成 2023-05-06"),
        ("2023年上半年", "“2023年上半年”不是日期，请写成 2023-05-06"),
        ("2月30日", "没有“2月30日”这一天"),
        (5.6, "“5.6”不是日期，请写成 2023-05-06"),
        ("2016-12-31", None),
        ("2023.5.6", ""),
        ((date(2023, 5, 6), 'm"月"d"日"'), ""),
    ],
)
def test_a_day_is_said_in_full_or_a_fault(city, people, tmp_path, cell, fault):
    path, book = tmp_path / "a.xlsx", Workbook()
    sheet: Any = book.active
    sheet.title = "2023年"
    sheet.append(["姓名", "类别", "事项", "日期"])
    sheet.append(["闻一", "视察", "视察河道"])
    value, shown = cell if isinstance(cell, tuple) else (cell, None)
    sheet["D2"] = value
    if shown:
        sheet["D2"].number_format = shown
    book.save(path)
    report = import_duty(city.database, path)
    if fault == "":
        assert (report.faults, report.counts["新增"]) == ([], 1)
        return
    days = "在任：2017-01-01 至 2022-12-31、2023-01-01 至 2027-12-31"
    where = "A 列〔姓名〕" if fault is None else "D 列〔日期〕"
    said = fault or f"闻一在 2016-12-31 不在任（{days}）"
    assert [str(found) for found in report.faults] == [f"工作表“2023年”第 2 行 {where}：{said}"]
    assert counts(city, people["闻一"].seat_id) == {}


def test_faults_on_several_sheets_are_all_named_and_nothing_is_written(city, people, tmp_path):
    city.member("同名")
    city.member("同名", starts_on=date(2024, 1, 1))
    of_2022: list[list[Any]] = [*OF_2022, [9, "闻一", "网络议政", "某议题", "2022.6.1", None, None, None]]
    of_2023: list[list[Any]] = [
        *OF_2023,
        ["闻一", "提案", "关于充电桩的提案", "2022.5.6", None],
        ["同名", "视察", "视察河道", "2023-06-01", None],
        ["柏二", "视察", "视察河道", "2023-06-01", 99],
        ["王三", "视察", "视察河道", "2023-02-28", None],
    ]
    report = import_duty(city.database, workbook(tmp_path / "a.xlsx", of_2022, of_2023))
    faults = [str(fault).partition("，可填")[0] for fault in report.faults]
    assert faults == [
        "工作表“2022年”第 9 行 C 列〔履职类别〕：没有类别“网络议政”",
        "工作表“2023年”第 5 行 C 列〔名称〕：与工作表“2022年”第 4 行重复",
        "工作表“2023年”第 6 行 A 列〔姓名〕：有多名委员叫“同名”，请加委员编号或手机号码",
        "工作表“2023年”第 7 行 E 列〔次数〕：应在 1 到 60 之间",
        (
            "工作表“2023年”第 7 行 A 列〔姓名〕：柏二在 2023-06-01 不在任"
            "（在任：2017-01-01 至 2022-12-31、2023-01-01 至 2023-03-31）"
        ),
        "工作表“2023年”第 8 行 A 列〔姓名〕：王三在 2023-02-28 不在任（在任：2023-03-01 至 2027-12-31）",
    ]
    assert report.lines()[0] == "共 6 处错误，没有导入任何内容："
    assert report.understood[0].startswith("工作表“2022年”表头在第 2 行")
    assert counts(city, people["闻一"].seat_id) == {}


def test_the_command_checks_without_writing(city, people, tmp_path, monkeypatch, database_url):
    monkeypatch.setenv("LVYI_DATABASE_URL", database_url)
    monkeypatch.setenv("LVYI_DATA_DIR", str(tmp_path / "data"))
    settings.cache_clear()
    path = str(workbook(tmp_path / "历年.xlsx"))
    runs = [
        CliRunner().invoke(cli, ["import", "duty", path, *more]) for more in (["--check"], [], ["--check"])
    ]
    settings.cache_clear()
    assert [run.exit_code for run in runs] == [0, 0, 0]
    heads = [next(line for line in run.output.splitlines() if "新增" in line) for run in runs]
    assert heads == [
        "核对完成，没有写入：新增 7，更正 0，不变 0。",
        "导入完成：新增 7，更正 0，不变 0。",
        "核对完成，没有写入：新增 0，更正 0，不变 7。",
    ]
    assert "类别“提案”→ 提案立案 1 条。" in runs[0].output
