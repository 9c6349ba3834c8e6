"""The calendar over HTTP: everybody reads it, staff enter a new year and correct it."""

from datetime import date

import pytest
from sqlalchemy import select
from typer.testing import CliRunner

from app.audit.models import AuditEntry
from app.auth.permissions import Role
from app.cli import app as commands
from app.core.config import settings
from app.core.sql import table
from app.workdays import queries
from app.workdays.rules import after_workdays
from tests.factories.city import City, Who
from tests.factories.statements import statements

NATIONAL_DAY = [{"day": f"2030-10-0{n}", "is_workday": False, "name": "国庆节"} for n in range(1, 8)]
MAKE_UP = {"day": "2030-10-12", "is_workday": True, "name": "国庆节调休"}


def days(who: Who, first: str, last: str) -> dict:
    answer = who.get("/api/v1/workdays", params={"from": first, "to": last})
    assert answer.status_code == 200, answer.text
    return answer.json()


def audited(city: City) -> list[tuple]:
    a = table(AuditEntry)
    with city.database.read.connect() as conn:
        found = select(a.c.action, a.c.detail).where(a.c.action.startswith("workday."))
        return [tuple(row) for row in conn.execute(found.order_by(a.c.id))]


@pytest.mark.parametrize("role", [Role.MEMBER, Role.UNIT_OFFICER, Role.LEADER, Role.SECRETARIAT])
def test_everybody_reads_the_official_calendar(city: City, role):
    who = city.member() if role == Role.MEMBER else city.staff(role)
    found = days(who, "2026-10-07", "2026-10-10")
    assert found["unknown_years"] == []
    assert [(d["day"], d["is_workday"], d["name"]) for d in found["items"]] == [
        ("2026-10-07", False, "国庆节"),
        ("2026-10-08", True, ""),
        ("2026-10-09", True, ""),
        ("2026-10-10", True, "国庆节调休"),
    ]


def test_staff_enter_a_new_year_and_deadlines_follow(city: City, database):
    staff = city.staff()
    assert days(staff, "2030-10-01", "2030-10-01") == {
        "items": [{"day": "2030-10-01", "is_workday": True, "name": "", "overridden": False}],
        "unknown_years": [2030],
    }

    entered = staff.put("/api/v1/workdays", {"items": [MAKE_UP, *NATIONAL_DAY]})

    assert entered.status_code == 204, entered.text
    found = days(staff, "2030-10-01", "2030-10-12")
    assert found["unknown_years"] == []
    assert [d["day"][-2:] for d in found["items"] if d["is_workday"]] == ["08", "09", "10", "11", "12"]
    with database.read.connect() as conn:
        due = after_workdays(queries.calendar(conn, city.organization_id), date(2030, 9, 30), 5)
    assert due.on == date(2030, 10, 12)
    off = [d["day"] for d in NATIONAL_DAY]
    assert audited(city) == [("workday.overridden", {"working": ["2030-10-12"], "off": off})]


def test_a_day_is_corrected_again_and_restored(city: City):
    staff, day = city.staff(), "/api/v1/workdays/2026-10-07"
    assert staff.put(day, {"is_workday": True, "name": "恢复上班"}).status_code == 204
    assert staff.put(day, {"is_workday": True, "name": "防汛上班"}).status_code == 204
    assert days(staff, "2026-10-07", "2026-10-07")["items"] == [
        {"day": "2026-10-07", "is_workday": True, "name": "防汛上班", "overridden": True}
    ]

    assert staff.delete(day).status_code == 204

    assert days(staff, "2026-10-07", "2026-10-07")["items"] == [
        {"day": "2026-10-07", "is_workday": False, "name": "国庆节", "overridden": False}
    ]
    assert staff.delete(day).status_code == 404
    assert [action for action, _ in audited(city)] == [
        "workday.overridden",
        "workday.overridden",
        "workday.restored",
    ]


def test_only_staff_change_the_calendar(city: City):
    body = {"is_workday": True, "name": "上班"}
    for who in (city.member(), city.staff(Role.UNIT_OFFICER), city.staff(Role.LEADER)):
        assert who.put("/api/v1/workdays/2026-10-07", body).status_code == 403
        assert who.put("/api/v1/workdays", {"items": [MAKE_UP]}).status_code == 403
        assert who.delete("/api/v1/workdays/2026-10-07").status_code == 403


@pytest.mark.parametrize(
    ("first", "last"),
    [("2026-10-02", "2026-10-01"), ("2026-01-01", "2027-02-05"), ("2026-02-30", "2026-03-01")],
)
def test_a_period_that_is_no_period_or_too_long_is_refused(city: City, first, last):
    answer = city.member().get("/api/v1/workdays", params={"from": first, "to": last})
    assert answer.status_code == 422, answer.text


def test_the_longest_period_costs_one_statement_for_the_calendar(city: City, database):
    member, staff = city.member(), city.staff()
    assert len(days(member, "2026-01-01", "2027-02-04")["items"]) == queries.MAX_DAYS
    assert len(days(member, "9999-01-01", "9999-12-31")["items"]) == 365
    staff.put("/api/v1/workdays", {"items": NATIONAL_DAY})
    with database.read.connect() as conn:
        assert statements(database, lambda: queries.calendar(conn, city.organization_id)) == 1


@pytest.mark.parametrize(
    "items",
    [
        [],
        [MAKE_UP, MAKE_UP],
        [MAKE_UP | {"name": " "}],
        [MAKE_UP | {"name": "长" * 41}],
        [MAKE_UP | {"day": "2030-02-30"}],
        [MAKE_UP] * 367,
    ],
)
def test_what_is_no_list_of_days_changes_nothing(city: City, items):
    answer = city.staff().put("/api/v1/workdays", {"items": items})
    assert answer.status_code == 422, answer.text
    assert audited(city) == []


@pytest.fixture
def run(database_url, monkeypatch):
    monkeypatch.setenv("LVYI_DATABASE_URL", database_url)
    settings.cache_clear()
    yield lambda *words: CliRunner().invoke(commands, words)
    settings.cache_clear()


def test_days_of_one_organization_are_nothing_to_another(city: City):
    county = City(city.app, city.database, name="政协柳溪县委员会")
    assert county.staff().put("/api/v1/workdays", {"items": [MAKE_UP, *NATIONAL_DAY]}).status_code == 204

    assert days(city.member(), "2030-10-01", "2030-10-12")["unknown_years"] == [2030]
    assert days(county.member(), "2030-10-01", "2030-10-12")["unknown_years"] == []
    assert city.staff().delete("/api/v1/workdays/2030-10-01").status_code == 404


def test_the_shell_sets_days_of_all_and_an_organization_its_own(city: City, run):
    county = City(city.app, city.database, name="政协柳溪县委员会")
    done = run("workdays", "set", "2030-10-01", "--to", "2030-10-03", "--off", "--name", "国庆节")
    assert (done.exit_code, done.output) == (0, "已设置3天：国庆节，放假。\n")
    again = run("workdays", "set", "2030-10-01", "--off", "--name", "国庆")
    assert again.exit_code == 0, again.output
    county.staff().put("/api/v1/workdays/2030-10-02", {"is_workday": True, "name": "防汛上班"})

    first, second = (days(of.member(), "2030-10-01", "2030-10-03")["items"] for of in (city, county))

    assert [d["name"] for d in first] == ["国庆", "国庆节", "国庆节"]
    assert [d["is_workday"] for d in second] == [False, True, False]
    for of in (city, county):
        log = of.staff(Role.AUDITOR).get("/api/v1/audit?action=workday.overridden").json()["items"]
        assert {"national": True, "off": ["2030-10-01"], "working": []} in [e["detail"] for e in log]
    assert run("workdays", "restore", "2030-10-03").exit_code == 0
    assert days(city.member(), "2030-10-03", "2030-10-03")["items"][0]["overridden"] is False
    missing = run("workdays", "restore", "2030-10-03")
    assert (missing.exit_code, "没有全国统一的设置" in missing.output) == (1, True)
    backwards = run("workdays", "set", "2030-10-03", "--to", "2030-10-01", "--off", "--name", "国庆节")
    assert (backwards.exit_code, "结束日期" in backwards.output) == (1, True)
