"""Who finds what, by every way in: what may not be seen never leaks."""

import pytest

from app.auth.permissions import Role
from app.library.rules import DocumentKind
from tests.factories.city import City
from tests.factories.domains.library import paper, shelved, worked
from tests.factories.domains.proposals import TEXT, done, drafted, filed, opened_window

WORD, REPORT = "托育", "犇犇巷口路灯昏暗"
PATH = "/api/v1/library"


def ways(who, *, word: str = WORD, title: str = TEXT["title"]) -> list[str]:
    """The titles that somebody meets by search, list and likeness; each way must show the same."""
    every = {"kinds": list(DocumentKind)}
    answers = [
        who.get(f"{PATH}/documents", params={"q": word}),
        who.get(f"{PATH}/documents"),
        who.post(f"{PATH}/similar", {"title": title} | every),
        who.post(f"{PATH}/similar", {"title": title, "text": TEXT["situation"]} | every),
    ]
    assert {answer.status_code for answer in answers} == {200}, [answer.text for answer in answers]
    found = [sorted(row["title"] for row in answer.json()["items"]) for answer in answers]
    assert all(titles == found[0] for titles in found), found
    for row in answers[0].json()["items"]:
        assert who.get(f"{PATH}/documents/{row['id']}").status_code == 200
    return found[0]


def test_a_proposal_is_found_from_its_filing_on(city):
    staff, author, member, leader = city.staff(), city.member(), city.member(), city.staff(Role.LEADER)
    opened_window(staff)
    proposal_id = drafted(author)
    everybody = (author, member, staff, leader)

    def found() -> list[int]:
        worked(city)
        return [len(ways(who)) for who in everybody]

    assert found() == [0, 0, 0, 0]
    done(author, proposal_id, "submit")
    assert found() == [0, 0, 0, 0]
    done(staff, proposal_id, "return_for_revision", reason="请补充。")
    assert found() == [0, 0, 0, 0]
    done(author, proposal_id, "submit")
    done(staff, proposal_id, "file")
    assert found() == [1, 1, 1, 1]
    declined = drafted(author)
    done(author, declined, "submit")
    done(staff, declined, "decline", reason_code="academic")
    assert found() == [1, 1, 1, 1]


def test_what_waits_in_the_index_is_404_by_id(city):
    staff, author, member = city.staff(), city.member(), city.member()
    opened_window(staff)
    proposal_id = drafted(author)
    done(author, proposal_id, "submit")
    worked(city)  # it stands in the library for near-duplicates
    assert [who.get(f"{PATH}/documents/1").status_code for who in (author, member, staff)] == [404] * 3
    done(staff, proposal_id, "file")
    assert member.get(f"{PATH}/documents/1").json()["path"] == f"/api/v1/proposals/{proposal_id}"
    assert member.get(f"{PATH}/documents/2").status_code == 404


def test_an_issued_report_is_found_by_staff_leaders_and_its_author_only(city):
    staff, author, member, leader = city.staff(), city.member(), city.member(), city.staff(Role.LEADER)
    text = {"title": f"{REPORT}应当检修", "body": f"{REPORT}，居民夜间出行不便。"}
    report_id = author.post("/api/v1/opinions", text).json()["id"]

    def step(who, action: str, **more) -> None:
        answer = who.post(f"/api/v1/opinions/{report_id}/transitions", {"action": action, **more})
        assert answer.status_code == 200, answer.text

    def found() -> list[int]:
        worked(city)
        return [len(ways(who, word="犇犇", title=text["title"])) for who in (author, member, staff, leader)]

    step(author, "submit")
    step(staff, "start_editing")
    assert found() == [0, 0, 0, 0]
    step(staff, "issue", tier="city")
    assert found() == [1, 0, 1, 1]
    step(staff, "adopt", tier="city")
    assert found() == [1, 0, 1, 1]
    row = staff.get(f"{PATH}/documents").json()["items"][0]
    assert (row["kind"], row["state_label"], row["path"]) == (
        "opinion_report",
        "已采用",
        f"/api/v1/opinions/{report_id}",
    )


def test_imported_reports_are_no_business_of_members(city):
    shelved(city, *(paper(city, f"{TEXT['title']}{kind}", TEXT["situation"], kind) for kind in DocumentKind))
    member = [title[-8:] for title in ways(city.member())]
    assert len(member) == 3
    assert not any("report" in title for title in member)
    assert len(ways(city.staff())) == len(ways(city.staff(Role.LEADER))) == 4
    hidden = next(
        row["id"] for row in city.staff().get(f"{PATH}/documents?kind=opinion_report").json()["items"]
    )
    assert city.member().get(f"{PATH}/documents/{hidden}").status_code == 404
    assert city.member().get(f"{PATH}/documents?kind=opinion_report").json()["items"] == []


def test_another_organization_finds_nothing_and_has_a_library_of_its_own(city):
    staff, author = city.staff(), city.member()
    opened_window(staff)
    proposal_id = filed(city, author, staff)
    shelved(city, paper(city, TEXT["title"], TEXT["situation"]))
    worked(city)
    elsewhere = City(city.app, city.database, name="政协石泉市委员会")
    strangers = [elsewhere.member(), elsewhere.staff(), elsewhere.staff(Role.LEADER)]
    assert [ways(who) for who in strangers] == [[], [], []]
    assert strangers[1].get(f"{PATH}/proposals/{proposal_id}/duplicates").status_code == 404
    shelved(elsewhere, paper(elsewhere, TEXT["title"], TEXT["situation"]))
    assert [len(ways(who)) for who in strangers] == [1, 1, 1]
    assert len(ways(author)) == 2
    there = strangers[0].get(f"{PATH}/documents").json()["items"][0]["id"]
    assert author.get(f"{PATH}/documents/{there}").status_code == 404


def test_a_crowd_of_others_hides_no_case_of_ones_own(city):
    elsewhere = City(city.app, city.database, name="政协石泉市委员会")
    shelved(
        elsewhere,
        *(paper(elsewhere, TEXT["title"], TEXT["situation"], ref=f"import:{n}") for n in range(60)),
    )
    shelved(city, paper(city, "关于增设托育点的建议", TEXT["suggestions"]))
    found = (
        city.member().post(f"{PATH}/similar", {"title": TEXT["title"], "text": TEXT["suggestions"]}).json()
    )
    assert [row["title"] for row in found["items"]] == ["关于增设托育点的建议"]


@pytest.mark.parametrize("role", [Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDITOR, Role.UNIT_OFFICER])
def test_others_have_no_business_here(city, role):
    who = city.staff(role)
    assert who.get(f"{PATH}/documents").status_code == 403
    assert who.post(f"{PATH}/similar", {"title": "托育"}).status_code == 403
    assert who.get(f"{PATH}/proposals/1/duplicates").status_code == 403
    assert city.member().get(f"{PATH}/proposals/1/duplicates").status_code == 403
    assert city.anonymous().post(f"{PATH}/similar", json={"title": "托育"}).status_code == 401
