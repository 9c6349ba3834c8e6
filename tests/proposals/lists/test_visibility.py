"""Who sees what, by every way in."""

import pytest

from app.auth import subjects
from app.auth.actor import actor_of
from app.auth.permissions import Role
from app.core import clock
from tests.factories.city import City
from tests.factories.domains.proposals import TEXT, done, drafted, filed, opened_window


def ways_in(proposal_id: int) -> list[str]:
    path = f"/api/v1/proposals/{proposal_id}"
    return [path, f"{path}/track", f"{path}/versions", f"{path}/versions/1"]


def listed(who, proposal_id: int) -> bool:
    pages = [
        who.get(f"/api/v1/proposals?scope={scope}&limit=100&q=托育").json()["items"]
        for scope in ("mine", "cosigned", "filed", "review")
    ] + [
        who.get(f"/api/v1/proposals?scope=review&state={state}").json()["items"]
        for state in ("draft", "submitted", "returned", "declined", "filed")
    ]
    return any(row["id"] == proposal_id for page in pages for row in page)


def sees(city, who, proposal_id: int) -> bool:
    """Whether id, track, lists and the subject's rule agree that `who` sees it."""
    with city.database.read.connect() as conn:
        rule = subjects.visible(conn, actor_of(conn, who.session_id), "proposal", [proposal_id])
    answers = {
        who.get(f"/api/v1/proposals/{proposal_id}").status_code == 200,
        who.get(f"/api/v1/proposals/{proposal_id}/track").status_code == 200,
        listed(who, proposal_id),
        rule == {proposal_id},
    }
    assert len(answers) == 1, answers
    return answers.pop()


def circle(city) -> dict:
    return {
        "author": city.member(),
        "signer": city.member(),
        "member": city.member(),
        "staff": city.staff(),
        "leader": city.staff(Role.LEADER),
        "unit": city.staff(Role.UNIT_OFFICER),
    }


def test_each_state_has_its_audience(city):
    everyone = circle(city)
    author, signer, staff = everyone["author"], everyone["signer"], everyone["staff"]
    opened_window(staff)
    proposal_id = drafted(author, kind="joint")

    def seen_by() -> set[str]:
        return {name for name, who in everyone.items() if sees(city, who, proposal_id)}

    assert seen_by() == {"author"}
    author.post(f"/api/v1/proposals/{proposal_id}/signers", {"seat_ids": [signer.seat_id]})
    assert seen_by() == {"author", "signer"}
    signer.put(f"/api/v1/proposals/{proposal_id}/signature", {"accept": True})
    done(author, proposal_id, "submit")
    assert seen_by() == {"author", "signer", "staff", "leader"}
    done(staff, proposal_id, "return_for_revision", reason="请补充。")
    assert seen_by() == {"author", "signer", "staff"}
    done(author, proposal_id, "submit")
    done(staff, proposal_id, "start_review")
    assert seen_by() == {"author", "signer", "staff", "leader"}
    done(staff, proposal_id, "file")
    assert seen_by() == {"author", "signer", "staff", "leader", "member"}
    declined = drafted(author)
    done(author, declined, "submit")
    done(staff, declined, "decline", reason_code="academic")
    assert {name for name, who in everyone.items() if sees(city, who, declined)} == {"author", "staff"}


def test_a_strangers_draft_is_404_by_every_route(city):
    author, stranger, staff = city.member(), city.member(), city.staff()
    opened_window(staff)
    proposal_id = drafted(author, kind="joint")
    path = f"/api/v1/proposals/{proposal_id}"
    for who in (stranger, staff):
        assert [who.get(way).status_code for way in ways_in(proposal_id)] == [404] * 4
        assert who.post(f"{path}/transitions", {"action": "submit"}).status_code == 404
        assert who.post(f"{path}/transitions", {"action": "file"}).status_code == 404
    assert stranger.put(path, TEXT, headers={"If-Match": '"1"'}).status_code == 404
    assert stranger.delete(path).status_code == 404
    assert stranger.put(f"{path}/attachments", {"keys": []}).status_code == 404
    assert stranger.post(f"{path}/signers", {"seat_ids": [stranger.seat_id]}).status_code == 404
    assert stranger.delete(f"{path}/signers/{stranger.seat_id}").status_code == 404
    assert stranger.put(f"{path}/signature", {"accept": True}).status_code == 404
    for mark in ("key", "commendation"):
        assert staff.put(f"{path}/{mark}", {"marked": True, "reason": "无"}).status_code == 404
    assert author.get(path).json()["version"] == 1


def test_members_see_the_track_of_a_filed_proposal_from_its_filing_on(city):
    staff, author, member = city.staff(), city.member(), city.member()
    opened_window(staff)
    proposal_id = drafted(author)
    done(author, proposal_id, "submit")
    done(staff, proposal_id, "return_for_revision", reason="内部意见。")
    done(author, proposal_id, "submit")
    done(staff, proposal_id, "file", reason="同意立案。")
    actions = [s["action"] for s in author.get(f"/api/v1/proposals/{proposal_id}/track").json()["steps"]]
    assert actions == ["submit", "return_for_revision", "submit", "file"]
    public = member.get(f"/api/v1/proposals/{proposal_id}/track")
    assert [s["action"] for s in public.json()["steps"]] == ["file"]
    assert "内部意见" not in public.text
    assert member.get(f"/api/v1/proposals/{proposal_id}/versions").status_code == 404


def test_staff_do_not_read_versions_from_before_the_submission(city):
    staff, author = city.staff(), city.member()
    opened_window(staff)
    proposal_id = drafted(author, situation="不想让人看到的初稿。")
    author.put(f"/api/v1/proposals/{proposal_id}", TEXT, headers={"If-Match": '"1"'})
    done(author, proposal_id, "submit")
    path = f"/api/v1/proposals/{proposal_id}/versions"
    assert [v["version"] for v in staff.get(path).json()["items"]] == [2]
    assert staff.get(f"{path}/1").status_code == 404
    assert author.get(f"{path}/1").status_code == 200


def test_another_organization_sees_nothing(city):
    staff, author = city.staff(), city.member()
    opened_window(staff)
    proposal_id = filed(city, author, staff)
    elsewhere = City(city.app, city.database, name="政协石泉市委员会")
    for who in (elsewhere.member(), elsewhere.staff(), elsewhere.staff(Role.LEADER)):
        assert not sees(elsewhere, who, proposal_id)
    assert elsewhere.member().get("/api/v1/proposal-windows").json()["items"] == []


def test_a_notification_of_what_may_no_longer_be_seen_has_lost_its_words(city):
    author, friend = city.member(), city.member()
    proposal_id = drafted(author, kind="joint")
    author.post(f"/api/v1/proposals/{proposal_id}/signers", {"seat_ids": [friend.seat_id]})
    assert TEXT["title"] in friend.get("/api/v1/notifications").text
    author.delete(f"/api/v1/proposals/{proposal_id}/signers/{friend.seat_id}")
    assert TEXT["title"] not in friend.get("/api/v1/notifications").text


@pytest.mark.parametrize("role", [Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDITOR])
def test_administrators_have_no_business_here(city, role):
    somebody = city.staff(role)
    assert somebody.get("/api/v1/proposals").status_code == 403
    assert somebody.get("/api/v1/proposal-windows").status_code == 403


def test_a_seat_that_ended_writes_no_more(city):
    today = clock.local_day(clock.now())
    author = city.member(ends_on=today)
    assert author.post("/api/v1/proposals", TEXT).status_code == 201
    assert city.staff().post("/api/v1/proposals", TEXT).status_code == 403
    assert city.anonymous().post("/api/v1/proposals", json=TEXT).status_code == 401
