"""Presence: colleagues see each other at a thing, and nobody else sees them."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from app.auth.areas import Area
from app.auth.permissions import Role
from app.core import clock, live
from app.core.sql import table
from app.presence import service
from app.presence.models import Presence
from tests.factories.domains.handling import assigned
from tests.factories.domains.proposals import filed, opened_window
from tests.factories.statements import statements

PATH = "/api/v1/presence"


def show(who, about, *, editing=False):
    answer = who.put(PATH, {"subject": about, "editing": editing})
    assert answer.status_code == 200, answer.text
    return [(one["name"], one["editing"]) for one in answer.json()["items"]]


def events(city):
    with city.database.read.connect() as conn:
        found = live.after(conn, city.organization_id, 0, 1000)
    return [e for e in found if e["name"] == "presence.changed"]


@pytest.fixture
def desk(city):
    author, staff, other = city.member("周岚"), city.staff(name="王芳"), city.staff(name="刘军")
    opened_window(staff)
    return f"proposal:{filed(city, author, staff)}", staff, other


def test_two_colleagues_see_each_other_come_write_and_go(city, desk):
    about, staff, other = desk
    assert show(staff, about) == []
    assert show(other, about, editing=True) == [("王芳", False)]
    assert show(staff, about) == [("刘军", True)]
    assert len(events(city)) == 2
    assert {(e["channel"], e["also"], e["subject_type"]) for e in events(city)} == {
        ("desk", f"proposal_desk:{about.partition(':')[2]}", "proposal_desk")
    }
    show(other, about)
    assert len(events(city)) == 3  # stopped writing
    assert [one["subject"] for one in staff.get(f"{PATH}?kind=proposal").json()["items"]] == [about]
    assert other.delete(f"{PATH}?subject={about}").status_code == 204
    assert other.delete(f"{PATH}?subject={about}").status_code == 204
    assert len(events(city)) == 4
    assert show(staff, about) == []


def test_who_is_silent_has_gone_and_is_swept(city, desk):
    about, staff, other = desk
    show(other, about)
    start = clock.now()
    with clock.frozen_at(start + timedelta(seconds=40)):
        assert show(staff, about) == [("刘军", False)]
    with clock.frozen_at(start + timedelta(seconds=50)):
        assert staff.get(f"{PATH}?kind=proposal").json()["items"] == []
        before = len(events(city))
        assert show(staff, about) == []
        assert len(events(city)) == before + 1  # says that the other one has gone
    with clock.frozen_at(start + timedelta(seconds=100)):
        with city.database.transaction() as db:
            assert service.forget_old(db) == 1
        show(staff, about)
        with city.database.read.connect() as conn:
            assert conn.scalar(select(func.count()).select_from(table(Presence))) == 1


def test_colleagues_who_come_back_at_once_do_not_sweep_each_other(city, desk):
    about, staff, other = desk
    start = clock.now()
    for turn in range(6):
        with clock.frozen_at(start + timedelta(seconds=100 * turn)), ThreadPoolExecutor(2) as pool:
            body = {"subject": about, "editing": False}
            answers = list(pool.map(lambda who: who.put(PATH, body), (staff, other)))  # noqa: B023
            assert [one.status_code for one in answers] == [200, 200]
            assert (show(staff, about), show(other, about)) == ([("刘军", False)], [("王芳", False)])


def test_a_heartbeat_costs_little_and_one_that_comes_too_soon_writes_nothing(city, desk, database):
    about, staff, _ = desk
    show(staff, about)
    start, before = clock.now(), len(events(city))
    soon = statements(database, lambda: show(staff, about))
    with clock.frozen_at(start + timedelta(seconds=20)):
        beat = statements(database, lambda: show(staff, about))
    writing = 2 if database.write.dialect.name == "sqlite" else 1  # BEGIN IMMEDIATE is counted
    assert (beat - soon, len(events(city))) == (writing, before)


def test_officers_see_their_own_unit_and_nobody_else(city, desk):
    about, staff, _ = desk
    second = city.unit("市住建局")
    assigned(city, staff, int(about.partition(":")[2]), lead=0, co=second)
    one, two = (city.staff(Role.UNIT_OFFICER, name) for name in ("教育甲", "教育乙"))
    housing = city.staff(Role.UNIT_OFFICER, "住建甲", unit=second)
    for who in (staff, one, housing):
        assert show(who, about) == []
    assert show(two, about) == [("教育甲", False)]
    assert [one["name"] for one in two.get(f"{PATH}?kind=proposal").json()["items"]] == ["教育甲"]
    assert [e["account_id"] for e in events(city) if e["account_id"]] == [one.account_id]
    assert show(staff, about) == []


def test_who_does_not_work_on_it_is_not_there(city, desk):
    about, staff, _ = desk
    show(staff, about)
    officer = city.staff(Role.UNIT_OFFICER)
    editor = city.staff(office=city.office("信息科", Area.INFORMATION))
    for who in (officer, editor):
        assert who.put(PATH, {"subject": about}).status_code == 404
        assert who.delete(f"{PATH}?subject={about}").status_code == 404
        assert who.get(f"{PATH}?kind=proposal").json()["items"] == []
    for who in (city.member(), city.staff(Role.LEADER), city.staff(Role.SYSTEM_ADMIN)):
        assert who.put(PATH, {"subject": about}).status_code == 403
    assert staff.get(f"{PATH}?kind=update").status_code == 404
    assert staff.put(PATH, {"subject": "proposal"}).status_code == 422
