"""Agenda and papers of an activity: the invited read them, those who come hear of changed papers."""

from datetime import timedelta

import pytest

from app.core import clock
from tests.factories.city import City, Who
from tests.factories.domains.activities import EVE, PATH, START, at, edited, match, meeting
from tests.factories.domains.ledger import news
from tests.factories.files import key_of

AGENDA = [
    {"time": "9:00", "title": "听取工作报告", "speaker": "李建国主席"},
    {"time": "", "title": "分组讨论", "speaker": ""},
]


@pytest.fixture(autouse=True)
def _april():
    with clock.frozen_at(START - timedelta(days=30)):
        yield


def uploaded(who: Who, name: str = "工作报告.txt") -> str:
    return key_of(who, f"{name}全文".encode(), name)


def test_the_invited_read_agenda_and_papers_and_hear_that_they_are_there(city: City):
    staff, member, other = city.staff(), city.member(), city.member(sector=1)
    key = uploaded(staff)
    papers = [{"title": "工作报告（讨论稿）", "file_key": key}]
    made = meeting(staff, seat_ids=[member.seat_id], agenda=AGENDA, papers=papers)

    assert news(city, member) == ["邀请您参加：“十六届四次全体会议”（附议程和材料）"]
    seen = member.get(f"{PATH}/{made['id']}").json()
    assert seen["agenda"] == AGENDA
    assert [(paper["title"], paper["file"]["name"]) for paper in seen["papers"]] == [
        ("工作报告（讨论稿）", "工作报告.txt")
    ]
    assert "全文" in member.get(f"/api/v1/files/{key}").text
    assert other.get(f"/api/v1/files/{key}").status_code == 404

    assert staff.put(f"{PATH}/{made['id']}/cancellation", {"reason": "改期"}).status_code == 200
    cancelled = member.get(f"{PATH}/{made['id']}").json()
    assert (cancelled["agenda"], len(cancelled["papers"])) == (AGENDA, 1)
    assert member.get(f"/api/v1/files/{key}").status_code == 200
    assert edited(staff, f"{PATH}/{made['id']}", {"agenda": []}).status_code == 409


def test_changed_papers_are_told_to_those_who_come(city: City):
    staff, colleague = city.staff(), city.staff(name="机关乙")
    comes, excused = city.member(), city.member()
    first = uploaded(staff)
    made = meeting(staff, papers=[{"title": "报告", "file_key": first}])
    path = f"{PATH}/{made['id']}"
    with at(city, EVE, excused):
        assert excused.put(f"{path}/leave", {"reason": "出差"}).status_code == 200

    changed = "“十六届四次全体会议”的会议材料有更新"
    assert (
        edited(staff, path, {"agenda": AGENDA, "papers": [{"title": "报告", "file_key": first}]}).json()[
            "agenda"
        ]
        == AGENDA
    )
    assert changed not in news(city, comes)  # the same papers

    second = uploaded(colleague, "说明.txt")  # a colleague keeps the paper of the first
    both = [{"title": "说明", "file_key": second}, {"title": "报告", "file_key": first}]
    assert edited(colleague, path, {"papers": both}).status_code == 200
    assert [p["title"] for p in comes.get(path).json()["papers"]] == ["说明", "报告"]
    assert news(city, comes)[-1] == changed
    assert changed not in news(city, excused)

    assert edited(staff, path, {"papers": both[:1]}).status_code == 200
    assert comes.get(f"/api/v1/files/{first}").status_code == 404  # taken off
    assert news(city, comes).count(changed) == 2


def test_papers_that_may_not_be_used_are_refused(city: City):
    staff, member = city.staff(), city.member()
    own = uploaded(staff)
    made = meeting(staff)
    path = f"{PATH}/{made['id']}"
    paper = {"title": "报告", "file_key": uploaded(member)}

    assert edited(staff, path, {"papers": [paper]}).json()["code"] == "file_not_usable"
    twice = [{"title": "一", "file_key": own}, {"title": "二", "file_key": own}]
    assert edited(staff, path, {"papers": twice}).json()["code"] == "paper_twice"
    assert edited(staff, path, {"agenda": [{"title": ""}]}).status_code == 422
    assert edited(member, path, {"agenda": AGENDA}).status_code == 403
    seen = member.get(path).json()
    assert (seen["agenda"], seen["papers"]) == ([], [])


def test_two_colleagues_who_edit_at_the_same_time_lose_nothing(city: City):
    first, second = city.staff(), city.staff(name="机关乙")
    city.member()
    path = f"{PATH}/{meeting(first)['id']}"
    seen = match(second, path)
    assert first.patch(path, {"agenda": AGENDA}).json()["code"] == "if_match_required"
    assert edited(first, path, {"agenda": AGENDA, "place": "北楼"}).json()["version"] == 2

    late = second.patch(path, {"agenda": AGENDA[:1]}, headers=seen)
    assert (late.status_code, late.json()["code"]) == (412, "stale")
    current = late.json()["current"]
    assert (current["agenda"], current["place"], current["version"]) == (AGENDA, "北楼", 2)
    assert first.get(path).json()["agenda"] == AGENDA
    again = second.patch(path, {"agenda": AGENDA[:1]}, headers={"If-Match": f'"{current["version"]}"'})
    assert again.json()["agenda"] == AGENDA[:1]  # having seen both, the second decides
    assert edited(second, path, {"papers": [{"title": "无", "file_key": "x" * 20}]}).status_code == 422
    assert first.get(path).json()["version"] == 3  # what was refused counts as no edit
