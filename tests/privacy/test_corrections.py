"""Staff correct a person with a reason: the account, the cards, and the request that asked for it follow."""

import pytest
from sqlalchemy import select

from app.audit.models import AuditEntry
from app.auth.models import Account
from app.core import clock
from app.core.sql import table
from app.people.models import Person
from tests.factories.city import City
from tests.factories.files import key_of
from tests.files import contents

A, P, E = table(Account), table(Person), table(AuditEntry)


@pytest.fixture
def member(city):
    return city.member("沈文")


@pytest.fixture
def staff(city):
    return city.staff()


def correct(staff, who, **body):
    return staff.post(f"/api/v1/seats/{who.seat_id}/corrections", {"reason": "身份证件核对"} | body)


def row(city, of, column, value):
    with city.database.read.connect() as conn:
        return conn.execute(select(of).where(of.c[column] == value)).one()


def test_a_corrected_person_is_right_everywhere(city, member, staff):
    year = clock.local_day(clock.now()).year - 1
    card = staff.post("/api/v1/issued-cards", {"seat_id": member.seat_id, "period": str(year)}).json()
    assert member.get(f"/api/v1/cards/{member.seat_id}/{year}").json()["seat"]["name"] == "沈文"

    done = correct(
        staff,
        member,
        name="沈 文渊",
        gender="女",
        born_on="1974-07-07",
        phone="139 0000 0041",
        employer="云川大学",
    )

    assert done.status_code == 200, done.text
    assert {k: done.json()[k] for k in ("name", "gender", "born_on", "phone", "employer")} == {
        "name": "沈文渊",
        "gender": "女",
        "born_on": "1974-07-07",
        "phone": "13900000041",
        "employer": "云川大学",
    }
    account = row(city, A, "id", member.account_id)
    assert (account.name, account.phone) == ("沈文渊", "+8613900000041")
    assert member.get("/api/v1/auth/me").status_code == 401  # whoever has the old number is out
    city.log_in(member)
    assert member.get("/api/v1/auth/me").json()["name"] == "沈文渊"
    assert member.get(f"/api/v1/cards/{member.seat_id}/{year}").json()["seat"]["name"] == "沈文渊"
    (news, _) = member.get("/api/v1/notifications").json()["items"]
    assert news["title"].startswith("名册上您的姓名、手机号码、性别、出生日期、工作单位及职务已更正")
    told = row(city, E, "action", "person.corrected")
    assert (told.detail["reason"], "姓名" in told.detail["fields"]) == ("身份证件核对", True)
    assert "沈文渊" not in str(told.detail)

    fixed = staff.post(f"/api/v1/issued-cards/{card['id']}/correction", {"reason": "姓名更正"}).json()
    assert (fixed["name"], fixed["version"], fixed["corrects"]) == ("沈文渊", 2, "姓名更正")
    assert member.get(f"/api/v1/issued-cards/{card['id']}").json()["reason"] == "姓名更正"


def test_a_request_for_the_same_is_done_with_it(member, staff):
    asked = member.post(
        "/api/v1/privacy/requests", {"kind": "correct", "field": "name", "value": "沈文渊"}
    ).json()
    other = member.post(
        "/api/v1/privacy/requests", {"kind": "correct", "field": "gender", "value": "男"}
    ).json()

    assert correct(staff, member, name="沈文渊", gender="女").status_code == 200

    done = member.get(f"/api/v1/privacy/requests/{asked['id']}").json()
    assert [t["label"] for t in done["track"]] == ["待受理", "已受理", "已办结"]
    assert done["track"][-1]["reason"] == "身份证件核对"
    assert member.get(f"/api/v1/privacy/requests/{other['id']}").json()["state"] == "submitted"


def test_a_portrait_is_seen_by_the_circle(city, member, staff):
    key = key_of(staff, contents.photo(40, 50))

    assert correct(staff, member, portrait=key).json()["portrait"] == key

    assert city.member("周岚").get(f"/api/v1/files/{key}/thumbnail").status_code == 200
    assert city.member("周岚").get(f"/api/v1/seats/{member.seat_id}").json()["portrait"] == key


@pytest.mark.parametrize(
    ("body", "status", "says"),
    [
        ({"name": "沈文（女）"}, 422, "姓名一栏只填“沈文”"),
        ({"name": "沈文(2)"}, 422, "像是给同名的人编的号"),
        ({"phone": "1390000"}, 422, "少"),
        ({"gender": "x"}, 422, ""),
        ({"born_on": "2999-01-01"}, 422, "不会是出生日期"),
        ({"name": "沈文"}, 409, "没有需要更正的"),
        ({"portrait": "nothing"}, 422, "附件不存在"),
        ({"name": "沈文渊", "reason": " "}, 422, ""),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_changed(city, member, staff, body, status, says):
    answer = correct(staff, member, **body)
    assert (answer.status_code, says in answer.text) == (status, True), answer.text
    assert row(city, P, "account_id", member.account_id).name == "沈文"


def test_a_phone_that_somebody_has_and_people_of_others(city, member, staff):
    taken = correct(staff, member, phone=city.member("周岚").phone)
    assert (taken.status_code, taken.json()["code"]) == (409, "phone_taken")
    stranger = City(city.app, city.database, name="政协柳溪县委员会").staff()
    assert correct(stranger, member, name="沈文渊").status_code == 404
    assert correct(city.member("郑文"), member, name="沈文渊").status_code == 403


def test_names_are_stored_alike_and_found_however_they_are_written(city, staff):
    new = {"phone": "13900000051", "sector_id": city.sectors[0]}
    refused = staff.post("/api/v1/seats", new | {"name": "王丽（女）"})
    assert (refused.status_code, "姓名一栏只填“王丽”" in refused.text) == (422, True)
    made = staff.post("/api/v1/seats", new | {"name": "阿依古丽•买 买提"}).json()
    assert made["name"] == "阿依古丽·买买提"
    for q in ("阿依古丽.买买提", "古丽买", "阿依古丽 买买提", "买买提"):
        assert [s["id"] for s in staff.get("/api/v1/seats", params={"q": q}).json()["items"]] == [
            made["id"]
        ], q
