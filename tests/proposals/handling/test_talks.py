"""Talks that units record: their order, and what the author and staff say of them."""

import pytest

from app.auth.permissions import Role
from tests.factories.domains.handling import assigned, handling, in_days, talked, worked, wrote
from tests.factories.domains.ledger import differences, news
from tests.factories.domains.proposals import done, filed, opened_window

LEAGUE = "/api/v1/statistics/units"


@pytest.fixture
def case(city):
    """Staff, the officer and the author of a proposal whose unit has signed, with its id and the assignment's."""
    staff, author = city.staff(), city.member("周岚")
    officer = city.staff(Role.UNIT_OFFICER, "教育局")
    opened_window(staff)
    proposal_id = filed(city, author, staff)
    work_id = assigned(city, staff, proposal_id, lead=0)["市教育局"]
    worked(officer, proposal_id, work_id, "sign")
    return staff, officer, author, proposal_id, work_id


def says(who, proposal_id, action, nth=0, **more):
    talk = handling(who, proposal_id)["consultations"][nth]
    path = f"/api/v1/proposals/{proposal_id}/consultations/{talk['id']}/transitions"
    return who.post(path, {"action": action, **more})


def first(who, proposal_id):
    return handling(who, proposal_id)["consultations"][0]


def consulted(staff) -> int:
    [row] = staff.get(LEAGUE).json()["items"]
    return {f["figure"]: f["count"] for f in row["figures"]}.get("consulted", 0)


def contact(who, proposal_id) -> str:
    return next(d["state"] for d in handling(who, proposal_id)["deadlines"] if d["kind"] == "contact")


def test_a_disputed_talk_does_not_count_until_it_is_settled(city, case):
    staff, officer, author, proposal_id, work_id = case
    talked(officer, proposal_id, work_id, minutes="登门面商。")
    worked(officer, proposal_id, work_id, "start_handling")
    reply_to(officer, staff, proposal_id, work_id)
    assert (consulted(staff), contact(author, proposal_id)) == (1, "met")
    assert [a["action"] for a in first(author, proposal_id)["actions"]] == ["confirm_talk", "dispute_talk"]
    assert says(author, proposal_id, "dispute_talk").json()["code"] == "reason_required"
    assert says(officer, proposal_id, "confirm_talk").status_code == 404
    assert says(staff, proposal_id, "confirm_talk").status_code == 403
    assert says(author, proposal_id, "dispute_talk", reason="当天没有见面。").status_code == 200
    seen = first(officer, proposal_id)
    assert (seen["state_label"], seen["counts"], seen["answer"]) == ("提案人有异议", False, "当天没有见面。")
    for who in (officer, staff):
        assert "当天没有见面。" in news(city, who)[-1]
    assert consulted(staff) == 0
    assert says(author, proposal_id, "uphold_dispute", reason="自己说了算").status_code == 403
    assert says(staff, proposal_id, "uphold_dispute", reason="未作实质沟通。").status_code == 200
    assert "未作实质沟通。" in news(city, author)[-1]
    assert (consulted(staff), contact(author, proposal_id)) == (0, "open")  # it must still be made
    again = says(author, proposal_id, "dispute_talk", reason="再来")
    assert (again.status_code, again.json()["state"]) == (409, "upheld")
    assert talked(officer, proposal_id, work_id, phase="after", form="visit").status_code == 201
    assert (consulted(staff), contact(author, proposal_id)) == (1, "met")
    steps = author.get(f"/api/v1/proposals/{proposal_id}/track").json()["steps"]
    assert [s["action_label"] for s in steps if "异议" in s["action_label"]] == [
        "对沟通记录有异议",
        "异议成立",
    ]
    bystander = city.member()
    hidden = bystander.get(f"/api/v1/proposals/{proposal_id}/track").json()["steps"]
    assert [s["reason"] for s in hidden if "异议" in s["action_label"]] == [None, None]
    assert differences(city) == []


def reply_to(officer, staff, proposal_id, work_id) -> None:
    wrote(officer, proposal_id, work_id)
    worked(officer, proposal_id, work_id, "submit_reply")
    worked(staff, proposal_id, work_id, "approve_reply")


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_author_takes_a_dispute_back_by_confirming(case):
    staff, officer, author, proposal_id, work_id = case
    talked(officer, proposal_id, work_id)
    says(author, proposal_id, "dispute_talk", reason="记错了人。")
    assert says(author, proposal_id, "confirm_talk").status_code == 200
    seen = first(staff, proposal_id)
    assert (seen["state"], seen["answer"], seen["counts"], seen["actions"]) == ("confirmed", None, True, [])


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_phases_follow_each_other_within_a_round(case):
    staff, officer, author, proposal_id, work_id = case
    assert talked(officer, proposal_id, work_id, phase="during", held_on=in_days(0)).status_code == 201
    late = talked(officer, proposal_id, work_id, phase="before", held_on=in_days(0))
    assert (late.status_code, late.json()["code"]) == (422, "out_of_order")
    assert late.json()["detail"] == "已有办理中的沟通，这一天不会是办理前。请核对日期和阶段。"
    early = talked(officer, proposal_id, work_id, phase="after", held_on=in_days(-1))
    assert early.json()["code"] == "out_of_order"
    assert talked(officer, proposal_id, work_id, phase="before", held_on=in_days(-1)).status_code == 201
    worked(officer, proposal_id, work_id, "start_handling")
    reply_to(officer, staff, proposal_id, work_id)
    done(staff, proposal_id, "rehandle", reason="请再商量。")
    assert talked(officer, proposal_id, work_id, phase="before").status_code == 201
    assert [t["round"] for t in handling(author, proposal_id)["consultations"]] == [1, 1, 2]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_talk_that_counts_again_meets_the_contact_that_was_still_to_be_made(city, case):
    staff, officer, author, proposal_id, work_id = case
    for _ in range(2):
        talked(officer, proposal_id, work_id)
    for nth in range(2):
        says(author, proposal_id, "dispute_talk", nth, reason="没有这回事。")
    says(staff, proposal_id, "uphold_dispute", reason="没有沟通。")
    assert contact(author, proposal_id) == "open"
    assert says(staff, proposal_id, "dismiss_dispute", 1, reason="有录音。").status_code == 200
    assert contact(author, proposal_id) == "met"
    assert differences(city) == []


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_talk_that_never_was_keeps_no_true_one_out(case):
    staff, officer, author, proposal_id, work_id = case
    talked(officer, proposal_id, work_id, phase="after", held_on=in_days(0))
    assert talked(officer, proposal_id, work_id, phase="during", held_on=in_days(0)).status_code == 422
    says(author, proposal_id, "dispute_talk", reason="没有这回事。")
    says(staff, proposal_id, "uphold_dispute", reason="没有沟通。")
    assert talked(officer, proposal_id, work_id, phase="during", held_on=in_days(0)).status_code == 201
