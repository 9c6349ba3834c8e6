"""What an attacker tried with proposals at work in units and got through; each stays shut."""

from datetime import timedelta

import pytest

from app.auth.permissions import Role
from app.core import clock
from tests.factories.domains.handling import (
    assigned,
    handling,
    in_days,
    rated,
    replied,
    talked,
    work,
    worked,
    wrote,
)
from tests.factories.domains.ledger import differences
from tests.factories.domains.proposals import TEXT, done, drafted, filed, opened_window

PROMISE = {"result_class": "planned", "commitment": "明年建成", "commitment_due_on": in_days(300)}


@pytest.fixture
def staff(city):
    staff = city.staff()
    opened_window(staff)
    return staff


def undo(staff, proposal_id):
    step_id = staff.get(f"/api/v1/proposals/{proposal_id}/track").json()["undoable"]
    return staff.post(f"/api/v1/proposals/{proposal_id}/undo", {"step_id": step_id or 1, "reason": "点错了"})


def extended(who, proposal_id, kind, days):
    deadline = next(d for d in handling(who, proposal_id)["deadlines"] if d["kind"] == kind)
    path = f"/api/v1/proposals/{proposal_id}/deadlines/{deadline['id']}/extension"
    return who.post(path, {"due_on": in_days(days), "reason": "情况复杂"})


def test_a_unit_that_helps_late_opens_nothing_again(city, staff):
    author, officer = city.member(), city.staff(Role.UNIT_OFFICER)
    helper = city.staff(Role.UNIT_OFFICER, unit=city.unit("市交通局"))
    proposal_id = filed(city, author, staff)
    ids = assigned(city, staff, proposal_id, lead=0, co=1)
    reply_id = replied(officer, staff, proposal_id, ids["市教育局"])
    answered = author.get(f"/api/v1/proposals/{proposal_id}").json()
    helps = ids["市交通局"]
    with clock.frozen_at(clock.now() + timedelta(minutes=5)):
        assert worked(helper, proposal_id, helps, "sign")["replied_at"] == answered["replied_at"]
    assert rated(author, proposal_id, reply_id).status_code == 200
    assert worked(helper, proposal_id, helps, "start_handling")["state"] == "rated"
    done(staff, proposal_id, "close")
    late = wrote(helper, proposal_id, helps, body="会办意见", result_class=None)
    assert (late.status_code, late.json()["state"]) == (409, "ended")
    for who, step in ((helper, "submit_reply"), (staff, "approve_reply"), (staff, "withdraw_assignment")):
        assert work(who, proposal_id, helps, step, reason="补办").status_code == 409
    assert [d["kind"] for d in handling(staff, proposal_id)["deadlines"]].count("rate") == 1
    assert differences(city) == []


def test_undoing_a_step_takes_back_no_talk_and_no_kept_promise(city, staff):
    author, officer = city.member(), city.staff(Role.UNIT_OFFICER)
    proposal_id = filed(city, author, staff)
    ids = assigned(city, staff, proposal_id, lead=0)
    reply_id = replied(officer, staff, proposal_id, ids["市教育局"], **PROMISE)
    assert rated(author, proposal_id, reply_id).status_code == 200
    assert talked(officer, proposal_id, ids["市教育局"], phase="after").status_code == 201
    done(staff, proposal_id, "close")
    [promised] = handling(officer, proposal_id)["commitments"]
    notes = f"/api/v1/proposal-commitments/{promised['id']}/notes"
    later = {"action": "postponed", "body": "雨季", "due_on": in_days(400)}
    assert officer.post(notes, later).status_code == 201
    assert officer.post(notes, {"action": "kept", "body": "已建成"}).status_code == 201
    assert undo(staff, proposal_id).json()["state"] == "rated"
    found = handling(staff, proposal_id)
    assert [(c["state"], c["due_on"]) for c in found["commitments"]] == [("kept", in_days(400))]
    assert {d["kind"]: d["state"] for d in found["deadlines"]} == {
        "return": "lifted",
        "contact": "met",
        "reply": "met",
        "commitment": "met",
        "rate": "met",
        "rate_again": "open",
    }
    assert next(d for d in found["deadlines"] if d["kind"] == "commitment")["due_on"] == in_days(400)


def test_an_assignment_whose_deadline_was_moved_is_undone_all_the_same(city, staff):
    proposal_id = filed(city, city.member(), staff)
    assigned(city, staff, proposal_id, lead=0)
    assert extended(staff, proposal_id, "contact", 60).status_code == 200
    assert undo(staff, proposal_id).status_code == 200
    answer = undo(staff, proposal_id)
    assert (answer.status_code, answer.json().get("state")) == (200, "filed"), answer.text


def test_undoing_a_return_sends_no_half_written_text_in(city, staff):
    author = city.member()
    proposal_id = drafted(author)
    done(author, proposal_id, "submit")
    done(staff, proposal_id, "return_for_revision", reason="请补充数据")
    path = f"/api/v1/proposals/{proposal_id}"
    text = TEXT | {"situation": "写到一半"}
    assert author.put(path, text, headers={"If-Match": '"1"'}).status_code == 200
    assert undo(staff, proposal_id).status_code == 409
    assert author.get(path).json()["state"] == "returned"


def test_a_day_in_the_far_future_holds_nobody_up(city, staff):
    author, officer = city.member(), city.staff(Role.UNIT_OFFICER)
    proposal_id = filed(city, author, staff)
    ids = assigned(city, staff, proposal_id, lead=0)
    replied(officer, staff, proposal_id, ids["市教育局"], **PROMISE | {"commitment_due_on": "2999-12-31"})
    before = clock.now()
    [due] = [d for d in handling(author, proposal_id)["deadlines"] if d["kind"] == "commitment"]
    assert due["workdays_left"] > 240_000
    assert clock.now() - before < timedelta(seconds=1)


def test_a_unit_that_does_not_handle_it_any_more_owes_nothing_until_that_is_undone(city, staff):
    author, officer = city.member(), city.staff(Role.UNIT_OFFICER)
    proposal_id = filed(city, author, staff)
    [unit] = assigned(city, staff, proposal_id, lead=0).values()
    replied(officer, staff, proposal_id, unit, **PROMISE)
    done(staff, proposal_id, "rehandle", reason="请换一家单位办理")
    worked(staff, proposal_id, unit, "withdraw_assignment", reason="改由交通局办理")
    [gone] = handling(staff, proposal_id)["commitments"]
    assert (gone["state"], gone["notes"][-1]["body"]) == ("dropped", "不再由该单位承办：改由交通局办理")
    assert undo(staff, proposal_id).status_code == 200
    found = handling(staff, proposal_id)
    assert [(c["state"], c["ended_at"]) for c in found["commitments"]] == [("open", None)]
    assert [d["state"] for d in found["deadlines"] if d["kind"] == "commitment"] == ["open"]
    assert len(found["commitments"][0]["notes"]) == 2
    assert differences(city) == []
