"""Find: one call for everything, of which nobody sees more than elsewhere."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from app.auth.permissions import Role
from app.core import clock
from app.core.sql import table
from app.find.queries import FINDERS
from app.proposals.models import ProposalWindow
from tests.factories.city import City
from tests.factories.domains import opinions
from tests.factories.domains.proposals import done, drafted, filed, opened_window
from tests.factories.everything import made
from tests.factories.statements import statements


def find(who, q):
    answer = who.get("/api/v1/find", params={"q": q})
    assert answer.status_code == 200, answer.text
    return answer.json()["items"]


def kinds(who, q):
    return [(hit["kind"], hit["label"]) for hit in find(who, q)]


@pytest.fixture
def town(city):
    staff, author = city.staff(), city.member("托育文")
    opened_window(staff, "二次会议")
    number = filed(city, author, staff)
    now = clock.now()
    topic = {"title": "托育怎么办", "summary": "请出主意", "opens_at": now.isoformat()}
    topic |= {"closes_at": (now + timedelta(days=1)).isoformat()}
    made(staff.post("/api/v1/topics", topic))
    times = {"starts_at": now.isoformat(), "ends_at": (now + timedelta(hours=2)).isoformat()}
    made(staff.post("/api/v1/activities", {"kind": "research", "title": "托育调研", **times}))
    opinions.submitted(author, title="托育点收费不一")
    city.unit("市托育中心")
    return staff, author, number


def test_staff_find_everything_in_one_call_with_one_statement_for_each_kind(city, town, database):
    staff, _, number = town
    hits = find(staff, "托育")
    assert [hit["kind"] for hit in hits] == [
        "proposal",
        "seat",
        "topic",
        "opinion_report",
        "activity",
        "unit",
    ]
    assert all(staff.get(hit["path"]).status_code == 200 for hit in hits)
    assert hits[0] == {
        "kind": "proposal",
        "kind_label": "提案",
        "label": "关于增设社区嵌入式托育点的建议",
        "sub_label": "第 1 号 · 已立案 · 二次会议",
        "path": f"/api/v1/proposals/{number}",
    }
    nothing = statements(database, lambda: find(staff, " "))
    assert statements(database, lambda: find(staff, "托育")) - nothing == len(FINDERS)
    assert find(staff, " ") == []


def test_a_number_is_that_of_the_present_window(city, town):
    staff, author, number = town
    assert [hit["path"] for hit in find(staff, "第 1 号")] == [f"/api/v1/proposals/{number}"]
    titled = drafted(author, title="关于 1 号线延伸的建议")
    done(author, titled, "submit")
    assert [hit["path"].rpartition("/")[2] for hit in find(staff, "1")][:2] == [str(number), str(titled)]
    w, now = table(ProposalWindow), clock.now()
    over = {"opens_at": now - timedelta(days=90), "closes_at": now - timedelta(days=60)}
    with city.database.transaction() as db:
        db.execute(update(w).values(over))
    opened_window(staff, "三次会议")
    later = filed(city, author, staff)
    assert find(staff, "1")[0]["path"] == f"/api/v1/proposals/{later}"


def test_words_may_stand_apart_and_signs_mean_themselves(city, town):
    staff, *_ = town
    assert kinds(staff, "嵌入式 社区") == [("proposal", "关于增设社区嵌入式托育点的建议")]
    assert kinds(staff, "社区 没有") == []
    assert kinds(staff, "%") == []
    assert kinds(staff, "_") == []
    assert staff.get("/api/v1/find", params={"q": "长" * 61}).status_code == 422
    assert staff.get("/api/v1/find").status_code == 422


def test_nobody_finds_what_may_not_be_seen(city, town, app):
    _, author, _ = town
    drafted(author, title="托育的草稿")
    county = City(app, city.database, name="政协柳溪县委员会")
    assert kinds(county.staff(), "托育") == []
    other = city.member("钱文", sector=1, committees=())
    assert kinds(other, "托育") == [
        ("proposal", "关于增设社区嵌入式托育点的建议"),
        ("seat", "托育文"),
        ("unit", "市托育中心"),
    ]
    assert ("proposal", "托育的草稿") in kinds(author, "托育")
    assert ("opinion_report", "托育点收费不一") in kinds(author, "托育")
    assert kinds(city.staff(Role.AUDITOR), "托育") == []
    officer = city.staff(Role.UNIT_OFFICER)
    assert kinds(officer, "托育") == [("unit", "市托育中心")]


def test_a_person_is_found_once_with_the_present_seat(city, town):
    staff, *_ = town
    gone = city.member("周岚", ends_on=clock.local_day(clock.now()) - timedelta(days=9))
    [hit] = find(staff, "周岚")
    assert (hit["path"], hit["sub_label"]) == (f"/api/v1/seats/{gone.seat_id}", "经济界 · 委员 · 已离任")
