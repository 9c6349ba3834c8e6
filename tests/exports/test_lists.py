"""Lists as Excel: what the list shows to whom it shows it, and nothing that a spreadsheet would run."""

from datetime import UTC, date, datetime
from io import BytesIO

import pytest
from openpyxl import load_workbook

from app.auth.permissions import Role
from app.core import clock
from app.exports.lists import tables
from tests.exports.reading import exported, name_of, rows
from tests.factories.city import City
from tests.factories.domains.opinions import issued
from tests.factories.domains.proposals import done, drafted, filed, opened_window
from tests.factories.statements import statements

NOW = datetime(2026, 11, 20, 17, 30, tzinfo=UTC)  # the next day in Shanghai


@pytest.fixture(autouse=True)
def _november():
    with clock.frozen_at(NOW):
        yield


def sheet(who, name: str, **filters):
    return who.get(f"/api/v1/exports/{name}.xlsx", params=filters)


def column(answer, header: str) -> list:
    assert answer.status_code == 200, answer.text
    head, *found = rows(answer.content)
    return [row[head.index(header)] for row in found]


def test_proposals_with_the_filters_of_the_list(city):
    author, other, staff = city.member("沈文"), city.member("钱岚", sector=1), city.staff()
    window = opened_window(staff, "十六届二次会议")
    filed(city, author, staff)
    second = filed(city, other, staff)
    staff.put(f"/api/v1/proposals/{second}/key", {"marked": True, "reason": "主席会议确定。"})
    drafted(author, title="关于草稿的建议")

    answer = sheet(author, "proposals")

    assert name_of(answer) == "提案20261121.xlsx"
    assert answer.headers["content-type"].endswith("spreadsheetml.sheet")
    assert answer.headers["cache-control"] == "no-store"
    head, newest, oldest = rows(answer.content)
    found = dict(zip(head, newest, strict=True))
    assert found["编号"] == 2
    assert (found["姓名"], found["界别"]) == ("钱岚", "教育界")
    assert found["届次"] == "十六届二次会议"
    assert found["重点提案"] == "是"
    assert found["优秀提案"] is None
    assert str(found["立案时间"]) == "2026-11-21 01:30:00", "in the zone of the organization"
    assert oldest[head.index("姓名")] == "沈文"
    assert column(sheet(author, "proposals", scope="mine"), "状态") == ["草稿", "已立案"]
    assert column(sheet(author, "proposals", seat_id=other.seat_id), "编号") == [2]
    assert column(sheet(author, "proposals", window_id=window, q="草稿"), "编号") == []
    assert sheet(author, "proposals", scope="all").status_code == 422
    assert exported(city)[0][1:] == ("list.exported", None, {"list": "proposals", "rows": 2})


def test_nobody_finds_in_a_sheet_what_the_list_does_not_show(city):
    author, staff, stranger = city.member(), city.staff(), city.member()
    opened_window(staff)
    drafted(author, title="关于秘密草稿的建议")
    submitted = drafted(author, title="关于送审的建议")
    done(author, submitted, "submit")
    for scope in ("mine", "cosigned", "filed", "review"):
        assert column(sheet(stranger, "proposals", scope=scope), "案由") == []
    for state in ("draft", "submitted"):
        assert column(sheet(stranger, "proposals", scope="review", state=state), "案由") == []
    assert column(sheet(staff, "proposals", scope="review"), "案由") == ["关于送审的建议"]
    elsewhere = City(city.app, city.database, name="政协石泉市委员会")
    assert column(sheet(elsewhere.staff(), "proposals", scope="review"), "案由") == []
    assert column(sheet(elsewhere.staff(), "members"), "姓名") == []


@pytest.mark.parametrize("start", ["=", "+", "-", "@"])
def test_what_a_spreadsheet_would_run_is_text(city, start):
    author = city.member()
    evil = f'{start}HYPERLINK("http://evil.example/","点我")'
    drafted(author, title=evil)
    answer = sheet(author, "proposals", scope="mine")
    assert column(answer, "案由") == [evil], "as it was written: nobody reads a quote that nobody wrote"
    (found,) = load_workbook(BytesIO(answer.content)).worksheets
    cell = found["B2"]
    assert cell.data_type in {"s", "inlineStr"}
    assert cell.quotePrefix, "it stays text when somebody edits the cell"
    assert cell.hyperlink is None


def test_members_for_those_who_keep_the_roster(city):
    city.member("䶮𠮷", sector=1, committees=(0, 1))
    city.member("早退", ends_on=date(2025, 1, 1))
    staff = city.staff()
    head, *found = rows(sheet(staff, "members").content)
    (member,) = (dict(zip(head, row, strict=True)) for row in found)
    assert member["姓名"] == "䶮𠮷"
    assert member["专委会"] == "提案委员会、文化文史和学习委员会"
    assert len(member["手机号码"]) == 11, "whole, as staff see it"
    assert isinstance(member["任职起"], datetime), "a day, not a text"
    assert column(sheet(staff, "members", term_id=city.term_id), "姓名") == ["䶮𠮷", "早退"]
    assert column(sheet(staff, "members", q="𠮷"), "姓名") == ["䶮𠮷"]
    for who in (city.member(), city.staff(Role.LEADER), city.staff(Role.SYSTEM_ADMIN)):
        assert sheet(who, "members").status_code == 403


def test_issued_reports_say_when_they_were_issued(city):
    author, staff = city.member(), city.staff()
    issued(author, staff)
    answer = sheet(author, "opinions", scope="issued")
    assert str(column(answer, "签发时间")[0]) == "2026-11-21 01:30:00", "in the zone of the organization"


def test_opinions_activities_attendance_and_records(city):
    author, staff = city.member("沈文"), city.staff()
    report = author.post("/api/v1/opinions", {"title": "充电桩不足", "body": "……"}).json()
    author.post(f"/api/v1/opinions/{report['id']}/transitions", {"action": "submit"})
    assert column(sheet(author, "opinions"), "题目") == ["充电桩不足"]
    assert column(sheet(staff, "opinions", scope="desk"), "姓名") == ["沈文"]
    assert column(sheet(city.member(), "opinions", scope="desk"), "姓名") == []
    period = {"starts_at": "2026-11-25T01:00:00Z", "ends_at": "2026-11-25T04:00:00Z"}
    only = {"sector_ids": [city.sectors[1]], "seat_ids": [author.seat_id]}
    activity = staff.post(
        "/api/v1/activities", {"kind": "inspection", "title": "视察", "must_attend": True, **period, **only}
    ).json()
    excused = author.put(f"/api/v1/activities/{activity['id']}/leave", {"reason": "出差"})
    assert excused.status_code == 200, excused.text
    assert str(column(sheet(author, "activities"), "开始")[0]) == "2026-11-25 09:00:00"
    assert column(sheet(author, "activities", when="past"), "名称") == []
    assert column(sheet(author, "activities"), "必须参加") == ["是"]
    path = f"activities/{activity['id']}/attendance"
    assert column(sheet(staff, path), "请假原因") == ["出差"]
    assert column(sheet(staff, path, state="attended"), "姓名") == []
    assert sheet(author, path).status_code == 403
    assert sheet(staff, "activities/99/attendance").status_code == 404

    records = f"seats/{author.seat_id}/records"
    assert sorted(column(sheet(author, records), "事项")) == ["会议活动请假", "报送社情民意信息"]
    assert sheet(city.member(), records).json()["code"] == "own_records_only"
    assert column(sheet(author, records, kind="activity.excused"), "内容") == ["视察"]
    assert [(subject, detail) for *_, subject, detail in exported(city) if subject][-1] == (
        author.seat_id,
        {"list": "records", "rows": 1},
    )


def test_a_leaderboard(city):
    first, second = city.member("沈文"), city.member("钱岚", sector=1)
    posted = first.post("/api/v1/updates", {"body": "走访滨江社区三户老人", "kind": "visit"}).json()
    second.post("/api/v1/updates", {"body": "参加经济形势学习报告会", "kind": "study"})
    second.put(f"/api/v1/updates/{posted['id']}/support")
    answer = sheet(first, "leaderboard")
    assert list(zip(column(answer, "名次"), column(answer, "姓名"), column(answer, "热力"), strict=True)) == [
        (1, "沈文", 2),
        (2, "钱岚", 1),
    ]
    assert (column(answer, "动态"), column(answer, "回应人数")) == ([1, 1], [1, 0])
    sector = {"board": "sector", "group_id": city.sectors[1]}
    assert column(sheet(first, "leaderboard", **sector), "姓名") == ["钱岚"]
    assert sheet(first, "leaderboard", board="sector").json()["code"] == "group_mismatch"
    assert sheet(first, "leaderboard", group_id=1).json()["code"] == "group_mismatch"
    elsewhere = City(city.app, city.database, name="政协石泉市委员会")
    assert sheet(elsewhere.member(), "leaderboard", **sector).status_code == 404


def test_long_lists_are_read_page_by_page_to_their_end(city, monkeypatch):
    monkeypatch.setattr(tables, "AT_ONCE", 3)
    author = city.member()
    for number in range(10):
        drafted(author, title=f"关于{number}的建议")
    answer = sheet(author, "proposals", scope="mine")
    assert column(answer, "案由") == [f"关于{number}的建议" for number in reversed(range(10))]
    monkeypatch.setattr(tables, "AT_ONCE", 500)
    costs = statements(city.database, lambda: sheet(author, "proposals", scope="mine"))
    assert costs < 12, "as much for ten rows as for one"


def test_a_list_too_long_for_a_sheet_is_refused_not_cut(city, monkeypatch):
    monkeypatch.setattr(tables, "MOST", 2)
    author = city.member()
    for _ in range(3):
        drafted(author)
    answer = sheet(author, "proposals", scope="mine")
    assert answer.status_code == 422
    assert answer.json()["code"] == "too_many_rows"
    assert exported(city) == []
