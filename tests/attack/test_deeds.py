"""What an attacker tried with deeds of projects and got through; each stays shut."""

from tests.factories.domains.archive import begun, claimed, confirmed, done, logged, records, speech, step
from tests.factories.domains.ledger import differences
from tests.support.at_once import at_once


def deeds(who):
    return who.get("/api/v1/deeds").json()["items"]


def test_an_act_that_comes_back_by_an_appeal_is_in_no_second_project(city):
    staff, first, second = city.staff(), city.member(), city.member()
    here, there = begun(staff), begun(staff, title="另一个项目")
    claim = confirmed(first, staff, here)
    appeal = claimed(first, record_id=claim["recorded"]["id"], body="没有去")
    appeal = done(staff, appeal, "confirm", void=True, reason="核对属实")
    confirmed(second, staff, there)
    back = step(staff, appeal, "reopen", reason="再核")
    assert (back.status_code, back.json().get("code")) == (409, "other_project")
    assert [found["project"] for found in deeds(staff)] == ["另一个项目"]
    assert differences(city) == []


def test_a_claim_of_a_project_stays_a_deed(city):
    staff, member = city.staff(), city.member()
    claim = logged(member, begun(staff))
    new = {"act": speech(), "project_id": claim["project"]["id"]}
    answer = member.put(f"/api/v1/claims/{claim['id']}", new, headers={"If-Match": '"1"'})
    assert (answer.status_code, answer.json().get("code")) == (422, "no_deed")


def test_one_act_claimed_for_two_projects_at_once_is_in_one(city):
    staff, clerk = city.staff(), city.staff()
    claims = [logged(city.member(), begun(staff, title=title)) for title in ("甲", "乙")]
    answers = at_once(lambda: step(staff, claims[0], "confirm"), lambda: step(clerk, claims[1], "confirm"))
    assert sorted(answer.status_code for answer in answers) == [200, 409]
    assert len(deeds(staff)) == 1


def test_who_claims_one_act_twice_is_in_it_once(city):
    staff, member = city.staff(), city.member()
    project = begun(staff)
    confirmed(member, staff, project)
    answer = step(staff, logged(member, project, role="participant"), "confirm")
    assert (answer.status_code, answer.json()["code"]) == (409, "already_recorded")
    assert [one["role"] for one in records(member)] == ["lead"]
    assert len(deeds(staff)[0]["members"]) == 1
