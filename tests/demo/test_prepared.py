"""What is to come in the demo city is prepared, and its newest pages have something to show."""

import pytest

from app.auth.permissions import Role
from app.phrases.kinds import PhraseKind
from tests.factories.demo import seat_of


@pytest.fixture
def host(demo, filled):
    with filled.database.read.connect() as conn:
        seat = seat_of(conn, filled.logins[0])
    return demo.acting_as(Role.MEMBER, seat)


def coming(who):
    """The activities to come, whole."""
    items = who.get("/api/v1/activities?when=upcoming&limit=50").json()["items"]
    return [who.get(f"/api/v1/activities/{item['id']}").json() for item in items]


def test_activities_to_come_have_an_agenda_and_papers_that_open(host):
    activities = coming(host)
    assert len(activities) >= 4
    for activity in activities:
        assert len(activity["agenda"]) >= 3, activity["title"]
        assert all(item["time"] for item in activity["agenda"])
        assert activity["papers"], activity["title"]
        for paper in activity["papers"]:
            content = host.get(f"/api/v1/files/{paper['file']['key']}")
            assert content.content.startswith(b"%PDF-")
            assert paper["file"]["name"] == f"{paper['title']}.pdf"


def test_a_member_has_a_chair_where_people_sit(host):
    places = {activity["kind"]: activity["my_place"] for activity in coming(host)}
    assert places["consultation"]
    assert places["committee_meeting"]
    assert places["inspection"] is None, "nobody sits where one walks"


def test_a_hall_seats_everybody_and_the_highest_posts_in_front(demo):
    clerk = demo.acting_as(Role.SECRETARIAT)
    seatings = [clerk.get(f"/api/v1/activities/{activity['id']}/hall") for activity in coming(clerk)]
    halls = [seating.json() for seating in seatings if seating.status_code == 200]
    assert len(halls) >= 2
    for hall in halls:
        assert (hall["unplaced"], hall["gone"]) == ([], [])
        assert 1 <= sum(guest["row"] == 1 for guest in hall["guests"]) < len(hall["guests"])


def test_the_office_has_phrases_of_its_own(demo):
    clerk = demo.acting_as(Role.SECRETARIAT)
    kinds = {of["kind"]: of for of in clerk.get("/api/v1/phrases").json()["items"]}
    kept = kinds[PhraseKind.PROPOSAL_RETURN]
    assert kept["version"] == 1
    assert len(kept["texts"]) > len(PhraseKind.PROPOSAL_RETURN.start)
    assert kinds[PhraseKind.REPLY_HIDE]["version"] == 0, "the others are as every office starts"


def test_the_month_has_words_and_the_bulletin_groups(demo):
    leader = demo.acting_as(Role.LEADER)
    month = leader.get("/api/v1/statistics/words").json()
    assert len(month["words"]) >= 3
    texts = leader.get(month["words"][0]["path"]).json()
    assert len(texts) == month["words"][0]["count"]
    bulletin = leader.get("/api/v1/bulletins").json()["items"][0]["path"]
    for by in ("sector", "committee"):
        assert len(leader.get(f"{bulletin}/groups?by={by}&kind=activity.attended").json()) >= 5


def test_parties_and_groups_have_their_members(host):
    bodies = host.get("/api/v1/bodies").json()
    kinds = {body["kind"] for body in bodies}
    assert {"service", "activity", "district", "research"} <= kinds
    for body in bodies:
        if body["kind"] in {"service", "activity", "district", "research"}:
            assert body["member_count"] >= 3, body["name"]
            assert body["head"], body["name"]
    [team] = [body for body in bodies if body["kind"] == "service" and body["belongs"]][:1]
    found = host.get(f"/api/v1/bodies/{team['id']}/members").json()
    assert len(found) == team["member_count"]
