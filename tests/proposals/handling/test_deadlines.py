"""Deadlines by working days: each says how it was computed; extensions are no breach; reminders come once."""

from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest

from app.auth.permissions import Role
from app.core import clock
from app.proposals.handling import deadlines
from tests.factories.domains.handling import assigned, handling, in_days, talked, work, worked
from tests.factories.domains.ledger import news
from tests.factories.domains.proposals import filed, opened_window

#: A Wednesday before the National Day of 2026.
START = datetime(2026, 9, 23, 2, tzinfo=UTC)


@pytest.fixture
def case(city):
    """A proposal that was handed to the education bureau before a holiday."""
    with clock.frozen_at(START):
        staff, author = city.staff(), city.member()
        officer = city.staff(Role.UNIT_OFFICER)
        opened_window(staff)
        proposal_id = filed(city, author, staff)
        work_id = assigned(city, staff, proposal_id, lead=0)["市教育局"]
        yield city, staff, officer, author, proposal_id, work_id


def of(who, proposal_id, kind):
    """The newest deadline of a kind."""
    return [d for d in handling(who, proposal_id)["deadlines"] if d["kind"] == kind][-1]


@contextmanager
def later(city, days, *whos):
    """Some days on, with everybody logged in; then back."""
    with clock.frozen_at(START + timedelta(days=days)):
        for who in whos:
            city.log_in(who)
        yield
    for who in whos:
        city.log_in(who)


def test_every_day_says_how_it_was_computed(case):
    _, staff, officer, author, proposal_id, _ = case
    wrong = of(staff, proposal_id, "return")
    assert wrong["due_on"] == "2026-10-08"
    assert wrong["how"].startswith("自2026年9月23日起5个工作日，扣除中秋节、国庆节放假")
    contact = of(author, proposal_id, "contact")
    assert "国庆节" in contact["how"]
    assert contact["workdays_left"] == 15
    assert of(officer, proposal_id, "reply")["due_on"] == "2026-12-23"
    listed = officer.get("/api/v1/proposal-deadlines").json()["items"]
    assert [d["kind"] for d in listed] == ["return", "contact", "reply"]
    assert author.get("/api/v1/proposal-deadlines").json()["items"] == []


def test_a_wrong_assignment_goes_back_within_five_working_days_only(case):
    city, staff, officer, _, proposal_id, work_id = case
    with later(city, 16, staff, officer):
        late = work(officer, proposal_id, work_id, "request_return", reason="不属于我局")
    assert (late.status_code, late.json()["code"]) == (409, "return_too_late")
    worked(officer, proposal_id, work_id, "request_return", reason="不属于我局")
    refused = work(staff, proposal_id, work_id, "refuse_return")
    assert refused.json()["code"] == "reason_required"
    assert worked(staff, proposal_id, work_id, "refuse_return", reason="属于你局")["state"] == "assigned"


def test_the_first_talk_meets_the_deadline_of_contact(case):
    city, _, officer, _, proposal_id, work_id = case
    unsigned = talked(officer, proposal_id, work_id)
    assert (unsigned.status_code, unsigned.json()["state"]) == (409, "assigned")
    worked(officer, proposal_id, work_id, "sign")
    assert talked(officer, proposal_id, work_id, held_on=in_days(1)).json()["code"] == "in_future"
    with later(city, 40, officer):
        overdue = officer.get("/api/v1/proposal-deadlines?state=overdue").json()["items"]
        assert [(d["kind"], d["state_label"]) for d in overdue] == [("contact", "已超期")]
        talked(officer, proposal_id, work_id)
        contact = of(officer, proposal_id, "contact")
    assert (contact["state"], contact["is_late"]) == ("met", True)


def test_a_reply_is_put_off_before_its_day_with_a_reason_and_for_six_months_at_most(case):
    city, staff, officer, author, proposal_id, _ = case
    reply = of(officer, proposal_id, "reply")
    path = f"/api/v1/proposals/{proposal_id}/deadlines/{reply['id']}/extension"
    assert officer.post(path, {"due_on": "2027-02-26"}).status_code == 422
    assert officer.post(path, {"due_on": "2027-05-01", "reason": "太长"}).json()["code"] == "bad_extension"
    assert officer.post(path, {"due_on": "2026-12-01", "reason": "太早"}).json()["code"] == "bad_extension"
    assert author.post(path, {"due_on": "2027-02-26", "reason": "代为"}).status_code == 404
    contact = of(officer, proposal_id, "contact")
    other = path.replace(str(reply["id"]), str(contact["id"]))
    refused = officer.post(other, {"due_on": "2027-02-26", "reason": "忙"})
    assert refused.json()["code"] == "not_extendable"
    assert officer.post(path, {"due_on": "2027-02-26", "reason": "需要论证"}).status_code == 200
    moved = of(author, proposal_id, "reply")
    assert (moved["due_on"], moved["how"]) == (
        "2027-02-26",
        "原定2026年12月23日，经说明理由延长至2027年2月26日",
    )
    assert news(city, author)[-1].endswith("期限延长至2027年2月26日：需要论证")
    with later(city, 200, officer, staff):
        late = officer.post(path, {"due_on": "2027-03-01", "reason": "又忙"})
    assert late.json()["code"] == "deadline_over"


def test_reminders_come_once_before_on_and_after_the_day(case):
    city, staff, officer, *_ = case
    heard = []
    for day in range(80, 105):
        with clock.frozen_at(START + timedelta(days=day)):
            for _ in range(2):
                deadlines.remind(city.database)
    heard = [line.split("：")[-1] for line in news(city, officer) if "答复提案人" in line]
    assert heard == [
        "市教育局答复提案人还有10天（2026年12月23日）",
        "市教育局答复提案人还有3天（2026年12月23日）",
        "市教育局答复提案人今天到期（2026年12月23日）",
        "市教育局答复提案人已超期3天（2026年12月23日）",
        "市教育局答复提案人已超期10天（2026年12月23日）",
    ]
    late = [line for line in news(city, staff) if "答复提案人" in line]
    assert [line.split("答复提案人")[0][-4:] for line in late] == ["市教育局"] * 2
    assert not [line for line in news(city, officer) if "申请退办" in line and "超期" in line]


def test_a_day_by_which_nobody_had_to_do_anything_is_over_and_not_overdue(case):
    city, staff, officer, _, proposal_id, _ = case
    path = "/api/v1/proposal-deadlines?state="
    with later(city, 20, staff, officer):
        wrong = of(staff, proposal_id, "return")
        assert (wrong["state"], wrong["state_label"], wrong["workdays_left"]) == ("lapsed", "期限已过", None)
        listed = {
            state: [d["kind"] for d in officer.get(path + state).json()["items"]]
            for state in ("open", "overdue", "lapsed")
        }
    assert listed == {"open": ["contact", "reply"], "overdue": [], "lapsed": ["return"]}
