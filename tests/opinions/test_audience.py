"""Who sees a report: each state has its audience, and a draft is its author's alone."""

from app.auth import subjects
from app.auth.actor import actor_of
from app.auth.permissions import Role
from app.opinions.lifecycle import OpinionState
from tests.factories.city import City
from tests.factories.domains.opinions import TEXT, done, drafted, run


def listed(who, report_id) -> bool:
    pages = [
        who.get(f"/api/v1/opinions?scope={scope}").json()["items"] for scope in ("mine", "desk", "issued")
    ]
    pages += [who.get(f"/api/v1/opinions?scope=desk&state={state}").json()["items"] for state in OpinionState]
    return any(row["id"] == report_id for page in pages for row in page)


def sees(city, who, report_id) -> bool:
    """Whether id, track, lists and the subject's rule agree that `who` sees it."""
    with city.database.read.connect() as conn:
        rule = subjects.visible(conn, actor_of(conn, who.session_id), "opinion_report", [report_id])
    answers = {
        who.get(f"/api/v1/opinions/{report_id}").status_code == 200,
        who.get(f"/api/v1/opinions/{report_id}/track").status_code == 200,
        listed(who, report_id),
        rule == {report_id},
    }
    assert len(answers) == 1, answers
    return answers.pop()


def test_each_state_has_its_audience_and_members_never_see_others_reports(city):
    author, staff = city.member(), city.staff()
    elsewhere = City(city.app, city.database, name="政协石泉市委员会")
    everyone = {
        "author": author,
        "member": city.member(),
        "staff": staff,
        "leader": city.staff(Role.LEADER),
    }
    stranger = elsewhere.staff()
    report_id = drafted(author)

    def seen_by() -> set[str]:
        assert not sees(elsewhere, stranger, report_id)
        return {name for name, who in everyone.items() if sees(city, who, report_id)}

    assert seen_by() == {"author"}
    done(author, report_id, "submit")
    assert seen_by() == {"author", "staff"}
    done(staff, report_id, "start_editing")
    assert seen_by() == {"author", "staff"}
    done(staff, report_id, "issue", tier="city")
    assert seen_by() == {"author", "staff", "leader"}
    done(staff, report_id, "adopt", tier="city")
    assert seen_by() == {"author", "staff", "leader"}
    leader_track = everyone["leader"].get(f"/api/v1/opinions/{report_id}/track").json()["steps"]
    assert [s["action"] for s in leader_track] == ["issue", "adopt"]
    assert city.staff(Role.UNIT_OFFICER).get(f"/api/v1/opinions/{report_id}").status_code == 403


def test_anothers_draft_is_404_by_every_route(city):
    author, stranger, staff = city.member(), city.member(), city.staff()
    report_id = drafted(author)
    path = f"/api/v1/opinions/{report_id}"
    for who in (stranger, staff):
        for way in (path, f"{path}/track", f"{path}/versions", f"{path}/versions/1"):
            assert who.get(way).status_code == 404
        assert who.put(path, TEXT, headers={"If-Match": '"1"'}).status_code == 404
        assert run(who, report_id, "submit").status_code == 404
    assert stranger.delete(path).status_code == 404
    assert author.delete(path).status_code == 204
    assert author.get(path).status_code == 404
