"""The three reviews of a proposal by different people, where an organization wants it so."""

import pytest

from app.auth.areas import Area
from tests.factories.city import City, Who
from tests.factories.domains.proposals import done, drafted, opened_window, run

STEPS = (("start_review", 0), ("to_joint_review", 0), ("to_final_review", 1), ("file", 2))


@pytest.fixture
def staff(city: City) -> Who:
    who = city.staff(name="机关甲")
    opened_window(who)
    who.put("/api/v1/proposal-rules", {"reviews": 3})
    return who


def submitted(city: City) -> int:
    author = city.member()
    proposal = drafted(author)
    done(author, proposal, "submit")
    return proposal


def actions(who: Who, proposal: int) -> set[str]:
    return {a["action"] for a in who.get(f"/api/v1/proposals/{proposal}").json()["actions"]}


def test_each_review_is_done_by_the_office_that_has_it(city, staff):
    areas = (Area.FIRST_REVIEW, Area.JOINT_REVIEW, Area.FINAL_REVIEW)
    reviewers = [
        city.staff(name=f"审查{n}", office=city.office(f"审查{n}", area)) for n, area in enumerate(areas)
    ]
    desk = city.staff(name="交办", office=city.office("交办", Area.PROPOSALS))
    proposal = submitted(city)

    for action, turn in STEPS:
        for place, who in enumerate([*reviewers, desk]):
            if place != turn:
                assert not {a for a, _ in STEPS} & actions(who, proposal)
                assert run(who, proposal, action).status_code == 403
        assert action in actions(reviewers[turn], proposal)
        done(reviewers[turn], proposal, action)

    assert "assign" not in actions(reviewers[2], proposal)
    assert "assign" in actions(desk, proposal)


def test_nobody_does_all_reviews_where_that_is_forbidden(city, staff):
    rules = staff.get("/api/v1/proposal-rules").json()
    assert rules["separate_reviewers"] is False
    staff.put("/api/v1/proposal-rules", rules | {"separate_reviewers": True})
    second, proposal = city.staff(name="机关乙"), submitted(city)
    for action in ("start_review", "to_joint_review", "to_final_review"):
        done(staff, proposal, action)

    assert not {"file", "decline", "return_for_revision"} & actions(staff, proposal)
    track = staff.get(f"/api/v1/proposals/{proposal}/track").json()
    assert track["actions"] == staff.get(f"/api/v1/proposals/{proposal}").json()["actions"]
    refused = run(staff, proposal, "file")
    assert (refused.status_code, refused.json()["code"]) == (409, "same_reviewer")
    assert "不能由一人完成" in refused.json()["detail"]
    assert run(staff, proposal, "decline", reason_code="personal").json()["code"] == "same_reviewer"
    done(second, proposal, "return_for_revision", reason="请补充数据")

    author = city.member()
    again = drafted(author)
    done(author, again, "submit")
    for action in ("start_review", "to_joint_review"):
        done(staff, again, action)
    done(second, again, "to_final_review")
    assert "file" in actions(staff, again)
    done(staff, again, "file")


def test_a_review_that_was_undone_and_a_new_round_do_not_count(city, staff):
    staff.put("/api/v1/proposal-rules", {"reviews": 2, "separate_reviewers": True})
    second, proposal = city.staff(name="机关乙"), submitted(city)
    done(staff, proposal, "start_review")
    done(staff, proposal, "to_joint_review")
    assert run(staff, proposal, "file").json()["code"] == "same_reviewer"
    wrong = staff.get(f"/api/v1/proposals/{proposal}/track").json()["undoable"]
    undone = staff.post(f"/api/v1/proposals/{proposal}/undo", {"step_id": wrong, "reason": "送错了"})
    assert undone.status_code == 200, undone.text
    done(second, proposal, "to_joint_review")
    assert run(second, proposal, "file").json()["code"] == "same_reviewer"
    done(staff, proposal, "file")


def test_with_one_review_one_person_is_enough(city, staff):
    staff.put("/api/v1/proposal-rules", {"reviews": 1, "separate_reviewers": True})
    done(staff, submitted(city), "file")
