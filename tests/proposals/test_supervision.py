"""Choosing who supervises a key proposal, and what happens once that leader, or a unit's last officer, has left."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from app.auth.models import AccountRole
from app.auth.permissions import Role
from app.core import clock
from app.core.sql import table
from tests.factories.domains.handling import assigned, handling, worked
from tests.factories.domains.proposals import filed, opened_window

QUEUE = "/api/v1/proposals?scope=visible&waits_for=supervisor_left"


@pytest.fixture
def case(city):
    """A key proposal that is supervised this month, and its people."""
    staff, author, leader = city.staff(), city.member("周岚"), city.staff(Role.LEADER, "主席甲")
    opened_window(staff)
    proposal_id = filed(city, author, staff)
    staff.put(f"/api/v1/proposals/{proposal_id}/key", {"marked": True, "reason": "关系民生"})
    supervise(staff, proposal_id, leader)
    return city, staff, author, leader, proposal_id


def supervise(staff, proposal_id, leader, month=None, status=200):
    wanted = {"supervisor_id": leader.account_id, "month": month or f"{clock.local_day(clock.now()):%Y-%m}"}
    answer = staff.put(f"/api/v1/proposals/{proposal_id}/supervision", wanted)
    assert answer.status_code == status, answer.text
    return answer.json()


def supervisors(who, year=""):
    answer = who.get(f"/api/v1/proposal-supervisors{year}")
    assert answer.status_code == 200, answer.text
    return {one["name"]: [p["id"] for p in one["proposals"]] for one in answer.json()}


def news(who, kind):
    items = who.get("/api/v1/notifications").json()["items"]
    return [(one["title"], one["read_at"] is None) for one in items if one["kind"] == kind]


def leave(city, who, role):
    security = city.staff(Role.SECURITY_ADMIN, "安全员")
    answer = security.delete(f"/api/v1/accounts/{who.account_id}/roles/{role}")
    assert answer.status_code == 204, answer.text
    return security


def test_staff_choose_among_leaders_and_see_what_each_looks_after(case):
    city, staff, author, leader, proposal_id = case
    other = city.staff(Role.LEADER, "副主席乙")
    assert supervisors(staff) == {"主席甲": [proposal_id], "副主席乙": []}
    year = clock.local_day(clock.now()).year
    assert supervisors(staff, f"?year={year + 1}") == {"主席甲": [], "副主席乙": []}
    supervise(staff, proposal_id, other, f"{year + 1}-03")
    assert supervisors(staff) == {"主席甲": [], "副主席乙": []}
    assert supervisors(staff, f"?year={year + 1}") == {"主席甲": [], "副主席乙": [proposal_id]}
    [of_other] = [
        one
        for one in staff.get(f"/api/v1/proposal-supervisors?year={year + 1}").json()
        if one["name"] == "副主席乙"
    ]
    assert of_other["account_id"] == other.account_id
    assert of_other["proposals"][0]["month"] == f"{year + 1}-03-01"
    for who in (leader, author, city.staff(Role.UNIT_OFFICER)):
        assert who.get("/api/v1/proposal-supervisors").status_code == 403


def test_a_leader_whose_account_is_closed_is_not_offered_and_not_taken(case):
    city, staff, _, _, proposal_id = case
    gone = city.staff(Role.LEADER, "副主席乙")
    admin = city.staff(Role.SYSTEM_ADMIN, "管理员")
    assert admin.put(f"/api/v1/accounts/{gone.account_id}/disabled", {"disabled": True}).status_code == 204
    assert supervisors(staff) == {"主席甲": [proposal_id]}
    assert supervise(staff, proposal_id, gone, status=422)["code"] == "unknown_leader"
    assert news(staff, "proposal.supervisor_left") == []  # looked after nothing


def test_staff_hear_of_a_leader_who_left_until_there_is_another(case):
    city, staff, author, leader, proposal_id = case
    reviewer, other = city.staff(name="机关乙"), city.staff(Role.LEADER, "副主席乙")
    assert staff.get(QUEUE).json()["items"] == []
    assert not handling(staff, proposal_id)["supervisor_left"]
    security = leave(city, leader, "leader")
    said = "主席甲不再担任主席会议成员，请为重点提案《关于增设社区嵌入式托育点的建议》另行确定督办领导"
    for who in (staff, reviewer):
        assert news(who, "proposal.supervisor_left") == [(said, True)]
    assert news(author, "proposal.supervisor_left") == []
    assert [one["id"] for one in staff.get(QUEUE).json()["items"]] == [proposal_id]
    assert handling(staff, proposal_id)["supervisor_left"]
    assert "主席甲" not in supervisors(staff)

    supervise(staff, proposal_id, other)
    assert staff.get(QUEUE).json()["items"] == []
    assert news(reviewer, "proposal.supervisor_left") == [(said, False)]
    leave_again = security.delete(f"/api/v1/accounts/{other.account_id}/roles/leader")
    assert leave_again.status_code == 204
    granted = security.post(f"/api/v1/accounts/{other.account_id}/roles", {"role": "leader"})
    assert granted.status_code == 200, granted.text
    assert staff.get(QUEUE).json()["items"] == []
    assert [unread for _, unread in news(staff, "proposal.supervisor_left")] == [False, False]


def test_a_role_that_came_to_its_last_day_stands_in_the_queue(case):
    city, staff, _, leader, proposal_id = case
    yesterday = clock.local_day(clock.now()) - timedelta(days=1)
    r = table(AccountRole)
    with city.database.transaction() as db:
        db.execute(update(r).where(r.c.account_id == leader.account_id).values(ends_on=yesterday))
    assert [one["id"] for one in staff.get(QUEUE).json()["items"]] == [proposal_id]
    counts = {one["key"]: one["count"] for one in staff.get("/api/v1/desks").json()["items"]}
    assert counts["supervisor_left"] == 1
    # what has ended waits for nobody
    staff.put(f"/api/v1/proposals/{proposal_id}/key", {"marked": False, "reason": "调整"})
    assert staff.get(QUEUE).json()["items"] == []


def test_staff_hear_when_the_last_officer_of_a_unit_at_work_leaves(case):
    city, staff, _, _, proposal_id = case
    first, second = city.staff(Role.UNIT_OFFICER, "承办甲"), city.staff(Role.UNIT_OFFICER, "承办乙")
    idle = city.staff(Role.UNIT_OFFICER, "承办丙", unit=city.unit("市交通局"))
    ids = assigned(city, staff, proposal_id, lead=0)
    worked(first, proposal_id, ids["市教育局"], "sign")
    kind = "proposal.unit_unattended"
    security = leave(city, first, "unit_officer")
    assert news(staff, kind) == []
    assert security.delete(f"/api/v1/accounts/{idle.account_id}/roles/unit_officer").status_code == 204
    assert news(staff, kind) == []  # nothing waits there
    admin = city.staff(Role.SYSTEM_ADMIN, "管理员")
    assert admin.put(f"/api/v1/accounts/{second.account_id}/disabled", {"disabled": True}).status_code == 204
    said = "市教育局已没有经办人员，手上还有 1 件提案，请与该单位联系确定人选"
    assert [title for title, _ in news(staff, kind)] == [said]


def test_no_key_proposal_any_more_asks_for_no_supervisor(case):
    city, staff, _, leader, proposal_id = case
    leave(city, leader, "leader")
    staff.put(f"/api/v1/proposals/{proposal_id}/key", {"marked": False, "reason": "调整"})
    assert [unread for _, unread in news(staff, "proposal.supervisor_left")] == [False]
    assert handling(staff, proposal_id)["supervisor_name"] is None
