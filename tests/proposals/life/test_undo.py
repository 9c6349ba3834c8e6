"""A wrong step is undone by staff with a reason; the track keeps both."""

import pytest

from app.auth.permissions import Role
from tests.factories.domains.handling import assigned, handling, rated, replied, work, worked
from tests.factories.domains.ledger import differences, live_acts, news, void_reasons
from tests.factories.domains.proposals import done, drafted, filed, opened_window, run


@pytest.fixture
def staff(city):
    staff = city.staff()
    opened_window(staff)
    return staff


def undone(staff, proposal_id, **more):
    """The answer to undoing what the track offers."""
    step_id = staff.get(f"/api/v1/proposals/{proposal_id}/track").json()["undoable"]
    body = {"step_id": step_id or 1, "reason": "点错了"} | more
    return staff.post(f"/api/v1/proposals/{proposal_id}/undo", body)


def state(who, proposal_id):
    return who.get(f"/api/v1/proposals/{proposal_id}").json()["state"]


def test_filing_is_undone_and_done_again_under_the_same_number(city, staff):
    author = city.member()
    proposal_id = filed(city, author, staff)
    assert undone(staff, proposal_id).json()["state"] == "submitted"
    assert live_acts(city, author) == [("proposal.submitted", "lead", "city")]
    assert void_reasons(city, author) == ["点错了"]
    assert news(city, author)[-1].endswith("的“立案”已撤销：点错了")
    other = filed(city, city.member(), staff)
    assert staff.get(f"/api/v1/proposals/{other}").json()["number"] == 2
    assert done(staff, proposal_id, "file")["number"] == 1
    track = author.get(f"/api/v1/proposals/{proposal_id}/track").json()["steps"]
    assert [s["action"] for s in track] == ["submit", "file", "undo", "file"]
    assert track[2]["undoes_id"] == track[1]["id"]
    assert differences(city) == []


def test_steps_are_undone_one_after_the_other_and_no_further_than_the_author(city, staff):
    author = city.member()
    proposal_id = drafted(author)
    done(author, proposal_id, "submit")
    done(staff, proposal_id, "start_review")
    done(staff, proposal_id, "decline", reason_code="empty")
    first = staff.get(f"/api/v1/proposals/{proposal_id}/track").json()["steps"][1]["id"]
    early = undone(staff, proposal_id, step_id=first)
    assert (early.status_code, early.json()["code"], early.json()["state"]) == (
        409,
        "not_undoable",
        "declined",
    )
    assert undone(staff, proposal_id, step_id=99_999).status_code == 404
    assert undone(staff, proposal_id).json()["state"] == "first_review"
    assert staff.get(f"/api/v1/proposals/{proposal_id}").json()["decline_code"] is None
    assert undone(staff, proposal_id).json()["state"] == "submitted"
    assert undone(staff, proposal_id).status_code == 409  # the submission is the author's
    assert (
        author.post(f"/api/v1/proposals/{proposal_id}/undo", {"step_id": 1, "reason": "我"}).status_code
        == 403
    )
    assert differences(city) == []


def test_an_assignment_is_undone_until_the_unit_has_signed(city, staff):
    officer, author = city.staff(Role.UNIT_OFFICER), city.member()
    proposal_id = filed(city, author, staff)
    assigned(city, staff, proposal_id, lead=0)
    assert undone(staff, proposal_id).json()["state"] == "filed"
    assert handling(staff, proposal_id)["assignments"] == []
    assert handling(staff, proposal_id)["deadlines"] == []
    assert officer.get(f"/api/v1/proposals/{proposal_id}").status_code == 404
    work_id = assigned(city, staff, proposal_id, lead=0)["市教育局"]
    worked(officer, proposal_id, work_id, "sign")
    assert undone(staff, proposal_id).status_code == 409
    assert worked(staff, proposal_id, work_id, "withdraw_assignment", reason="重新研究")["state"] == "filed"
    assert differences(city) == []


def test_a_reply_is_taken_back_until_somebody_rated_it(city, staff):
    officer, author = city.staff(Role.UNIT_OFFICER), city.member()
    proposal_id = filed(city, author, staff)
    work_id = assigned(city, staff, proposal_id, lead=0)["市教育局"]
    replied(officer, staff, proposal_id, work_id)
    assert undone(staff, proposal_id).json()["state"] == "reply_review"
    assert handling(author, proposal_id)["replies"] == []
    assert handling(author, proposal_id)["to_rate"] == []
    worked(staff, proposal_id, work_id, "approve_reply")
    [reply_id] = handling(author, proposal_id)["to_rate"]
    assert rated(author, proposal_id, reply_id, result="dissatisfied").status_code == 200
    assert undone(staff, proposal_id).status_code == 409
    assert done(staff, proposal_id, "rehandle", reason="提案人不满意")["state"] == "rehandling"
    assert work(officer, proposal_id, work_id, "sign").json()["state"] == "handling"
    assert differences(city) == []


def test_merging_brings_the_signers_along_and_its_undoing_takes_them_back(city, staff):
    first, second = city.member("周岚"), city.member("吴远")
    into = filed(city, first, staff)
    proposal_id = drafted(second)
    done(second, proposal_id, "submit")
    assert run(staff, proposal_id, "merge", reason="同一主题").json()["errors"][0]["field"] == "into_id"
    assert run(staff, proposal_id, "merge", reason="同", into_id=proposal_id).status_code == 404
    merged = done(staff, proposal_id, "merge", reason="同一主题", into_id=into)
    assert (merged["state"], merged["merged_into_id"]) == ("merged", into)
    assert live_acts(city, second) == [
        ("proposal.submitted", "lead", "city"),
        ("proposal.filed", "participant", "city"),
    ]
    assert [s["name"] for s in second.get(f"/api/v1/proposals/{into}").json()["signers"]] == ["周岚", "吴远"]
    assert second.get(f"/api/v1/proposals/{proposal_id}").json()["state_reason"] == "同一主题"
    assert differences(city) == []
    assert undone(staff, proposal_id).json()["state"] == "submitted"
    assert live_acts(city, second) == [("proposal.submitted", "lead", "city")]
    assert len(first.get(f"/api/v1/proposals/{into}").json()["signers"]) == 1
    assert differences(city) == []
