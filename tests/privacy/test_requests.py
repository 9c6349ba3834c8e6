"""Requests to correct and to erase: from handing in to the end, with who may do what and what follows."""

import pytest
from sqlalchemy import select
from typer.testing import CliRunner

from app.auth.models import Account
from app.cli import app as commands
from app.core.config import settings
from app.core.sql import table
from app.people.models import Person, Seat
from tests.factories.city import City

A, P, S = table(Account), table(Person), table(Seat)
PATH = "/api/v1/privacy/requests"


@pytest.fixture
def member(city):
    return city.member("沈文")


@pytest.fixture
def staff(city):
    return city.staff()


def ask(who, field, value):
    return who.post(PATH, {"kind": "correct", "field": field, "value": value})


def step(who, request, action, reason=None):
    return who.post(f"{PATH}/{request['id']}/transitions", {"action": action, "reason": reason})


def person(city, who):
    with city.database.read.connect() as conn:
        joined = select(P, S.c.employer).join(S, S.c.person_id == P.c.id)
        return conn.execute(joined.where(P.c.account_id == who.account_id)).one()


@pytest.mark.parametrize(
    ("field", "value", "stored"),
    [
        ("name", "沈文渊", "沈文渊"),
        ("phone", "139 0000 0041", "+8613900000041"),
        ("employer", "云川大学 教授", "云川大学 教授"),
        ("born_on", "1974-07-07", "1974-07-07"),
        ("gender", "女", "女"),
    ],
)
def test_a_correction_is_written_when_it_is_finished(city, member, staff, field, value, stored):
    asked = ask(member, field, value)
    assert asked.status_code == 201, asked.text
    request = asked.json()
    assert [a["action"] for a in request["actions"]] == ["withdraw"]
    assert staff.get("/api/v1/notifications").json()["items"][0]["title"].startswith("沈文申请更正")
    assert [a["action"] for a in staff.get(f"{PATH}?scope=all").json()["items"][0]["actions"]] == [
        "accept",
        "decline",
    ]
    assert step(staff, request, "accept").json()["state_label"] == "已受理"

    done = step(staff, request, "finish")

    assert done.status_code == 200, done.text
    assert [t["label"] for t in done.json()["track"]] == ["待受理", "已受理", "已办结"]
    row = person(city, member)
    assert str(getattr(row, field)) == stored
    with city.database.read.connect() as conn:
        account = conn.execute(select(A.c.name, A.c.phone).where(A.c.id == member.account_id)).one()
    assert (account.name, account.phone) == (row.name, row.phone)
    if field == "phone":
        assert member.get("/api/v1/auth/me").status_code == 401  # who has the old number is out
        city.log_in(member)
    news = member.get("/api/v1/notifications").json()["items"]
    assert [n["title"][-3:] for n in news] == ["已办结", "已受理"]
    assert member.get("/api/v1/me/personal").json()[field] == {"phone": "13900000041"}.get(field, value)


def test_an_erasure_takes_what_may_go_and_leaves_the_archive(city, member, staff):
    for field, value in (("employer", "云川大学"), ("gender", "男"), ("born_on", "1974-07-07")):
        request = ask(member, field, value).json()
        step(staff, request, "accept")
        step(staff, request, "finish")
    update = member.post("/api/v1/updates", {"body": "走访", "kind": "visit"}).json()

    request = member.post(PATH, {"kind": "erase"}).json()
    step(staff, request, "accept")
    assert step(staff, request, "finish").json()["state"] == "done"

    row = person(city, member)
    assert (row.gender, row.born_on, row.employer, row.name) == (None, None, None, "沈文")
    assert member.get(f"/api/v1/updates/{update['id']}").status_code == 200
    assert [n["title"] for n in member.get("/api/v1/notifications").json()["items"]] == [
        "您的“删除个人信息”申请已办结"
    ]


def test_a_refusal_names_its_reason_and_a_withdrawal_ends_it(member, staff):
    request = ask(member, "name", "沈文渊").json()
    assert step(staff, request, "decline").json()["code"] == "reason_required"
    declined = step(staff, request, "decline", "与身份证件不符").json()
    assert (declined["state_label"], declined["track"][-1]["reason"]) == ("未同意", "与身份证件不符")
    assert "与身份证件不符" in member.get("/api/v1/notifications").json()["items"][0]["title"]

    again = ask(member, "name", "沈文渊").json()
    assert step(member, again, "withdraw").json()["state"] == "withdrawn"
    late = step(staff, again, "accept")
    assert (late.status_code, late.json()["state"]) == (409, "withdrawn")


def test_who_may_not(city, member, staff):
    request = ask(member, "name", "沈文渊").json()
    colleague, stranger = city.member("周岚"), City(city.app, city.database, name="政协柳溪县委员会").staff()
    for who in (colleague, stranger):
        assert who.get(f"{PATH}/{request['id']}").status_code == 404
        assert step(who, request, "accept").status_code == 404
        assert who.get(f"{PATH}?scope=all").json()["items"] == []
    assert step(member, request, "accept").status_code == 403
    assert step(staff, request, "withdraw").status_code == 403
    twice = ask(member, "name", "沈文远")
    assert (twice.status_code, twice.json()["code"]) == (409, "request_open")


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"kind": "correct"}, "bad_request"),
        ({"kind": "correct", "field": "name", "value": " "}, "bad_request"),
        ({"kind": "correct", "field": "phone", "value": "1390000"}, "bad_value"),
        ({"kind": "correct", "field": "born_on", "value": "1974年7月"}, "bad_value"),
        ({"kind": "correct", "field": "born_on", "value": "2999-01-01"}, "bad_value"),
        ({"kind": "correct", "field": "gender", "value": "x"}, "bad_value"),
        ({"kind": "correct", "field": "name", "value": "长" * 51}, "bad_value"),
        ({"kind": "correct", "field": "name", "value": "沈文"}, "same_value"),
        ({"kind": "erase", "field": "name"}, "bad_request"),
    ],
)
def test_what_is_no_request_is_refused_in_a_sentence(member, body, code):
    answer = member.post(PATH, body)
    assert (answer.status_code, answer.json()["code"]) == (422, code), answer.text
    assert "Invalid" not in answer.json()["detail"]
    assert "isoformat" not in answer.json()["detail"]


def test_a_phone_that_somebody_has_is_not_given_twice(city, member, staff):
    request = ask(member, "phone", city.member("周岚").phone).json()
    step(staff, request, "accept")
    answer = step(staff, request, "finish")
    assert (answer.status_code, answer.json()["code"]) == (409, "phone_taken")


def test_staff_may_decide_at_the_shell(city, member, staff, database_url, monkeypatch):
    request = ask(member, "employer", "云川大学").json()
    monkeypatch.setenv("LVYI_DATABASE_URL", database_url)
    settings.cache_clear()
    run = lambda *words: CliRunner().invoke(commands, ["privacy", *words])  # noqa: E731

    listed = run("requests")
    accepted = run("decide", str(request["id"]), "accept", "--by", staff.phone)
    wrong = run("decide", str(request["id"]), "finish", "--by", member.phone)
    finished = run("decide", str(request["id"]), "finish", "--by", staff.phone)
    none = run("requests")

    settings.cache_clear()
    assert "沈文\t工作单位及职务\t云川大学\t待受理" in listed.output
    assert (accepted.exit_code, accepted.output) == (0, "沈文：更正个人信息，已受理。\n")
    assert wrong.exit_code == 1
    assert (finished.exit_code, none.output) == (0, "没有待办的申请。\n")
    assert person(city, member).employer == "云川大学"
