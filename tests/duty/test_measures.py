"""What came of acts, in numbers: said by members and staff, added up, and equal to the list that each sum opens."""

from collections import Counter
from datetime import date, timedelta
from io import BytesIO
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from app.core import clock
from app.duty.imports.service import import_duty
from app.duty.measures.rules import MEASURES, Measure, value
from tests.factories.city import City, Who
from tests.factories.domains.archive import claimed, done, step
from tests.factories.domains.ledger import differences

SAID = {"people": 120, "money": 125_050, "hours": 150}


def deed(title: str = "社区义诊", days: int = 3, **changes: Any) -> dict[str, Any]:
    day = (clock.local_day(clock.now()) - timedelta(days=days)).isoformat()
    return {"kind": "service.rendered", "title": title, "held_on": day, "measures": SAID} | changes


def sums(who: Who, seat_id: int, **query: Any) -> dict[str, int]:
    """The sums of a seat by measure, each proved by the list that it opens."""
    found: Counter[str] = Counter()
    for kind in who.get(f"/api/v1/seats/{seat_id}/record-counts", params=query).json():
        for each in kind["measures"]:
            rows = who.get(f"{each['path']}&limit=100").json()["items"]
            listed = [m["amount"] for row in rows for m in row["measures"] if m["measure"] == each["measure"]]
            assert (len(listed), sum(listed)) == (len(rows), each["amount"]), each
            found[each["measure"]] += each["amount"]
    return dict(found)


def test_a_claim_carries_what_came_of_a_deed_into_the_ledger(city):
    member, staff = city.member(), city.staff()
    claim = claimed(member, act=deed())
    texts = ["120 人次", "1,250.50 元", "2.5 小时"]
    assert [m["text"] for m in claim["act"]["measures"]] == texts
    assert sums(member, member.seat_id) == {}, "not before it is confirmed"
    confirmed = done(staff, claim, "confirm")
    (record,) = member.get(f"/api/v1/seats/{member.seat_id}/records").json()["items"]
    assert [m["text"] for m in record["measures"]] == texts
    assert sums(member, member.seat_id) == SAID
    assert sums(city.member(), member.seat_id) == SAID, "services are open to all"

    reopened = done(staff, confirmed, "reopen", reason="再核实")
    assert sums(member, member.seat_id) == {}, "void with its record"
    done(staff, reopened, "confirm", act=deed(measures={"people": 80}))
    assert sums(member, member.seat_id) == {"people": 80}
    assert differences(city) == []


def test_an_edited_claim_says_other_numbers_and_an_undone_appeal_brings_them_back(city):
    member, staff = city.member(), city.staff()
    claim = claimed(member, act=deed())
    edit = {"act": deed(measures={"visits": 2}), "body": ""}
    edited = member.put(f"/api/v1/claims/{claim['id']}", edit, headers={"If-Match": '"1"'}).json()
    assert [m["text"] for m in edited["act"]["measures"]] == ["2 次"]
    record_id = done(staff, edited, "confirm")["recorded"]["id"]
    appeal = claimed(member, record_id=record_id, body="不是我")
    voided = done(staff, appeal, "confirm", void=True, reason="不是本人")
    assert sums(member, member.seat_id) == {}
    done(staff, voided, "reopen", reason="看错了")
    assert sums(member, member.seat_id) == {"visits": 2}


@pytest.mark.parametrize(
    ("kind", "measures", "message"),
    [
        ("service.rendered", {"words": 900}, "“服务群众”不填“字数”"),
        ("honor.received", {"people": 1}, "“获得荣誉”不填“惠及群众”"),
        ("service.rendered", {"people": 0}, "“惠及群众”应在 1 到 1,000,000 人次之间"),
        ("service.rendered", {"money": 100_000_000_001}, "“资金”应在 0.01 到 1,000,000,000 元之间"),
        ("service.rendered", {"hours": 40}, "“服务时长”请按 0.5 小时的整倍数填写"),
    ],
)
def test_a_number_that_does_not_fit_is_refused_at_its_field(city, kind, measures, message):
    member, staff = city.member(), city.staff()
    act = deed(kind=kind, measures=measures)
    for answer, at in (
        (member.post("/api/v1/claims", {"act": act}), "body.act.measures"),
        (staff.post(f"/api/v1/seats/{member.seat_id}/records", act), "body.measures"),
    ):
        assert answer.status_code == 422
        (error,) = answer.json()["errors"]
        assert (error["field"], error["detail"]) == (at, message)


def test_words_that_are_no_measure_or_number_are_refused(city):
    member = city.member()
    for measures in ({"cows": 3}, {"people": "多"}, {"people": 1.5}, {"people": True}, ["people"]):
        assert member.post("/api/v1/claims", {"act": deed(measures=measures)}).status_code == 422
    bad = member.get(f"/api/v1/seats/{member.seat_id}/records", params={"measure": "cows"})
    assert bad.status_code == 422


def test_sums_are_of_one_year_and_move_with_the_year(city):
    member, staff = city.member(), city.staff()
    today = clock.local_day(clock.now())
    path = f"/api/v1/seats/{member.seat_id}/records"
    for year, people in ((today.year - 1, 30), (today.year - 2, 500)):
        act = deed(held_on=date(year, 6, 1).isoformat(), measures={"people": people})
        assert staff.post(path, act).status_code == 201
    silent = deed("只是走访", held_on=date(today.year - 1, 6, 2).isoformat(), measures={})
    assert staff.post(path, silent).status_code == 201
    assert sums(member, member.seat_id, year=today.year - 1) == {"people": 30}
    assert sums(member, member.seat_id, year=today.year - 2) == {"people": 500}
    assert sums(member, member.seat_id) == {"people": 530}
    rows = member.get(path, params={"measure": "people"}).json()["items"]
    void = staff.put(f"/api/v1/records/{rows[0]['id']}/void", {"reason": "重复登记"})
    assert void.status_code == 204
    assert sums(member, member.seat_id) == {"people": 500}


HEAD = ["姓名", "类别", "事项名称", "日期", "惠及人次", "金额（元）", "服务时长"]


def sheet(tmp_path: Any, *rows: list[Any]) -> Any:
    book = Workbook()
    for row in (HEAD, *rows):
        book.worksheets[0].append(row)
    path = tmp_path / "履职.xlsx"
    book.save(path)
    return path


def test_a_workbook_brings_amounts_and_corrects_them(city: City, tmp_path: Any):
    member, day = city.member("周岚"), deed()["held_on"]
    row = ["周岚", "服务", "义诊", day, 40, "1,250.5", "2.5小时"]
    for counts, people in (("新增", 40), ("不变", 40), ("更正", 41)):
        row[4] = people
        report = import_duty(city.database, sheet(tmp_path, row), city.organization_id)
        assert report.counts[counts] == 1, report
        assert sums(member, member.seat_id) == {"people": people, "money": 125_050, "hours": 150}
    # an older sheet, which has no such columns, says nothing against it
    older = import_duty(city.database, sheet(tmp_path, row[:4]), city.organization_id)
    assert older.counts["不变"] == 1, older
    assert sums(member, member.seat_id)["people"] == 41
    assert differences(city) == []


def test_a_workbook_says_which_cell_has_an_amount_that_does_not_fit(city: City, tmp_path: Any):
    city.member("周岚")
    day = deed()["held_on"]
    rows = [
        ["周岚", "服务", "义诊", day, "很多", 0.001, 0.75],
        ["周岚", "荣誉", "奖", day, 3, None, None],
    ]
    report = import_duty(city.database, sheet(tmp_path, *rows), city.organization_id)
    texts = [fault.detail for fault in report.faults]
    assert len(texts) == 4
    for said in (
        "“很多”应为数字，单位为人次",
        "最小为 0.01 元",
        "请按 0.5 小时的整倍数填写",
        "“获得荣誉”不填“惠及群众”",
    ):
        assert any(said in text for text in texts), (said, texts)
    assert sums(city.staff(), city.member("别人").seat_id) == {}


def test_the_archive_s_sheet_and_own_data_have_the_amounts(city):
    member, staff = city.member(), city.staff()
    staff.post(f"/api/v1/seats/{member.seat_id}/records", deed())
    answer = member.http.get(f"/api/v1/exports/seats/{member.seat_id}/records.xlsx")
    head, row = load_workbook(BytesIO(answer.content)).worksheets[0].iter_rows(values_only=True)
    assert row[head.index("成效")] == "惠及群众 120 人次、资金 1,250.50 元、服务时长 2.5 小时"


def test_forms_know_what_each_kind_takes(city):
    offered = city.member().get("/api/v1/choices").json()["outside_measures"]
    takes = {c["code"] for c in offered if "service.rendered" in c["kinds"]}
    assert takes == {"people", "money", "jobs", "visits", "things", "hours"}
    assert {c["code"] for c in offered} == set(Measure)
    assert all(rule.most % rule.step == 0 for rule in MEASURES.values())
    assert value(Measure.MONEY, 125_050) == 1250.5


def test_what_is_refused_leaves_no_amounts(city):
    member, staff = city.member(), city.staff()
    path = f"/api/v1/seats/{member.seat_id}/records"
    assert staff.post(path, deed()).status_code == 201
    assert staff.post(path, deed(measures={"people": 9})).json()["code"] == "already_recorded"
    assert step(staff, claimed(member, act=deed()), "confirm").json()["code"] == "already_recorded"
    assert sums(member, member.seat_id) == SAID


def test_a_card_adds_up_what_came_of_the_year(city):
    member, staff = city.member(), city.staff()
    path, year = f"/api/v1/seats/{member.seat_id}/records", clock.local_day(clock.now()).year - 1
    for title, measures in (("义诊", SAID), ("夜校", {"people": 30, "money": 50})):
        act = deed(title, held_on=date(year, 6, 1).isoformat(), measures=measures)
        assert staff.post(path, act).status_code == 201
    card = member.get(f"/api/v1/cards/{member.seat_id}/{year}").json()
    (section,) = [section for section in card["sections"] if section["kind"] == "service"]
    results = {f["key"]: f for f in section["figures"] if f["key"] in list(Measure)}
    assert {key: (f["value"], f["unit"]) for key, f in results.items()} == {
        "people": (150, "人次"),
        "money": (1251, "元"),
        "hours": (2.5, "小时"),
    }
    for key, figure in results.items():
        rows = member.get(f"{figure['records']}&limit=100").json()["items"]
        listed = sum(m["amount"] for row in rows for m in row["measures"] if m["measure"] == key)
        assert value(Measure(key), listed) == figure["value"]


def test_a_bulletin_adds_up_what_came_of_each_kind_and_keeps_it(city):
    a, b, staff = city.member(), city.member(), city.staff()
    year = clock.local_day(clock.now()).year - 1
    for who, measures in ((a, SAID), (b, {"people": 30})):
        act = deed(held_on=date(year, 6, 1).isoformat(), measures=measures)
        assert staff.post(f"/api/v1/seats/{who.seat_id}/records", act).status_code == 201
    made = staff.post("/api/v1/bulletins", {"duty_year": year}).json()

    def counted() -> dict[str, int]:
        said = staff.get(f"/api/v1/bulletins/{made['id']}").json()
        (kind,) = [k for k in said["kinds"] if k["kind"] == "service.rendered"]
        for one in kind["now"]["measures"]:
            rows = staff.get(one["path"]).json()["items"]
            listed = [m["amount"] for row in rows for m in row["measures"] if m["measure"] == one["measure"]]
            assert (len(rows), sum(listed)) == (len(listed), one["amount"])
        return {one["measure"]: one["amount"] for one in kind["now"]["measures"]}

    assert counted() == {"people": 150, "money": 125_050, "hours": 150}
    (row,) = a.get(f"/api/v1/seats/{a.seat_id}/records").json()["items"]
    assert staff.put(f"/api/v1/records/{row['id']}/void", {"reason": "不符"}).status_code == 204
    assert counted() == {"people": 150, "money": 125_050, "hours": 150}, "as it was when it was made"
    assert differences(city) == []
    book = load_workbook(BytesIO(staff.http.get(f"/api/v1/bulletins/{made['id']}/figures.xlsx").content))
    rows = [row[:4] for row in book["履职成效"].iter_rows(min_row=2, values_only=True)]
    assert rows == [
        ("服务群众", "惠及群众", "人次", 150),
        ("服务群众", "资金", "元", 1250.5),
        ("服务群众", "服务时长", "小时", 2.5),
    ]
