"""Workbooks are uploaded, checked, mended in place and applied; what is wrong is named cell by cell."""

from typing import Any

import pytest
from sqlalchemy import select, update

from app.activities.models import Attendance
from app.auth.areas import Area
from app.auth.permissions import Role
from app.core import clock, outbox
from app.core.jobs import short_transactions
from app.core.sql import table
from app.notifications.models import Notification
from app.people.models import Person, Seat
from app.people.roster import imports
from tests.factories.files import key_of
from tests.factories.workbooks.imports import (
    HEADER,
    IMPORTS,
    begun,
    book,
    done,
    faults,
    line,
    mend,
    names,
)

_p, _s, _t = table(Person), table(Seat), table(Attendance)


def cell(place: str, value: str | None) -> dict[str, Any]:
    return {"sheet": "名册", "row": int(place[1:]), "column": place[0], "value": value}


def actions(row: dict) -> list[str]:
    return [one["action"] for one in row["actions"]]


def test_a_roster_is_checked_mended_and_applied_once(city, database):
    clerk, colleague = city.staff(name="联络科甲"), city.staff(name="联络科乙")
    rows = [["政协云川市委员会委员名册"], HEADER]
    rows += [
        line(1, "王芳"),
        line(2, "李明", "叫育界"),
        line(3, "张伟", phone="138"),
        line(4, "陈静", "侨联界"),
    ]
    new = begun(clerk, book(rows, "A1:D1"))
    assert (new["state"], new["kind_label"], actions(new)) == ("checking", "委员名册", ["mend"])
    path = f"{IMPORTS}/{new['id']}"
    assert clerk.post(f"{path}/apply", {}).json()["code"] == "not_checked"

    checked = done(database, clerk, new["id"])
    assert (checked["state"], checked["fault_count"]) == ("checked", 3)
    assert any("表头在第 2 行" in said for said in checked["understood"])
    first, second, third = clerk.get(f"{path}/faults").json()["items"]
    assert (first["row"], first["column"], first["header"], first["value"]) == (4, "C", "界别", "叫育界")
    assert first["row_text"] == "160002 · 李明 · 叫育界 · 13800000002"
    assert "是不是“教育界”" in first["detail"]
    assert "--" not in third["detail"]  # no options of commands on a screen
    assert (second["value"], third["can_leave_out"]) == ("138", True)
    assert clerk.post(f"{path}/apply", {}).json()["code"] == "import_has_faults"
    assert names(database) == set()

    assert mend(colleague, checked, cells=[cell("C4", "教育界")]).json()["code"] == "not_yours"
    assert mend(clerk, checked, leave_out=[99]).json()["code"] == "cannot_leave_out"
    changes = {"cells": [cell("C4", "教育界"), cell("D5", "13900000003")], "leave_out": [third["number"]]}
    assert mend(clerk, checked, **changes).status_code == 200
    assert mend(clerk, checked, **changes).status_code == 412  # from an older page
    again = done(database, clerk, new["id"])
    assert (again["fault_count"], again["mended_count"], again["left_out"]) == (
        0,
        2,
        [{"sheet": "名册", "row": 6}],
    )
    assert {one["label"]: one["count"] for one in again["counts"]}["新增"] == 3
    assert actions(again) == ["mend", "apply"]

    assert clerk.post(f"{path}/apply", {}).json()["state"] == "applying"
    assert clerk.post(f"{path}/apply", {}).json()["state"] == "applying"
    assert mend(clerk, again | {"revision": again["revision"] + 1}).json()["code"] == "import_over"
    applied = done(database, clerk, new["id"])
    assert (applied["state"], applied["error"], actions(applied)) == ("applied", None, [])
    assert clerk.post(f"{path}/apply", {}).json()["applied_at"] == applied["applied_at"]
    assert names(database) == {"王芳", "李明", "张伟"}
    logged = city.staff(Role.AUDITOR).get("/api/v1/audit?action=import.applied").json()["items"]
    assert [(e["account_id"], e["detail"]["counts"]["新增"]) for e in logged] == [(clerk.account_id, 3)]


def test_who_has_no_right_for_a_kind_neither_imports_nor_sees_it(city, database):
    clerk = city.staff()
    new = begun(clerk, book([HEADER, line(1, "王芳")]))
    reviewer = city.staff(office=city.office("提案科", Area.PROPOSALS))
    hall = city.staff(office=city.office("综合科", Area.GENERAL))
    learning = city.staff(office=city.office("文史委办", Area.COMMITTEES, committee=1))
    for who, kinds in (
        (reviewer, []),
        (hall, ["attendance", "projects", "venues"]),
        (learning, []),
        (city.member(), []),
    ):
        assert [one["kind"] for one in who.get(f"{IMPORTS}/kinds").json()["items"]] == kinds
        assert who.get(IMPORTS).json()["items"] == []
        assert who.get(f"{IMPORTS}/{new['id']}").status_code == 404
        assert who.get(f"{IMPORTS}/{new['id']}/faults").status_code == 404
        assert who.post(f"{IMPORTS}/{new['id']}/apply", {}).status_code == 404
        file = key_of(who, book([HEADER, line(1, "王芳")]), "名册.xlsx")
        answer = who.post(IMPORTS, {"kind": "members", "file": file})
        assert (answer.status_code, answer.json()["code"]) == (403, "kind_not_yours")
    mine = key_of(clerk, book([HEADER, line(2, "李明")]), "名册.xlsx")
    answer = hall.post(IMPORTS, {"kind": "attendance", "file": mine})
    assert (answer.status_code, answer.json()["code"]) == (422, "file_not_usable")  # somebody else's upload
    assert clerk.get(IMPORTS).json()["items"][0]["kind_label"] == "委员名册"
    assert clerk.get(f"{IMPORTS}/templates/members").content.startswith(b"PK")
    assert hall.get(f"{IMPORTS}/templates/members").status_code == 404


def test_rows_that_are_left_out_leave_the_table_beside_them_alone(city, database):
    clerk = city.staff()
    titles = [*HEADER, *HEADER]
    rows = [
        titles,
        [*line(1, "王芳", "没有界"), *line(2, "李明")],
        [*line(3, "张伟"), *line(4, "陈静", phone="139")],
        [*line(5, "刘洋"), *line(6, "赵磊")],
    ]
    new = begun(clerk, book(rows, "C4:C5"))
    checked = done(database, clerk, new["id"])
    assert [place for place, *_ in faults(clerk, new["id"])] == ["C2", "H3"]
    assert actions(checked) == ["mend", "apply_without_faulty"]
    clerk.post(f"{IMPORTS}/{new['id']}/apply", {"leave_out_faulty": True})
    assert done(database, clerk, new["id"])["state"] == "applied"
    assert names(database) == {"李明", "张伟", "刘洋", "赵磊"}


def test_a_row_that_was_left_out_comes_back_and_a_header_is_mended(city, database):
    clerk = city.staff()
    rows = [["委员编号", "姓名", "界 别", "联系"], line(1, "王芳"), line(2, "李明", "没有界")]
    new = begun(clerk, book(rows))
    checked = done(database, clerk, new["id"])
    assert (actions(checked), checked["fault_count"]) == (["mend"], 2)  # no phones, and a sector
    clerk.post(f"{IMPORTS}/{new['id']}/apply", {"leave_out_faulty": True})
    assert names(database) == set()
    checked = mend(clerk, checked, cells=[cell("D1", "手机号码")], leave_out=[2]).json()
    checked = done(database, clerk, new["id"])
    assert checked["fault_count"] == 0
    mend(clerk, checked, bring_back=[{"sheet": "名册", "row": 3}])
    assert faults(clerk, new["id"]) == []
    done(database, clerk, new["id"])
    assert [place for place, *_ in faults(clerk, new["id"])] == ["C3"]


def test_faults_of_the_check_before_are_gone_with_a_change(city, database):
    clerk = city.staff()
    new = begun(clerk, book([HEADER, line(1, "王芳", "没有界"), line(2, "李明", phone="138")]))
    checked = done(database, clerk, new["id"])
    assert checked["fault_count"] == 2
    changed = mend(clerk, checked, cells=[cell("C2", "教育界")]).json()
    assert (changed["fault_count"], faults(clerk, new["id"])) == (0, [])
    # number 1 was the row that is mended, and will be the other one
    assert mend(clerk, changed, leave_out=[1]).json()["code"] == "cannot_leave_out"
    assert done(database, clerk, new["id"])["fault_count"] == 1


def test_what_is_mended_is_bounded_and_counted_in_the_list(city, database):
    clerk = city.staff()
    new = begun(clerk, book([HEADER, line(1, "王芳", "没有界")]))
    checked = done(database, clerk, new["id"])
    long = [cell(f"C{row}", "x" * 2000) for row in range(2, 103)]
    assert mend(clerk, checked, cells=long).json()["code"] == "too_many_changes"
    assert mend(clerk, checked, cells=[cell("C2", "教\0育界")]).status_code == 422
    assert mend(clerk, checked, cells=[cell("C2", None), cell("D2", "")], leave_out=[1]).status_code == 200
    [listed] = clerk.get(IMPORTS).json()["items"]
    assert (listed["mended_count"], listed["left_out_count"]) == (2, 1)


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.txt", "姓名".encode(), (415, "not_a_sheet")),
        ("a.csv", "看看,这个\n没有,表头\n".encode(), "找不到表头"),
        ("a.xlsx", book([["空"]]), "找不到表头"),
    ],
)
def test_what_is_no_such_table_is_refused_in_one_sentence(city, database, name, content, said):
    clerk = city.staff()
    file = key_of(clerk, content, name)
    answer = clerk.post(IMPORTS, {"kind": "members", "file": file})
    if isinstance(said, tuple):
        assert (answer.status_code, answer.json()["code"]) == said
        return
    failed = done(database, clerk, answer.json()["id"])
    assert (failed["state"], said in failed["error"], actions(failed)) == ("failed", True, [])
    assert clerk.post(f"{IMPORTS}/{failed['id']}/apply", {}).status_code == 409


def test_attendance_comes_in_the_same_way(city, database):
    clerk, member = city.staff(office=city.office("综合科", Area.GENERAL)), city.member("王芳")
    sheet = book([["姓名", "重点提案视察"], ["日期", "6月18日"], ["王芳", "●"], ["无此人", "√"]])
    new = begun(clerk, sheet, "出席.xlsx", kind="attendance", year=2026, marks=["●=出席"])
    done(database, clerk, new["id"])
    assert [(place, value) for place, value, _ in faults(clerk, new["id"])] == [("A4", "无此人")]
    clerk.post(f"{IMPORTS}/{new['id']}/apply", {"leave_out_faulty": True})
    assert done(database, clerk, new["id"])["state"] == "applied"
    with database.read.connect() as conn:
        assert conn.execute(select(_t.c.seat_id, _t.c.state)).all() == [(member.seat_id, "attended")]


def test_units_bodies_and_acts_elsewhere_come_in_the_same_way(city, database):
    clerk, member = city.staff(), city.member("王芳")
    day = str(clock.local_day(clock.now()))
    for kind, rows in (
        ("units", [["单位名称", "类别"], ["市水务局", "政府部门"]]),
        ("bodies", [["单位名称", "负责人"], ["民盟云川市委员会", "王芳"]]),
        ("duty", [["姓名", "类别", "事项名称", "日期"], ["王芳", "大会发言", "在全会上的发言", day]]),
    ):
        new = begun(clerk, book(rows), kind=kind)
        assert done(database, clerk, new["id"])["fault_count"] == 0, faults(clerk, new["id"])
        clerk.post(f"{IMPORTS}/{new['id']}/apply", {})
        applied = done(database, clerk, new["id"])
        assert (applied["state"], applied["counts"][0]) == ("applied", {"label": "新增", "count": 1}), applied
    assert "市水务局" in {unit["name"] for unit in clerk.get("/api/v1/units").json()}
    assert len(clerk.get(f"/api/v1/seats/{member.seat_id}/records").json()["items"]) == 1


def test_an_apply_that_was_cut_off_goes_on(city, database, monkeypatch):
    clerk, calls = city.staff(), list[int]()
    write = short_transactions.write
    new = begun(
        clerk, book([HEADER, *(line(n, f"王{n}甲".replace(str(n), "一二三四五六"[n])) for n in range(6))])
    )
    assert done(database, clerk, new["id"])["fault_count"] == 0

    def breaks(database, work):
        calls.append(1)
        if len(calls) == 2:
            raise RuntimeError("killed")
        return write(database, work)

    monkeypatch.setattr(imports, "CHUNK", 2)
    monkeypatch.setattr(imports, "write", breaks)
    clerk.post(f"{IMPORTS}/{new['id']}/apply", {})
    assert done(database, clerk, new["id"])["state"] == "applying"
    assert len(names(database)) == 2
    j = table(outbox.Job)
    with database.transaction() as db:
        db.execute(update(j).where(j.c.done_at.is_(None)).values(run_at=clock.now()))
    applied = done(database, clerk, new["id"])
    assert (applied["state"], len(names(database))) == ("applied", 6)


def test_a_phone_that_a_roster_corrects_is_in_the_log_and_its_owner_is_told(city, database):
    clerk, n = city.staff(), table(Notification)
    for phone in ("13800000001", "13900000009"):
        new = begun(clerk, book([HEADER, line(1, "王芳", phone=phone)]))
        done(database, clerk, new["id"])
        clerk.post(f"{IMPORTS}/{new['id']}/apply", {})
        assert done(database, clerk, new["id"])["state"] == "applied"
    auditor = city.staff(Role.AUDITOR)
    (entry,) = auditor.get("/api/v1/audit?action=person.corrected").json()["items"]
    assert (entry["subject_type"], entry["detail"]["fields"]) == ("seat", "手机号码")
    with database.read.connect() as conn:
        owner = conn.scalar(select(_p.c.account_id).where(_p.c.name == "王芳"))
        told = select(n.c.account_id).where(n.c.kind == "person.corrected")
        assert conn.scalars(told).all() == [owner]
