"""Two decide at once, in two threads over two connections: one wins, and history has one row."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest

from app.auth.permissions import Role
from tests.factories.domains.ledger import differences, live_acts
from tests.factories.domains.opinions import TEXT, combined, done, issued, run, steps, submitted

RACES = 8


def at_once(*acts):
    """The answers of acts that start together."""
    barrier = Barrier(len(acts))

    def go(act):
        barrier.wait()
        return act()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(go, acts))


@pytest.fixture
def staff(city):
    return [city.staff(name="机关甲"), city.staff(name="机关乙")]


def test_of_two_who_issue_one_wins(city, staff):
    author, (one, two) = city.member(), staff
    for _ in range(RACES):
        report_id = submitted(author)
        done(one, report_id, "start_editing")
        answers = at_once(
            lambda r=report_id: run(one, r, "issue", tier="city"),
            lambda r=report_id: run(two, r, "issue", tier="province"),
        )
        won, lost = sorted(answers, key=lambda a: a.status_code)
        assert (won.status_code, lost.status_code) == (200, 409)
        assert (lost.json()["code"], lost.json()["state"]) == ("illegal_transition", "issued")
        assert [s["action"] for s in steps(author, report_id)] == ["submit", "start_editing", "issue"]
        assert steps(author, report_id)[-1]["tier"] == won.json()["tier"]
    assert [kind for kind, *_ in live_acts(city, author)].count("opinion.issued") == RACES
    assert differences(city) == []


def test_a_part_goes_into_one_of_two_reports(city, staff):
    author, (one, two) = city.member(), staff
    wholes = [combined(one, submitted(city.member()), submitted(city.member())) for _ in range(2)]
    for _ in range(5):
        part = submitted(author)
        answers = at_once(
            *(
                lambda p=part, s=s, w=w: run(s, p, "combine", into_id=w)
                for s, w in zip((one, two), wholes, strict=True)
            )
        )
        assert sorted(a.status_code for a in answers) == [200, 409]
        won = next(a for a in answers if a.status_code == 200).json()["combined_into"]["id"]
        holding = {
            w for w in wholes if part in {s["id"] for s in one.get(f"/api/v1/opinions/{w}").json()["sources"]}
        }
        assert holding == {won}
        assert [s["action"] for s in steps(author, part)] == ["submit", "combine"]


def test_a_part_is_issued_with_the_whole_or_taken_out_before(city, staff):
    author, (one, two) = city.member(), staff
    for _ in range(5):
        part = submitted(author)
        whole = combined(one, part, submitted(city.member()), submitted(city.member()))
        issue, release = at_once(
            lambda w=whole: run(one, w, "issue", tier="city"),
            lambda p=part: run(two, p, "release", reason="另行编发。"),
        )
        assert issue.status_code == 200
        taken = [s["action"] for s in steps(author, part)][2:]
        assert taken == {200: ["release"], 409: ["issue"]}[release.status_code]
    assert differences(city) == []


def test_two_parts_join_and_leave_at_once_without_waiting_in_a_circle(city, staff):
    one, two = staff
    parts = [submitted(city.member()) for _ in range(4)]
    whole = combined(one, *parts[:2])
    for _ in range(5):
        answers = at_once(
            lambda: run(one, parts[2], "combine", into_id=whole),
            lambda: run(two, parts[3], "combine", into_id=whole),
        )
        assert [a.status_code for a in answers] == [200, 200]
        answers = at_once(
            lambda: run(one, parts[2], "release", reason="再想想。"),
            lambda: run(two, parts[3], "release", reason="再想想。"),
        )
        assert [a.status_code for a in answers] == [200, 200]
    assert differences(city) == []


def test_of_two_who_undo_one_step_goes(city, staff):
    author, one = city.member(), staff[0]
    for _ in range(5):
        report_id = issued(author, one)
        done(one, report_id, "adopt", tier="city")
        last = steps(one, report_id)[-1]["id"]
        answers = at_once(
            *(
                lambda s=s, r=report_id, step=last: run(s, r, "undo", reason="误点。", step_id=step)
                for s in staff
            )
        )
        assert sorted(a.status_code for a in answers) == [200, 409]
        assert one.get(f"/api/v1/opinions/{report_id}").json()["state"] == "issued"
        assert [s["action"] for s in steps(author, report_id)].count("undo") == 1
    assert differences(city) == []


def test_the_author_withdraws_or_staff_begin(city, staff):
    author, one = city.member(), staff[0]
    for _ in range(5):
        report_id = submitted(author)
        withdrawn, begun = at_once(
            lambda r=report_id: run(author, r, "withdraw"), lambda r=report_id: run(one, r, "start_editing")
        )
        state = author.get(f"/api/v1/opinions/{report_id}").json()["state"]
        if withdrawn.status_code == 200:
            assert (begun.status_code, state) == (404, "draft")
        else:
            assert (withdrawn.status_code, begun.status_code, state) == (409, 200, "editing")
        assert len(steps(author, report_id)) == 2
    assert differences(city) == []


def test_of_two_edits_from_one_version_one_is_stale(city, staff):
    author, one = city.member(), staff[0]
    report_id = submitted(author)
    done(one, report_id, "start_editing")
    answers = at_once(
        *(
            lambda s=s, body=body: s.put(
                f"/api/v1/opinions/{report_id}", TEXT | {"body": body}, headers={"If-Match": '"1"'}
            )
            for s, body in zip(staff, ("甲", "乙"), strict=True)
        )
    )
    assert sorted(a.status_code for a in answers) == [200, 412]
    assert len(one.get(f"/api/v1/opinions/{report_id}/versions").json()["items"]) == 2


def test_a_lead_becomes_one_report(city, staff):
    officer = city.staff(Role.INFORMATION_OFFICER)
    for _ in range(5):
        lead_id = officer.post("/api/v1/leads/own", {"body": "路灯不亮。"}).json()["id"]
        path = f"/api/v1/leads/{lead_id}/transitions"
        answers = at_once(*(lambda s=s, p=path: s.post(p, {"action": "use"}) for s in staff))
        assert sorted(a.status_code for a in answers) == [200, 409]
    reports = staff[0].get("/api/v1/opinions?scope=desk&kind=lead").json()["items"]
    assert len(reports) == 5
    assert differences(city) == []


def test_many_at_once_do_not_pass_the_limit(city, monkeypatch):
    monkeypatch.setattr("app.opinions.leads.service.BY_ADDRESS", ((timedelta(hours=1), 3),))
    city.staff()
    lead = {"organization_id": city.organization_id, "body": "路灯不亮。"}
    clients = [city.anonymous() for _ in range(6)]
    answers = at_once(*(lambda c=c: c.post("/api/v1/leads", json=lead) for c in clients))
    assert sorted(a.status_code for a in answers) == [201, 201, 201, 429, 429, 429]
