"""Contacts, visits and cases of the demo city: what each role finds when it looks."""

from sqlalchemy import select

from app.auth.models import Account
from app.auth.permissions import Role
from app.core.sql import table
from tests.factories.demo import seat_of


def test_the_host_looks_after_some_and_has_visited_them(demo, filled):
    whole = demo.acting_as(Role.SECRETARIAT).get("/api/v1/contacts/coverage").json()["whole"]
    assert 0 < whole["visited"] < whole["contacts"], "some are still to be visited"
    with filled.database.read.connect() as conn:
        host = demo.acting_as(Role.MEMBER, seat_of(conn, filled.logins[0]))
    mine = host.get("/api/v1/contacts?mine=true").json()["items"]
    assert {one["kind"] for one in mine} == {"member", "company", "village", "resident"}
    assert len(host.get("/api/v1/visits?mine=true").json()["items"]) == len(mine)


def test_cases_are_in_every_state_and_the_shown_unit_has_some_to_answer(demo, filled):
    found = demo.acting_as(Role.SECRETARIAT).get("/api/v1/cases?limit=100").json()["items"]
    states = {"reported", "accepted", "assigned", "answered", "judged", "closed", "declined"}
    assert {one["state"] for one in found} == states
    assert any(one["late"] for one in found)
    a = table(Account)
    with filled.database.read.connect() as conn:
        shown = select(a.c.id).where(a.c.phone == f"+86{filled.logins[-1].phone}")
        unit = demo.acting_as_account(conn.execute(shown).scalar_one())
    assert unit.get("/api/v1/cases?state=assigned").json()["items"]
