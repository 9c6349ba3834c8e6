"""What an attacker tried with merged proposals and with numbers and got through; each stays shut."""

import itertools

import pytest

from app.auth.permissions import Role
from tests.factories.domains.handling import assigned, handling, rated, replied
from tests.factories.domains.ledger import differences
from tests.factories.domains.proposals import done, drafted, filed, opened_window, run


@pytest.fixture
def staff(city):
    staff = city.staff()
    opened_window(staff)
    return staff


def undo(staff, proposal_id):
    step_id = staff.get(f"/api/v1/proposals/{proposal_id}/track").json()["undoable"]
    return staff.post(f"/api/v1/proposals/{proposal_id}/undo", {"step_id": step_id or 1, "reason": "点错了"})


def test_who_came_along_with_a_merged_proposal_may_leave_and_come_back(city, staff):
    first, second = city.member(), city.member()
    into, other = drafted(first), drafted(second)
    for who, proposal_id in ((first, into), (second, other)):
        done(who, proposal_id, "submit")
    done(staff, other, "merge", reason="同一主题", into_id=into)
    done(staff, into, "return_for_revision", reason="请合并文字")
    answers = [
        second.put(f"/api/v1/proposals/{into}/signature", {"accept": accept}) for accept in (False, True)
    ]
    assert [a.status_code for a in answers] == [200, 200]
    assert differences(city) == []


def test_who_once_declined_to_sign_comes_along_with_their_own_proposal(city, staff):
    first, second = city.member(), city.member()
    third = city.member()
    into, other = drafted(first, kind="joint"), drafted(second)
    for guest, accept in ((second, False), (third, True)):
        first.post(f"/api/v1/proposals/{into}/signers", {"seat_ids": [guest.seat_id]})
        guest.put(f"/api/v1/proposals/{into}/signature", {"accept": accept})
    for who, proposal_id in ((first, into), (second, other)):
        done(who, proposal_id, "submit")
    done(staff, other, "merge", reason="同一主题", into_id=into)
    done(staff, into, "file")
    signed = second.get(f"/api/v1/proposals/{into}").json()
    assert signed["my_signature"] == "accepted"
    assert differences(city) == []


def test_a_chain_of_mergings_is_undone_from_its_end(city, staff):
    authors = [city.member() for _ in range(3)]
    ids = [drafted(who) for who in authors]
    for who, proposal_id in zip(authors, ids, strict=True):
        done(who, proposal_id, "submit")
    for one, into in itertools.pairwise(ids):
        done(staff, one, "merge", reason="同一主题", into_id=into)
    assert undo(staff, ids[0]).status_code == 409
    assert [undo(staff, one).json()["state"] for one in reversed(ids[:2])] == ["submitted", "submitted"]
    assert len(staff.get(f"/api/v1/proposals/{ids[2]}").json()["signers"]) == 1


def test_a_proposal_that_others_were_merged_into_is_not_withdrawn(city, staff):
    first, second = city.member(), city.member()
    into, other = drafted(first), drafted(second)
    for who, proposal_id in ((first, into), (second, other)):
        done(who, proposal_id, "submit")
    done(staff, other, "merge", reason="同一主题", into_id=into)
    answer = run(first, into, "withdraw")
    assert (answer.status_code, answer.json()["code"]) == (409, "has_merged")


def test_a_number_does_not_go_along_into_another_window(city, staff):
    author = city.member()
    proposal_id = filed(city, author, staff)
    assert undo(staff, proposal_id).status_code == 200
    answer = run(author, proposal_id, "withdraw")
    assert (answer.status_code, answer.json()["code"]) == (409, "numbered")
    assert done(staff, proposal_id, "file")["number"] == 1
    assert differences(city) == []


def test_who_is_taken_out_again_has_rated_nothing(city, staff):
    first, second = city.member(), city.member()
    officer = city.staff(Role.UNIT_OFFICER)
    into, other = filed(city, first, staff), drafted(second)
    done(second, other, "submit")
    done(staff, other, "merge", reason="同一主题", into_id=into)
    (work,) = assigned(city, staff, into, lead=0).values()
    reply = replied(officer, staff, into, work)
    for who, result in ((first, "satisfied"), (second, "dissatisfied")):
        assert rated(who, into, reply, result=result).status_code == 200
    assert undo(staff, other).status_code == 200
    assert [r["result"] for r in handling(staff, into)["ratings"]] == ["satisfied"]
    assert differences(city) == []
