"""Who sees what of the handling of a proposal, and who may do it."""

import pytest

from app.auth.permissions import Role
from tests.factories.domains.handling import assigned, handling, rated, talked, work, worked, wrote
from tests.factories.domains.proposals import filed, opened_window, run
from tests.factories.files import key_of


@pytest.fixture
def case(city):
    """A proposal with two splitting units, the first of which is at work."""
    staff, author = city.staff(), city.member("周岚")
    officer = city.staff(Role.UNIT_OFFICER)
    other = city.staff(Role.UNIT_OFFICER, unit=city.unit("市交通局"))
    opened_window(staff)
    proposal_id = filed(city, author, staff)
    ids = assigned(city, staff, proposal_id, split_1=0, split_2=1)
    worked(officer, proposal_id, ids["市教育局"], "sign", "start_handling")
    return city, staff, author, officer, other, proposal_id, ids


def bodies(who, proposal_id):
    return [r["body"] for r in handling(who, proposal_id)["replies"]]


def test_a_reply_is_its_units_until_it_is_handed_in_and_everybodys_once_it_is_sent(case):
    city, staff, author, officer, other, proposal_id, ids = case
    colleague, leader, member = city.staff(Role.UNIT_OFFICER), city.staff(Role.LEADER), city.member()
    mine = ids["市教育局"]
    assert wrote(officer, proposal_id, mine, body="初稿").status_code == 200
    readers = {"staff": staff, "author": author, "other": other, "leader": leader, "member": member}
    assert {name for name, who in readers.items() if bodies(who, proposal_id)} == set()
    assert bodies(colleague, proposal_id) == ["初稿"]
    worked(officer, proposal_id, mine, "submit_reply")
    assert {name for name, who in readers.items() if bodies(who, proposal_id)} == {"staff"}
    worked(staff, proposal_id, mine, "approve_reply")
    assert {name for name, who in readers.items() if bodies(who, proposal_id)} == set(readers)


def test_a_stale_reply_carries_the_present_one_and_loses_nothing(case):
    _, _, _, officer, _, proposal_id, ids = case
    mine = ids["市教育局"]
    first = wrote(officer, proposal_id, mine, body="第一稿").json()
    assert wrote(officer, proposal_id, mine, body="第一稿").json()["version"] == 1  # a retry is no conflict
    second = wrote(officer, proposal_id, mine, first["version"], body="第二稿").json()
    stale = wrote(officer, proposal_id, mine, first["version"], body="另一稿")
    assert (stale.status_code, stale.json()["current"]["body"]) == (412, "第二稿")
    assert second["version"] == 2
    worked(officer, proposal_id, mine, "submit_reply")
    closed = wrote(officer, proposal_id, mine, 2, body="第三稿")
    assert (closed.status_code, closed.json()["state"]) == (409, "reply_review")


def test_units_and_members_touch_only_what_is_theirs(case):
    city, staff, author, officer, other, proposal_id, ids = case
    mine, theirs = ids["市教育局"], ids["市交通局"]
    assert work(officer, proposal_id, theirs, "sign").status_code == 404
    assert wrote(other, proposal_id, mine).status_code == 404
    assert talked(other, proposal_id, mine).status_code == 404
    assert work(author, proposal_id, mine, "submit_reply").status_code == 404
    assert work(officer, proposal_id, mine, "approve_reply").status_code == 409
    assert work(staff, proposal_id, theirs, "sign").status_code == 403
    assert wrote(staff, proposal_id, mine).status_code == 403
    assert run(officer, proposal_id, "close").status_code == 409
    assert officer.get("/api/v1/proposals").json()["items"][0]["id"] == proposal_id
    stranger = city.staff(Role.UNIT_OFFICER, unit=city.unit("市水务局"))
    assert stranger.get("/api/v1/proposals").json()["items"] == []
    assert stranger.get(f"/api/v1/proposals/{proposal_id}/handling").status_code == 404
    assert stranger.get("/api/v1/proposal-deadlines").json()["items"] == []


def test_split_units_answer_each_and_every_answer_is_rated(case):
    city, staff, author, officer, other, proposal_id, ids = case
    wrote(officer, proposal_id, ids["市教育局"])
    worked(officer, proposal_id, ids["市教育局"], "submit_reply")
    assert worked(staff, proposal_id, ids["市教育局"], "approve_reply")["state"] == "assigned"
    worked(other, proposal_id, ids["市交通局"], "sign", "start_handling")
    wrote(other, proposal_id, ids["市交通局"], result_class="for_reference", adopted=0)
    worked(other, proposal_id, ids["市交通局"], "submit_reply")
    assert worked(staff, proposal_id, ids["市交通局"], "approve_reply")["result_class"] == "for_reference"
    first, second = handling(author, proposal_id)["to_rate"]
    assert run(staff, proposal_id, "close").json()["code"] == "rating_open"
    assert handling(author, proposal_id)["to_rate"] == [first, second]
    rated(author, proposal_id, first)
    assert handling(author, proposal_id)["to_rate"] == [second]
    rated(author, proposal_id, second, attitude="basically", result="dissatisfied", remark="没有落实")
    assert author.get(f"/api/v1/proposals/{proposal_id}").json()["state"] == "rated"
    assert rated(city.member(), proposal_id, first).status_code == 404
    outsider = city.member()
    assert handling(outsider, proposal_id)["ratings"] == []
    steps = outsider.get(f"/api/v1/proposals/{proposal_id}/track").json()["steps"]
    assert [s["data"] for s in steps if s["action"] == "rate"] == [{}, {}]


def test_a_plan_of_units_that_does_not_fit_is_refused(city):
    staff, author = city.staff(), city.member()
    city.unit("市交通局")
    opened_window(staff)
    proposal_id = filed(city, author, staff)
    first, second = ({"unit_id": unit} for unit in city.units)
    for units, code in (
        ([first | {"role": "co"}], "bad_roles"),
        ([first | {"role": "lead"}, second | {"role": "lead"}], "bad_roles"),
        ([first | {"role": "lead"}, second | {"role": "split"}], "bad_roles"),
        ([first | {"role": "lead"}, first | {"role": "co"}], "unknown_unit"),
        ([{"unit_id": 999, "role": "lead"}], "unknown_unit"),
    ):
        refused = run(staff, proposal_id, "assign", units=units)
        assert (refused.status_code, refused.json()["code"]) == (422, code)
    assert run(staff, proposal_id, "assign").json()["errors"][0]["field"] == "units"
    assert run(staff, proposal_id, "close", units=[first | {"role": "lead"}]).status_code == 409
    assert run(staff, proposal_id, "assign", units=[first | {"role": "lead"}]).json()["state"] == "assigned"
    again = run(staff, proposal_id, "assign", units=[first | {"role": "co"}])
    assert (again.status_code, again.json()["code"]) == (409, "already_assigned")
    assert run(staff, proposal_id, "assign", units=[second | {"role": "co"}]).status_code == 200


def test_supervision_is_for_key_proposals_and_leaders(city):
    staff, author, leader = city.staff(), city.member(), city.staff(Role.LEADER, "主席甲")
    other = city.staff(Role.LEADER, "主席乙")
    opened_window(staff)
    proposal_id = filed(city, author, staff)
    path = f"/api/v1/proposals/{proposal_id}"
    wanted = {"supervisor_id": leader.account_id, "month": "2026-11"}
    assert staff.put(f"{path}/supervision", wanted).json()["code"] == "not_key"
    staff.put(f"{path}/key", {"marked": True, "reason": "确定"})
    assert staff.put(f"{path}/supervision", wanted | {"supervisor_id": author.account_id}).status_code == 422
    assert staff.put(f"{path}/supervision", wanted | {"month": "2026-13"}).status_code == 422
    assert leader.put(f"{path}/supervision", wanted).status_code == 403
    assert staff.put(f"{path}/supervision", wanted).json()["supervised_month"] == "2026-11-01"
    seen = {"held_on": "2026-11-02", "body": "实地查看三处托育点。"}
    assert leader.post(f"{path}/inspections", seen).status_code == 201
    assert other.post(f"{path}/inspections", seen).status_code == 403
    assert leader.post(f"{path}/inspections", seen | {"held_on": "2099-01-01"}).status_code == 422
    assert [i["actor"] for i in handling(author, proposal_id)["inspections"]] == ["主席甲"]
    assert handling(city.member(), proposal_id)["inspections"] == []
    month = staff.get("/api/v1/proposals?scope=supervised&month=2026-11-01").json()["items"]
    assert [p["id"] for p in month] == [proposal_id]
    staff.put(f"{path}/key", {"marked": False, "reason": "调整"})
    assert leader.get("/api/v1/proposals?scope=supervised").json()["items"] == []


def test_a_reply_carries_files_that_are_read_by_whoever_reads_the_reply(case):
    city, staff, author, officer, other, proposal_id, ids = case
    mine, colleague = ids["市教育局"], city.staff(Role.UNIT_OFFICER)
    path = f"/api/v1/proposals/{proposal_id}/assignments/{mine}/reply/attachments"
    first, second = (
        key_of(officer, "三处选址".encode(), "方案.txt"),
        key_of(colleague, "三处选址".encode(), "方案.txt"),
    )
    assert officer.put(path, {"keys": [first]}).status_code == 409  # there is no reply yet
    reply_id = wrote(officer, proposal_id, mine).json()["id"]
    assert officer.put(path, {"keys": [first]}).json()["attachments"][0]["name"] == "方案.txt"
    assert officer.put(path, {"keys": [second]}).json()["code"] == "file_not_usable"  # a colleague's own
    kept = colleague.put(path, {"keys": [first, second]}).json()["attachments"]
    assert [file["key"] for file in kept] == [first, second]
    assert other.put(path, {"keys": []}).status_code == 404
    opens = {"reply": f"/api/v1/proposal-replies/{reply_id}", "file": f"/api/v1/files/{first}"}
    for who, status in ((author, 404), (other, 404), (city.member(), 404), (colleague, 200)):
        assert {who.get(path).status_code for path in opens.values()} == {status}
    assert colleague.put(path, {"keys": [second]}).json()["attachments"][0]["key"] == second
    worked(officer, proposal_id, mine, "submit_reply")
    assert officer.put(path, {"keys": []}).status_code == 409
    worked(staff, proposal_id, mine, "approve_reply")
    assert author.get(f"/api/v1/files/{second}").status_code == 200
    [reply] = handling(author, proposal_id)["replies"]
    assert [file["key"] for file in reply["attachments"]] == [second]


def test_units_at_work_and_staff_can_call_those_who_signed(case):
    _, staff, author, officer, other, proposal_id, ids = case
    read = {
        name: [s["phone"] for s in who.get(f"/api/v1/proposals/{proposal_id}").json()["signers"]]
        for name, who in {"officer": officer, "other": other, "staff": staff, "author": author}.items()
    }
    assert read["officer"] == read["other"] == read["staff"]
    assert read["staff"][0].startswith("+86")
    assert read["author"] == [None]
    worked(other, proposal_id, ids["市交通局"], "request_return", reason="不属于本单位职责")
    worked(staff, proposal_id, ids["市交通局"], "accept_return")
    gone = other.get(f"/api/v1/proposals/{proposal_id}")
    assert gone.status_code == 404 or gone.json()["signers"][0]["phone"] is None
