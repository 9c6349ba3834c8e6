"""Who takes part, by month and by sector, with the members and records behind each figure."""

import pytest

from app.auth.permissions import Role
from app.core import clock
from tests.factories.domains.proposals import done, drafted, opened_window

PATH = "/api/v1/statistics/participation"


@pytest.fixture
def busy(city):
    """Two members of one sector act, one twice; a third is silent; a proposal is on file."""
    author, other, silent = city.member("周岚"), city.member("吴远"), city.member("郑静")
    assert silent
    clerk, leader = city.staff(), city.staff(Role.LEADER, "主席甲")
    opened_window(clerk)
    proposal_id = drafted(author, category="社会建设")
    done(author, proposal_id, "submit")
    done(clerk, proposal_id, "file")
    for who, words in ((author, "走访社区，听取加装电梯的意见。"), (other, "调研老旧小区停车。")):
        assert who.post("/api/v1/updates", {"kind": "visit", "body": words}).status_code == 201
    return city, clerk, leader, author


def test_acts_are_counted_by_month_and_by_sector_and_open_their_records(busy):
    _, clerk, leader, _ = busy
    seen = clerk.get(PATH).json()
    assert [m["month"][:7] for m in seen["months"]][-1] == clock.now().isoformat()[:7]
    present, [sector] = seen["months"][-1], [s for s in seen["sectors"] if s["acts"]]
    assert (present["acts"], present["count"]) == (3, 2)
    assert (sector["acts"], sector["count"]) == (3, 2)
    assert sector["seats"] == 3, "the silent one is seen"
    for figure in (present, sector):
        members = clerk.get(figure["path"]).json()["items"]
        assert [(m["name"], m["acts"]["count"]) for m in members] == [("周岚", 2), ("吴远", 1)]
        assert [len(clerk.get(m["acts"]["path"]).json()["items"]) for m in members] == [2, 1]
    first = clerk.get(f"{PATH}/members?limit=1").json()
    assert [
        m["name"] for m in clerk.get(f"{PATH}/members?limit=1&cursor={first['next']}").json()["items"]
    ] == ["吴远"]
    # a leader sees records that all members see: what is handed in is none of them
    assert leader.get(PATH).json()["months"][-1]["acts"] == 2


def test_proposals_are_counted_by_subject(busy):
    _, clerk, _, _ = busy
    found = clerk.get("/api/v1/statistics/subjects").json()["items"]
    assert [(s["category"], s["under_review"]["count"], s["on_file"]["count"]) for s in found] == [
        ("社会建设", 0, 1)
    ]
    assert len(clerk.get(found[0]["on_file"]["path"]).json()["items"]) == 1


def test_an_earlier_year_is_empty_and_members_do_not_see_it(busy):
    city, clerk, _, author = busy
    before = clerk.get(f"{PATH}?year=2001").json()
    assert len(before["months"]) == 12
    assert before["sectors"] == []
    officer = city.staff(Role.UNIT_OFFICER, "教育局")
    for path in (PATH, f"{PATH}/members", "/api/v1/statistics/subjects"):
        assert author.get(path).status_code == 403
        assert officer.get(path).status_code == 403
    assert clerk.get(f"{PATH}?year=99999").status_code == 422
    assert clerk.get(f"{PATH}/members?month=今天").status_code == 422
    assert clerk.get(f"{PATH}/members?sector_id=987654").json() == {"items": [], "next": None}
