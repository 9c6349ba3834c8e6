"""Meetings that are held online, too: who reads the link, and presence by joining."""

from datetime import timedelta

import pytest

from app.auth.permissions import Role
from app.core import clock
from tests.factories.city import City, Who
from tests.factories.domains.activities import DOORS, PATH, START, at, edited, live, meeting


@pytest.fixture(autouse=True)
def _april():
    with clock.frozen_at(START - timedelta(days=30)):
        yield


ONLINE = {"online_link": "https://meeting.example.org/j/123456789", "online_number": "123-456-789，密码 2026"}


def test_who_joins_online_attends_and_only_the_invited_read_the_link(city: City):
    staff, member, leader = city.staff(), city.member(), city.staff(Role.LEADER)
    onsite, made = meeting(staff, title="现场"), meeting(staff, title="线上", **ONLINE)
    path = f"{PATH}/{made['id']}"

    def seen(who: Who) -> tuple[str, str]:
        one = who.get(path).json()
        assert one["is_online"]
        return one["online_link"], one["online_number"]

    assert seen(staff) == seen(member) == tuple(ONLINE.values())
    assert seen(leader) == ("", "")
    early = member.put(f"{path}/joining")
    assert (early.status_code, early.json()["code"]) == (409, "sign_in_closed")
    with at(city, DOORS, member, leader):
        assert "join" in member.get(path).json()["may"]
        joined = member.put(f"{path}/joining")
        assert joined.json()["my_state"] == member.put(f"{path}/joining").json()["my_state"] == "attended"
        assert "join" in joined.json()["may"], "the way back into the meeting stays"
        refused = member.put(f"{PATH}/{onsite['id']}/joining")
        assert (refused.status_code, refused.json()["code"]) == (409, "not_online")
        assert leader.put(f"{path}/joining").status_code == 403
    assert [kind for kind, *_ in live(city, member)] == ["activity.attended"]


@pytest.mark.parametrize(
    "link",
    [
        "http://meeting.example.org",
        "meeting",
        "https://会议.cn/ a",
        "javascript:alert(1)",
        'https://a"><script>',
        "https://you:me@b",
    ],
)
def test_a_link_that_is_none_is_refused_with_a_sentence(city: City, link: str):
    staff = city.staff()
    refused = edited(
        staff, f"{PATH}/{meeting(staff, seat_ids=[city.member().seat_id])['id']}", {"online_link": link}
    )
    assert refused.status_code == 422
    assert "https://" in refused.json()["errors"][0]["detail"]
