"""Persons who may be in the roster twice are shown in pairs, with the reason."""

from datetime import date

import pytest
from sqlalchemy import update

from app.auth.permissions import Role
from app.core.sql import table
from app.people.duplicates.rules import Known, why_one
from app.people.models import Person
from tests.factories.city import City

P = table(Person)
A_DAY = date(1970, 3, 1)


@pytest.mark.parametrize(
    ("a", "b", "said"),
    [
        (Known(A_DAY, "+8613900000001", {1}), Known(A_DAY, "+8613800000002", {2}), "出生日期相同"),
        (Known(A_DAY, "+8613900000001", {1}), Known(date(1971, 1, 1), "+8613900000002", {2}), None),
        (Known(None, "+8613900000001", {1}), Known(A_DAY, "+8613900000002", {1}), "只差一位"),
        (Known(None, "+8613900000001", {1}), Known(None, "+8613811111111", {2}), "换了手机号码"),
        (Known(None, "+8613900000001", {1}), Known(None, "+8613811111111", {1}), "同一届"),
    ],
)
def test_why_two_of_one_name_may_be_one(a, b, said):
    reason = why_one(a, b)
    assert (reason is None) if said is None else (said in (reason or ""))


def test_pairs_are_shown_to_those_who_keep_the_roster(city, app, database):
    first, second, third = city.member("沈文"), city.member("沈文"), city.member("沈文")
    city.member("钱岚")
    City(app, database, name="政协柳溪县委员会").member("钱岚")
    with database.transaction() as db:
        for who, born_on in ((first, A_DAY), (third, A_DAY), (second, date(1980, 1, 1))):
            db.execute(update(P).where(P.c.account_id == who.account_id).values(born_on=born_on))

    (pair,) = city.staff().get("/api/v1/people/duplicates").json()["items"]

    assert [pair[one]["seats"][0]["seat_id"] for one in ("first", "second")] == [first.seat_id, third.seat_id]
    assert (pair["reason"], pair["first"]["seats"][0]["term"]) == ("姓名和出生日期相同", "第十六届")
    assert "****" in pair["first"]["phone"]
    assert first.get("/api/v1/people/duplicates").status_code == 403
    log = city.staff(Role.AUDITOR).get("/api/v1/audit").json()["items"]
    assert any(entry["action"].endswith(".read") for entry in log)
