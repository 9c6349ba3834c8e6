"""The year's attendance sheet, as secretariats keep it."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook
from sqlalchemy import select

from app.activities.attendance.imports import import_attendance, template
from app.core import clock
from app.core.excel.reader import UnreadableWorkbookError
from app.core.sql import table
from app.duty.models import DutyRecord
from app.points.engine.yaml_text import shipped
from tests.factories.city import City, Who
from tests.factories.domains.ledger import differences
from tests.factories.points.points import board, publish

NOW = datetime(2026, 11, 20, 4, tzinfo=UTC)
HEAD = ["序号", "姓名", "界别", "五次全体会议", "重点提案\n视察", "专题座谈(3月12日)", "出席次数", "备注"]


LINES: list[list[Any]] = [
    [None, "日期", None, date(2026, 1, 10), "2026.6.18-19", None],
    [None, "类别", None, "全体会议", None, "协商议政"],
    [None, "半天数", None, 6, 2, None],
]


@pytest.fixture(autouse=True)
def _november():
    with clock.frozen_at(NOW):
        yield


def sheet(
    path: Path, rows: list[list[Any]], lines: list[list[Any]] | None = None, head: list[str] | None = None
) -> Path:
    book = Workbook()
    found: Any = book.active
    found.title = "出席情况"
    found.append(["政协云川市委员会 2026年委员出席会议活动情况"])
    found.append(head or HEAD)
    for line in LINES if lines is None else lines:
        found.append(line)
    for row in rows:
        found.append(row)
    found.append([])
    found.append(["注:√出席 △请假 ×缺席"])
    book.save(path)
    return path


def acts(city: City, who: Who) -> list[tuple[str, int, str]]:
    r = table(DutyRecord)
    with city.database.read.connect() as conn:
        rows = conn.execute(
            select(r).where(r.c.seat_id == who.seat_id, r.c.voided_at.is_(None)).order_by(r.c.occurred_at)
        )
        return [(row.kind.removeprefix("activity."), row.quantity, str(row.occurred_on)) for row in rows]


def test_a_sheet_becomes_activities_attendance_and_records_again_and_again(city: City, tmp_path: Path):
    wen, bai, hua = city.member("闻一"), city.member("柏二"), city.member("华三")
    rows = [
        [1, "闻 一", "教育界", "√", "✓1", "√", 3, None],
        [2, "柏二", None, "△(住院)", None, 1, None, None],
        [3, "华三", None, "×", "请假", "/", None, "新增委员"],
    ]
    path = sheet(tmp_path / "a.xlsx", rows)
    checked = import_attendance(city.database, path, check=True)
    assert checked.lines() == [
        "核对完成，没有写入：新增活动 3，新增人次 7，更正 0，不变 0。",
        "2026-01-10 全体会议“五次全体会议”，6 个半天：已出席 1，已请假 1，缺席 1。",
        "2026-06-18 视察“重点提案视察”，2 个半天：已出席 1，已请假 1，缺席 0。",
        "2026-03-12 协商议政“专题座谈”，1 个半天：已出席 2，已请假 0，缺席 0。",
    ]
    assert acts(city, wen) == []
    assert wen.get("/api/v1/activities", params={"when": "past"}).json()["items"] == []

    first, second = import_attendance(city.database, path), import_attendance(city.database, path)

    assert first.lines()[0] == "导入完成：新增活动 3，新增人次 7，更正 0，不变 0。"
    assert second.lines()[0] == "导入完成：新增活动 0，新增人次 0，更正 0，不变 7。"
    assert acts(city, wen) == [
        ("attended", 6, "2026-01-10"),
        ("attended", 1, "2026-03-12"),
        ("attended", 1, "2026-06-18"),
    ]
    assert acts(city, bai) == [("excused", 1, "2026-01-10"), ("attended", 1, "2026-03-12")]
    assert acts(city, hua) == [("absent", 1, "2026-01-10"), ("excused", 1, "2026-06-18")]
    seen = bai.get("/api/v1/activities", params={"when": "past"}).json()["items"]
    assert [(a["title"], a["kind"], a["half_days"], a["my_reason"]) for a in seen] == [
        ("专题座谈", "consultation", 1, None),
        ("五次全体会议", "plenary", 6, "住院"),
    ]
    assert differences(city) == []

    rows[1][3], rows[2][3] = "√", None
    third = import_attendance(city.database, sheet(tmp_path / "b.xlsx", rows))
    assert third.lines()[0] == "导入完成：新增活动 0，新增人次 0，更正 1，不变 5。"
    assert acts(city, bai)[0] == ("attended", 6, "2026-01-10")
    assert acts(city, hua)[0] == ("absent", 1, "2026-01-10"), "a blank cell says nothing"
    assert differences(city) == []


def test_every_fault_is_named_and_nothing_is_imported(city: City, tmp_path: Path):
    city.member("闻一")
    city.member("同名")
    city.member("同名")
    city.member("新人", starts_on=date(2026, 2, 1))
    head = [*HEAD[:6], "神秘活动", "年底的会议(12月30日)"]
    rows = [
        [1, "闻一", None, "√", "○", None],
        [2, "同名", None, "√"],
        [3, "无名", None, None, "√"],
        [4, "新人", None, "√"],
        [5, "闻一", None, "√"],
        [6, "新人", None, None, "√5"],
    ]
    report = import_attendance(city.database, sheet(tmp_path / "a.xlsx", rows, head=head))
    assert report.lines()[1:10] == [
        "工作表“出席情况”第 2 行 G 列〔神秘活动〕：不知道日期：请在“日期”一行填写，或写在活动名称里",
        "工作表“出席情况”第 2 行 G 列〔神秘活动〕：认不出活动类别，请在“类别”一行填写：全体会议、常委会会议、专委会会议、视察、调研、学习培训、协商议政",
        "工作表“出席情况”第 2 行 H 列〔年底的会议(12月30日)〕：认不出活动类别，请在“类别”一行填写：全体会议、常委会会议、专委会会议、视察、调研、学习培训、协商议政",
        "工作表“出席情况”第 6 行 E 列〔重点提案视察〕：认不出“○”；请用 √ 出席、△ 请假、× 缺席，未受邀留空，或在命令后面加 --mark ○=出席（或 请假、缺席、未受邀）",
        "工作表“出席情况”第 7 行 B 列〔姓名〕：有多名委员叫“同名”，请加委员编号或手机号码",
        "工作表“出席情况”第 8 行 B 列〔姓名〕：名册里没有“无名”",
        "工作表“出席情况”第 9 行 B 列〔姓名〕：新人在 2026-01-10 不在任（在任：2026-02-01 至 2027-12-31）",
        "工作表“出席情况”第 10 行 B 列〔姓名〕：与第 6 行重复",
        "工作表“出席情况”第 11 行 E 列〔重点提案视察〕：半天数超过活动的 2",
    ]
    staff = city.staff()
    assert staff.get("/api/v1/activities", params={"when": "all"}).json()["items"] == []


def test_another_kind_of_an_activity_moves_the_points_of_those_who_came(city: City, tmp_path: Path):
    wen, staff = city.member("闻一"), city.staff()
    publish(city, staff, shipped()["minhang"])
    rows = [[1, "闻一", None, "√", None, None]]
    given: list[float] = []
    for kind in ("全体会议", "视察", "全体会议"):
        lines = [LINES[0], [None, "类别", None, kind, None, "协商议政"], LINES[2]]
        import_attendance(city.database, sheet(tmp_path / f"{len(given)}.xlsx", rows, lines))
        given.append(board(wen)["mine"]["points"])
    assert given == [30, 5, 30]
    assert differences(city) == []


def test_days_that_have_not_come_are_refused(city: City, tmp_path: Path):
    city.member("闻一")
    lines = [[None, "日期", None, "2026-12-30"]]
    report = import_attendance(
        city.database, sheet(tmp_path / "a.xlsx", [[1, "闻一", None, "√"]], lines, HEAD[:4])
    )
    assert report.lines()[1:] == ["工作表“出席情况”第 2 行 D 列〔五次全体会议〕：2026-12-30 还没有到"]


def test_a_sheet_corrects_what_the_platform_already_has(city: City, tmp_path: Path):
    staff, wen = city.staff(), city.member("闻一")
    made = staff.post(
        "/api/v1/activities",
        {
            "kind": "inspection",
            "title": "视察",
            "starts_at": "2026-06-18T01:00:00Z",
            "ends_at": "2026-06-18T04:00:00Z",
        },
    ).json()
    staff.put(f"/api/v1/activities/{made['id']}/closing")
    lines = [[None, "日期", None, "2026-06-18"]]
    head = ["序号", "姓名", "界别", "视察"]
    report = import_attendance(
        city.database, sheet(tmp_path / "a.xlsx", [[1, "闻一", None, "√"]], lines, head)
    )
    assert report.counts == {"新增活动": 0, "新增人次": 0, "更正": 1, "不变": 0}
    assert acts(city, wen) == [("attended", 1, "2026-06-18")]
    assert differences(city) == []


def test_the_template_filled_in_is_a_sheet(city: City, tmp_path: Path):
    wen = city.member("闻一")
    template(tmp_path / "template.xlsx")
    book = load_workbook(tmp_path / "template.xlsx")
    found: Any = book["出席情况"]
    found.append([1, None, "闻一", None, "√", "△(出差)"])
    book.save(tmp_path / "filled.xlsx")
    assert import_attendance(city.database, tmp_path / "filled.xlsx").counts["新增人次"] == 2
    assert acts(city, wen) == [("attended", 6, "2025-01-10"), ("excused", 1, "2025-06-18")]


def test_days_in_full_width_brackets_leave_no_trace_in_the_title(city: City, tmp_path: Path):
    city.member("闻一")
    head = ["序号", "姓名", "界别", "十六届二次全会（1月10日）", "常委会第7次会议（3月5日，云川宾馆）"]
    path = sheet(tmp_path / "a.xlsx", [[1, "闻一", None, "√", "√"]], [], head)
    assert import_attendance(city.database, path, check=True).lines()[1:] == [
        "2026-01-10 全体会议“十六届二次全会”，1 个半天：已出席 1，已请假 0，缺席 0。",
        "2026-03-05 常委会会议“常委会第7次会议（云川宾馆）”，1 个半天：已出席 1，已请假 0，缺席 0。",
    ]


@pytest.mark.parametrize(
    "title",
    [
        "全会（1月10-13日）",
        "全会（1月10日至1月13日）",
        "全会（1月10日，4个半天）",
        "全会（1月10日上午）",
        "全会（1月10日半天）",
    ],
)
def test_how_long_a_meeting_was_is_asked_not_guessed(city: City, tmp_path: Path, title: str):
    city.member("闻一")
    rows = [[1, "闻一", None, "√"]]
    report = import_attendance(city.database, sheet(tmp_path / "a.xlsx", rows, [], [*HEAD[:3], title]))
    assert report.lines()[1:] == [
        f"工作表“出席情况”第 2 行 D 列〔{title}〕：不知道算几个半天：请加“半天数”一行填写"
    ]
    lines = [[None, "半天数", None, 4]]
    path = sheet(tmp_path / "b.xlsx", rows, lines, [*HEAD[:3], "全会（1月10-13日）"])
    assert (
        import_attendance(city.database, path, check=True)
        .lines()[1]
        .startswith("2026-01-10 全体会议“全会”，4 个半天")
    )


def test_customary_marks_are_asked_about_once_and_may_be_explained(city: City, tmp_path: Path):
    people = [city.member(f"闻{c}") for c in "一二三四五"]
    marks = ["●", "●", "●", "●", "公差"]
    rows = [[n, who.name, None, mark] for n, (who, mark) in enumerate(zip(people, marks, strict=True), 1)]
    path = sheet(tmp_path / "a.xlsx", rows, [LINES[0][:4], LINES[2][:4]], HEAD[:4])
    lines = import_attendance(city.database, path).lines()
    assert lines[0] == "共 5 处错误，没有导入任何内容："
    assert [line.partition("：")[2].partition("；")[0] for line in lines[1:3]] == [
        "认不出“●”",
        "认不出“公差”",
    ]
    done = import_attendance(city.database, path, marks=["●=出席", "公差=请假"])
    assert done.lines()[0] == "导入完成：新增活动 1，新增人次 5，更正 0，不变 0。"
    assert [acts(city, who)[0][0] for who in people] == ["attended"] * 4 + ["excused"]
    with pytest.raises(UnreadableWorkbookError, match="应写成“记号=意思”"):
        import_attendance(city.database, path, marks=["●"])


def test_one_meeting_in_two_blocks_is_one_activity(city: City, tmp_path: Path):
    wen, bai = city.member("闻一"), city.member("柏二")
    head = ["姓名", "全会（1月10日）", "姓名", "全会（1月10日）"]
    path = sheet(tmp_path / "a.xlsx", [["闻一", "√", "柏二", "△"]], [], head)
    assert import_attendance(city.database, path).lines()[0] == (
        "导入完成：新增活动 1，新增人次 2，更正 0，不变 0。"
    )
    assert [acts(city, who)[0][0] for who in (wen, bai)] == ["attended", "excused"]
