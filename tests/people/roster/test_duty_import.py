"""Acts of past years done outside the platform, from a workbook."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook
from sqlalchemy import select

from app.core import clock
from app.core.sql import table
from app.duty.forms import FORM_LABELS
from app.duty.imports.service import import_duty, template
from app.duty.models import DutyRecord, OutsideAct
from tests.factories.city import City, Who
from tests.factories.domains.ledger import differences
from tests.factories.points.points import publish, score

HEAD = ["姓名", "手机", "类别", "事项名称", "日期", "地点", "数量", "角色", "层级", "备注"]


@pytest.fixture(autouse=True)
def _november():
    with clock.frozen_at(datetime(2026, 11, 20, 4, tzinfo=UTC)):
        yield


def workbook(path: Path, rows: list[list[Any]]) -> Path:
    book = Workbook()
    sheet: Any = book.active
    sheet.append(["历年履职情况"])
    sheet.append(HEAD)
    for row in rows:
        sheet.append(row)
    book.save(path)
    return path


def acts(city: City, who: Who) -> list[tuple[Any, ...]]:
    r, a = table(DutyRecord), table(OutsideAct)
    with city.database.read.connect() as conn:
        rows = conn.execute(
            select(r, a.c.title)
            .join(a, (r.c.subject_type == "outside_act") & (a.c.id == r.c.subject_id))
            .where(r.c.seat_id == who.seat_id, r.c.voided_at.is_(None))
            .order_by(r.c.occurred_at, r.c.kind)
        )
        return [
            (x.kind, x.role, x.level, x.quantity, str(x.occurred_on), x.title, x.source, x.note) for x in rows
        ]


def test_acts_are_recorded_once_however_often_they_are_imported(city: City, tmp_path: Path):
    wen, bai = city.member("闻一"), city.member("柏二")
    rows: list[list[Any]] = [
        ["闻一", None, "大会发言", "关于养老服务的发言", "2024.3.15", "市会展中心", None, None, None, None],
        ["闻 一", None, "荣誉", "优秀政协委员", date(2025, 1, 10), None, 1, "主要", "省级", "证书 12 号"],
        ["柏二", bai.phone, "会议出席", "三次全体会议", "2024年1月9日", "市会展中心", 6, None, None, None],
        ["闻一", None, "出席会议活动", "三次全体会议", "2024年1月9日", "市会展中心", 5, "参与", "市", None],
    ]
    path = workbook(tmp_path / "a.xlsx", rows)
    first, second = import_duty(city.database, path), import_duty(city.database, path)
    assert first.lines()[0] == "导入完成：新增 4，更正 0，不变 0。"
    assert second.lines()[0] == "导入完成：新增 0，更正 0，不变 4。"
    assert first.understood == second.understood
    assert acts(city, wen) == [
        ("activity.attended", "participant", "city", 5, "2024-01-09", "三次全体会议", "import", None),
        ("speech.delivered", "lead", "city", 1, "2024-03-15", "关于养老服务的发言", "import", None),
        ("honor.received", "lead", "province", 1, "2025-01-10", "优秀政协委员", "import", "证书 12 号"),
    ]
    with city.database.read.connect() as conn:
        assert len(conn.execute(select(table(OutsideAct))).all()) == 3, "one meeting, two members"
    seen = wen.get(f"/api/v1/seats/{wen.seat_id}/records").json()["items"]
    assert wen.get(seen[0]["path"]).json()["title"] == "优秀政协委员"

    rows[3][6] = 6
    assert import_duty(city.database, workbook(tmp_path / "b.xlsx", rows)).counts == {
        "新增": 0,
        "更正": 1,
        "不变": 3,
    }
    assert acts(city, wen)[0][3] == 6
    staff = city.staff()
    voided = staff.put(f"/api/v1/records/{seen[0]['id']}/void", {"reason": "证书有误"})
    assert voided.status_code == 204, voided.text
    again = import_duty(city.database, path).counts
    assert (again["新增"], again["已作废而保持作废"]) == (0, 1)
    assert len(acts(city, wen)) == 2, "what staff voided stays so"
    assert differences(city) == []


def test_every_fault_is_named_and_nothing_is_imported(city: City, tmp_path: Path):
    wen = city.member("闻一", starts_on=date(2024, 1, 1))
    city.member("同名")
    city.member("同名")
    good = ["闻一", None, "大会发言", "发言", "2024-03-15"]
    report = import_duty(
        city.database,
        workbook(
            tmp_path / "a.xlsx",
            [
                good,
                good,
                ["闻一", None, "唱歌", None, "2024-02-30"],
                ["闻二", None, "荣誉", "优秀委员", "2024-05-01"],
                ["同名", None, "荣誉", "优秀委员", "2024-05-01"],
                ["同名", wen.phone, "荣誉", "优秀委员", "2024-05-01", None, 0, "旁观", "宇宙"],
                ["闻一", None, "荣誉", "优秀委员", "2023-12-31"],
                ["闻一", None, "荣誉", "优秀委员", "2027-01-01"],
                ["闻一", "138", "发布动态", "动态", "2024-05-01"],
            ],
        ),
    )
    said = [line.removeprefix("工作表“Sheet”") for line in report.lines()[1:15]]
    kinds = said[1].split("可填：")[1]
    assert said == [
        "第 4 行 D 列〔事项名称〕：与第 3 行重复",
        f"第 5 行 C 列〔类别〕：没有类别“唱歌”，可填：{kinds}",
        "第 5 行 D 列〔事项名称〕：不能为空",
        "第 5 行 E 列〔日期〕：没有“2024-02-30”这一天",
        "第 6 行 A 列〔姓名〕：名册里没有“闻二”",
        "第 7 行 A 列〔姓名〕：有多名委员叫“同名”，请加委员编号或手机号码",
        "第 8 行 B 列〔手机〕：与姓名“同名”不是同一名委员",
        "第 8 行 G 列〔数量〕：应在 1 到 60 之间",
        "第 8 行 H 列〔角色〕：“旁观”应为主要或参与",
        "第 8 行 I 列〔层级〕：“宇宙”应为县、市、省或全国",
        "第 9 行 A 列〔姓名〕：闻一在 2023-12-31 不在任（在任：2024-01-01 至 2027-12-31）",
        "第 10 行 E 列〔日期〕：2027-01-01 还没有到",
        "第 11 行 B 列〔手机〕：号码少八位",
        "第 11 行 C 列〔类别〕：“发布动态”由平台记录，不能导入",
    ]
    assert acts(city, wen) == []


def test_the_template_filled_in_is_a_workbook_of_acts(city: City, tmp_path: Path):
    wen = city.member("闻一")
    template(tmp_path / "template.xlsx")
    book = load_workbook(tmp_path / "template.xlsx")
    found: Any = book["平台外履职"]
    at = {cell.value: cell.column for cell in found[1]}
    for name, value in {"姓名": "闻一", "类别": "服务群众", "事项名称": "义诊", "日期": "2025-05-01"}.items():
        found.cell(2, at[name], value)
    book.save(tmp_path / "filled.xlsx")
    assert import_duty(city.database, tmp_path / "filled.xlsx").ok
    assert acts(city, wen)[0][0] == "service.rendered"


def forms(city: City) -> dict[str, str | None]:
    a = table(OutsideAct)
    with city.database.read.connect() as conn:
        return {row.title: row.form for row in conn.execute(select(a.c.title, a.c.form).order_by(a.c.id))}


FORMS: list[list[Any]] = [
    ["姓名", "类别", "形式", "事项名称", "日期", "数量"],
    ["闻一", "全体会议", None, "三次全会", "2024-01-09", 6],
    ["闻一", "活动", "专题调研", "管网调研", "2024-03-09", None],
    ["闻一", "会议活动", None, "没有说形式的会", "2024-03-10", None],
    ["闻一", "提案", "联名", "关于管网的建议", "2024-02-09", None],
    ["闻一", "书面发言", None, "关于养老的发言", "2024-02-10", None],
    ["闻一", "服务", "捐款", "资助学生", "2024-04-09", None],
    ["柏二", "会议", None, "三次全会", "2024-01-09", 5],
]
RULES_BY_FORM = """\
name: 按形式办法
rules:
  - {id: plenary, label: 全会, kinds: [activity.attended], forms: [plenary], per: quantity, points: 5}
  - {id: research, label: 调研, kinds: [activity.attended], forms: [research], points: 3}
  - {id: joint, label: 联名提案, kinds: [proposal.filed], forms: [joint], points: 2}
  - {id: speech, label: 发言, kinds: [speech.delivered], points_by: {oral: 8, written: 4}}
  - {id: service, label: 服务, kinds: [service.rendered], points_by: {visit: 1, donation: 3}}
boards:
  - {id: all, label: 全部, posts: [chair, vice_chair, secretary_general, standing_member, member]}
"""


def forms_workbook(path: Path, rows: list[list[Any]]) -> Path:
    book = Workbook()
    sheet: Any = book.active
    for row in rows:
        sheet.append(row)
    book.save(path)
    return path


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_imported_acts_carry_their_form_and_rules_count_them_by_it(city: City, tmp_path: Path):
    wen, bai, staff = city.member("闻一"), city.member("柏二"), city.staff()
    publish(city, staff, RULES_BY_FORM, year=2024)
    import_duty(city.database, forms_workbook(tmp_path / "a.xlsx", FORMS))
    assert forms(city) == {
        "三次全会": "plenary",
        "管网调研": "research",
        "没有说形式的会": None,
        "关于管网的建议": "joint",
        "关于养老的发言": "written",
        "资助学生": "donation",
    }
    found = score(wen, wen, year=2024)
    assert {line["id"]: line["points"] for line in found["lines"]} == {
        "plenary": 30,
        "research": 3,
        "joint": 2,
        "speech": 4,
        "service": 3,
    }
    assert found["unscored"] == 1
    assert score(bai, bai, year=2024)["points"] == 25, "it is the same meeting, whatever a row calls it"
    assert import_duty(city.database, forms_workbook(tmp_path / "a.xlsx", FORMS)).counts["不变"] == 7
    later = [FORMS[0], ["闻一", "会议活动", "视察", "没有说形式的会", "2024-03-10", None]]
    later.append(["闻一", "会议", "常委会会议", "三次全会", "2024-01-09", 6])
    assert import_duty(city.database, forms_workbook(tmp_path / "b.xlsx", later)).counts["更正"] == 2
    assert forms(city)["没有说形式的会"] == "inspection"
    assert score(bai, bai, year=2024)["points"] == 0, "the form is the meeting's: it moves all who were there"
    assert differences(city) == []


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_forms_that_a_kind_does_not_have_are_named(city: City, tmp_path: Path):
    city.member("闻一")
    rows: list[list[Any]] = [
        FORMS[0],
        ["闻一", "服务", "全会", "服务", "2024-04-09", None],
        ["闻一", "荣誉", "视察", "优秀委员", "2024-04-10", None],
        ["闻一", "会议", "视察", "活动", "2024-04-11", None],
        ["闻一", "调研", None, "活动", "2024-04-11", 2],
    ]
    report = import_duty(city.database, forms_workbook(tmp_path / "a.xlsx", rows))
    said = [line.removeprefix("工作表“Sheet”") for line in report.lines()[1:6]]
    assert said[:2] == [
        "第 2 行 C 列〔形式〕：“服务群众”没有形式“全会”，可填：走访联系、志愿服务、捐资捐物、结对帮扶、宣讲宣传、矛盾化解、其他服务",
        "第 3 行 C 列〔形式〕：“获得荣誉”不分形式，请留空",
    ]
    assert "第 5 行 C 列〔形式〕：与第 4 行是同一事项，形式却不同" in said
    assert forms(city) == {}


def test_the_template_names_every_form(tmp_path: Path):
    template(tmp_path / "t.xlsx")
    said = {row[0]: str(row[2]) for row in load_workbook(tmp_path / "t.xlsx")["填表说明"].values}
    assert "会议活动：全体会议、常委会会议、专委会会议、视察、调研、学习培训、协商议政" in said["形式"]
    assert all(label in said["形式"] for label in FORM_LABELS.values())
