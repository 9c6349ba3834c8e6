"""Deadlines that run follow the calendar: new holidays move them, the track says so once, those who must act hear it."""

from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta

import pytest

from app.auth.permissions import Role
from app.core import clock, outbox
from app.proposals.handling import deadlines, recalculation
from app.workdays.models import WorkdayOverride
from app.workdays.schemas import DatedWorkdayIn
from app.workdays.service import override_national
from tests.factories.domains.handling import assigned, handling
from tests.factories.domains.ledger import differences, news
from tests.factories.domains.proposals import filed, opened_window

#: A Monday before the Spring Festival of 2027, whose holidays are not announced yet.
START = datetime(2027, 1, 25, 2, tzinfo=UTC)
FESTIVAL = [date(2027, 2, 5) + timedelta(days=n) for n in range(8)]
MADE_UP = [date(2027, 1, 31), date(2027, 2, 14)]
DAYS = [
    *({"day": str(day), "is_workday": False, "name": "春节"} for day in FESTIVAL),
    *({"day": str(day), "is_workday": True, "name": "春节调休"} for day in MADE_UP),
]


@pytest.fixture
def case(city):
    """Two proposals that were handed to the education bureau, of which only one still has to be looked at."""
    with clock.frozen_at(START):
        staff, author = city.staff(), city.member("周岚")
        officer = city.staff(Role.UNIT_OFFICER, "教育局")
        opened_window(staff)
        proposal_id = filed(city, author, staff)
        assigned(city, staff, proposal_id, lead=0)
        yield city, staff, officer, proposal_id


@contextmanager
def at(city, days, *people):
    with clock.frozen_at(START + timedelta(days=days)):
        for who in people:
            city.log_in(who)
        yield


def due(who, proposal_id, kind):
    return next(d for d in handling(who, proposal_id)["deadlines"] if d["kind"] == kind)


def follow(city) -> None:
    while outbox.run_due(city.database):
        pass


def moved(who, proposal_id):
    steps = who.get(f"/api/v1/proposals/{proposal_id}/track").json()["steps"]
    return [s for s in steps if s["action"] == "recalculate"]


def test_announced_holidays_move_what_runs_and_it_is_said_once(case):
    city, staff, officer, proposal_id = case
    before = {kind: due(staff, proposal_id, kind) for kind in ("return", "contact", "reply")}
    assert "暂按周一至周五" in before["contact"]["how"]
    heard = len(news(city, officer))
    for _ in range(2):  # the same days twice say nothing the second time
        assert staff.put("/api/v1/workdays", {"items": DAYS}).status_code == 204
        follow(city)
    contact = due(staff, proposal_id, "contact")
    assert (before["contact"]["due_on"], contact["due_on"]) == ("2027-02-15", "2027-02-19")
    assert contact["how"].startswith(
        "自2027年1月25日起15个工作日，扣除春节放假8天，计入1月31日、2月14日调休上班"
    )
    assert "暂按" not in contact["how"]
    assert contact["workdays_left"] == 15
    assert due(staff, proposal_id, "reply")["due_on"] == before["reply"]["due_on"]
    [step] = moved(staff, proposal_id)
    assert (step["actor"], step["action_label"]) == ("系统", "期限随放假安排调整")
    assert [(m["what"], m["from_on"], m["to_on"]) for m in step["data"]["moves"]][-1] == (
        "市教育局首次联系提案人",
        "2027-02-15",
        "2027-02-19",
    )
    [told] = news(city, officer)[heard:]
    assert told.startswith("放假安排有变，提案《")
    assert "首次联系提案人的期限由2027年2月15日改为2027年2月19日" in told
    assert differences(city) == []
    assert staff.delete(f"/api/v1/workdays/{MADE_UP[1]}").status_code == 204
    follow(city)
    assert due(staff, proposal_id, "contact")["due_on"] == "2027-02-22"
    assert len(moved(staff, proposal_id)) == 2


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_national_days_reach_every_organization_and_a_chosen_day_stays(case):
    city, staff, officer, proposal_id = case
    reply = due(officer, proposal_id, "reply")
    path = f"/api/v1/proposals/{proposal_id}/deadlines/{reply['id']}/extension"
    assert officer.post(path, {"due_on": "2027-06-08", "reason": "需要论证"}).status_code == 200
    off = DatedWorkdayIn(day=date(2027, 6, 8), is_workday=False, name="端午节")
    given = [DatedWorkdayIn.model_validate(day) for day in DAYS]
    with city.database.transaction() as db:
        override_national(db, [*given, off])
    follow(city)
    assert due(staff, proposal_id, "contact")["due_on"] == "2027-02-19"
    assert due(staff, proposal_id, "reply")["due_on"] == "2027-06-08"
    assert moved(staff, proposal_id)[0]["actor"] == "系统"


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_reminders_go_with_the_day(case):
    city, staff, officer, _proposal_id = case
    with at(city, 12, staff, officer):  # 2027-02-06: nine days before the first day
        deadlines.remind(city.database)
        staff.put("/api/v1/workdays", {"items": DAYS})
        follow(city)
        deadlines.remind(city.database)
    with at(city, 15, staff, officer):  # ten days before the new one
        deadlines.remind(city.database)
    lines = [line.split("首次联系提案人")[-1] for line in news(city, officer) if "首次联系提案人还有" in line]
    assert lines == ["还有9天（2027年2月15日）", "还有10天（2027年2月19日）"]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_day_ahead_is_never_moved_behind_today(case):
    city, staff, officer, proposal_id = case
    with at(city, 19, staff, officer):  # Saturday 2027-02-13; the contact is due on Monday
        weekend = [date(2027, 1, 30), *MADE_UP[:1], date(2027, 2, 6), date(2027, 2, 7)]
        works = [{"day": str(day), "is_workday": True, "name": "调休"} for day in weekend]
        staff.put("/api/v1/workdays", {"items": works})
        follow(city)
        contact = due(officer, proposal_id, "contact")
        assert (contact["due_on"], contact["state"]) == ("2027-02-13", "open")
        assert contact["how"].endswith("按新的放假安排已过，以2027年2月13日为准")


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_holidays_that_come_with_a_release_are_followed_too(case):
    city, staff, _, proposal_id = case
    with city.database.transaction() as db:  # as if they were built in
        for day in DAYS:
            known = DatedWorkdayIn.model_validate(day).model_dump()
            db.add(WorkdayOverride(**known, set_at=clock.now()))
    for _ in range(2):
        recalculation.follow_release(city.database)
    assert due(staff, proposal_id, "contact")["due_on"] == "2027-02-19"
    assert len(moved(staff, proposal_id)) == 1
