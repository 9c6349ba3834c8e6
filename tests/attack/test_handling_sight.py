"""What an attacker read of the handling of proposals and was not to; each stays shut."""

import pytest

from app.auth.permissions import Role
from tests.factories.domains.handling import assigned, handling, rated, replied, talked, work, worked, wrote
from tests.factories.domains.proposals import done, drafted, filed, opened_window


@pytest.fixture
def staff(city):
    staff = city.staff()
    opened_window(staff)
    return staff


def both(city, member, unit=0):
    """A member who works in a unit as well."""
    with city.database.transaction() as db:
        city._grant(db, member.account_id, Role.UNIT_OFFICER, unit_id=city.units[unit])
    return city.log_in(member)


def test_a_member_who_works_in_a_unit_sees_no_more_of_what_others_handle(city, staff):
    author, officer = city.member(), city.staff(Role.UNIT_OFFICER)
    helper = city.staff(Role.UNIT_OFFICER, unit=city.unit("市交通局"))
    stranger = both(city, city.member(), city.unit("市住建局"))
    proposal_id = filed(city, author, staff)
    units = [{"unit_id": city.units[0], "role": "lead"}, {"unit_id": city.units[1], "role": "co"}]
    done(staff, proposal_id, "assign", units=units, reason="内部交办说明")
    ids = {a["unit_name"]: a["id"] for a in handling(staff, proposal_id)["assignments"]}
    worked(helper, proposal_id, ids["市交通局"], "sign", "start_handling")
    wrote(helper, proposal_id, ids["市交通局"], body="会办意见", result_class=None)
    worked(helper, proposal_id, ids["市交通局"], "submit_reply")
    worked(staff, proposal_id, ids["市交通局"], "approve_reply")
    reply_id = replied(officer, staff, proposal_id, ids["市教育局"])
    assert talked(officer, proposal_id, ids["市教育局"]).status_code == 201
    assert rated(author, proposal_id, reply_id, remark="给单位看的").status_code == 200
    seen = handling(stranger, proposal_id)
    inside = ("deadlines", "consultations", "ratings", "inspections")
    assert {name: seen[name] for name in inside} == {key: [] for key in inside}
    assert [r["id"] for r in seen["replies"]] == [reply_id]
    assert {a["note"] for a in seen["assignments"]} == {None}
    steps = stranger.get(f"/api/v1/proposals/{proposal_id}/track").json()["steps"]
    assert [s["data"] for s in steps if s["action"] == "rate"] == [{}]
    graded = f"/api/v1/statistics/units/{city.units[0]}/proposals?figure=attitude_satisfied"
    assert stranger.get(graded).status_code == 403
    mine = both(city, city.member())
    assert handling(mine, proposal_id)["ratings"] == []  # until it is closed
    done(staff, proposal_id, "close")
    assert len(handling(mine, proposal_id)["ratings"]) == 1
    assert mine.get(graded).status_code == 200


def test_what_a_unit_and_the_secretariat_tell_each_other_is_no_reason_for_members(city, staff):
    author, officer = city.member(), city.staff(Role.UNIT_OFFICER)
    proposal_id = filed(city, author, staff)
    [work_id] = assigned(city, staff, proposal_id, lead=0).values()
    assert work(officer, proposal_id, work_id, "request_return", reason="不属我局职责").status_code == 200
    path = f"/api/v1/proposals/{proposal_id}"
    assert city.member().get(path).json()["state_reason"] is None
    for who in (author, staff, officer, city.staff(Role.LEADER)):
        assert who.get(path).json()["state_reason"] == "不属我局职责"


def test_the_title_of_a_merged_proposal_is_for_those_who_may_see_it(city, staff):
    first, second = city.member(), city.member()
    into, other = filed(city, first, staff), drafted(second, title="关于未公开事项的建议")
    done(second, other, "submit")
    done(staff, other, "merge", reason="同一主题", into_id=into)
    path = f"/api/v1/proposals/{into}/track"
    assert "未公开" not in city.member().get(path).text
    assert all("未公开" in who.get(path).text for who in (first, second, staff))
