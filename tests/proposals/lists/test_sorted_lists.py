"""Lists of proposals in every order, with every filter: pages never lose or repeat a row."""

from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest
from sqlalchemy import update

from app.auth.permissions import Role
from app.core import clock
from app.core.sql import table
from app.proposals.lists.queries import Sort
from app.proposals.models import Proposal
from tests.factories.city import Who
from tests.factories.domains.bodies import added
from tests.factories.domains.handling import assigned, in_days
from tests.factories.domains.proposals import done, drafted, filed, opened_window


def pages(who: Who, query: str) -> list[dict[str, Any]]:
    """All rows of a list, two by two."""
    rows: list[dict[str, Any]] = []
    cursor = ""
    while True:
        page = who.get(f"/api/v1/proposals?{query}&limit=2{cursor}")
        assert page.status_code == 200, page.text
        rows += page.json()["items"]
        if page.json()["next"] is None:
            return rows
        cursor = f"&cursor={page.json()['next']}"


def test_every_order_shows_every_row_once(city):
    staff, author = city.staff(), city.member()
    opened_window(staff)
    long = "关于" + "古" * 116 + "建议"
    ids = [filed(city, author, staff) for _ in range(4)]
    for title in ("关于修缮古桥的建议", "关于修缮古桥的建议", long):
        ids.append(drafted(author, title=title))
        done(author, ids[-1], "submit")
    for proposal_id in ids[:2]:
        assigned(city, staff, proposal_id, lead=0)
    same = {"submitted_at": clock.now()}
    with city.database.transaction() as db:  # ties
        p = table(Proposal)
        db.execute(update(p).where(p.c.id.in_(ids[1:5])).values(same))

    for sort in Sort:
        rows = pages(staff, f"scope=visible&sort={sort}")
        assert sorted(row["id"] for row in rows) == sorted(ids), sort
        values = [row[sort.key] for row in rows]
        given = [value for value in values if value is not None]
        assert values[: len(given)] == given, f"{sort}: rows without a value stand at the end"
        down = sort.value.startswith("-")
        if sort.key != "title":  # the database's collation
            assert given == sorted(given, reverse=down), sort
        for one, other in pairwise(rows):
            if one[sort.key] == other[sort.key]:
                assert (one["id"] > other["id"]) == down, sort
    first = staff.get("/api/v1/proposals?scope=visible&sort=title&limit=2").json()["next"]
    other = staff.get(f"/api/v1/proposals?scope=visible&sort=-due_on&cursor={first}")
    assert (other.status_code, other.json()["code"]) == (422, "bad_cursor")
    assert staff.get("/api/v1/proposals?sort=weight").status_code == 422
    assert staff.get("/api/v1/proposals?sort=due_on&cursor=WzFd").json()["code"] == "bad_cursor"
    # the deadlines of others' proposals are not for members
    hidden = city.member().get("/api/v1/proposals?sort=due_on")
    assert (hidden.status_code, hidden.json()["code"]) == (422, "deadlines_hidden")
    assert city.member().get("/api/v1/proposals?late=true").json()["code"] == "deadlines_hidden"
    assert [row["due_on"] for row in pages(city.member(), "scope=filed")] == [None] * 4
    assert all(row["due_on"] for row in pages(author, "scope=mine&sort=due_on")[:2])


@pytest.fixture
def found(city):
    """What staff find by a query, and how many are counted."""
    staff = city.staff()

    def ids(query: str) -> list[int]:
        rows = [row["id"] for row in pages(staff, f"scope=visible&{query}")]
        counted = staff.get(f"/api/v1/proposals/count?scope=visible&{query}")
        assert counted.json() == {"count": len(rows)}, query
        return sorted(rows)

    return ids


def test_words_find_number_title_author_body_and_unit(city, found):
    staff, zhou, wu = city.staff(), city.member("周岚"), city.member("吴远")
    opened_window(staff)
    party = added(staff, "民盟云川市委员会", head=wu)
    first, second = filed(city, zhou, staff), filed(city, wu, staff)
    third = drafted(wu, kind="collective", body_id=party["id"], title="关于古桥的建议", category="文化建设")
    done(wu, third, "submit")
    assigned(city, staff, first, lead=0)
    assert found("q=1") == found("q=第1号") == [first]
    assert found("q=周岚") == found("q=教育局") == [first]
    assert found("q=民盟") == found("q=古桥") == found("category=文化建设") == [third]
    assert found("q=吴") == [second, third]
    assert found("q=%25") == found("q=2147483648") == []
    today = clock.local_day(clock.now())
    assert found(f"submitted_from={today}") == found(f"submitted_to={today}") == [first, second, third]
    tomorrow, yesterday = today + timedelta(days=1), today - timedelta(days=1)
    assert found(f"submitted_from={tomorrow}") == found(f"submitted_to={yesterday}") == []
    assert found("late=true") == []
    assert found("late=false") == [first, second, third]
    with clock.frozen_at(
        clock.now() + timedelta(days=60)
    ):  # a first contact is due within fifteen working days
        late = city.log_in(staff).get("/api/v1/proposals?scope=visible&late=true").json()["items"]
    assert [row["id"] for row in late] == [first]
    assert late[0]["due_on"] < in_days(60)
    bad = (
        "submitted_from=2026-02-30",
        "submitted_from=0001-01-01",
        "submitted_to=9999-12-31",
        "late=maybe",
        "waits_for=rest",
        f"category={'长' * 41}",
    )
    staff = city.staff()
    assert {staff.get(f"/api/v1/proposals?{query}").status_code for query in bad} == {422}


def test_a_row_says_its_units_and_since_when_it_waits(city):
    staff, author, officer = city.staff(), city.member(), city.staff(Role.UNIT_OFFICER)
    housing = city.unit("市住建局")
    opened_window(staff)
    proposal_id = filed(city, author, staff)
    before = staff.get("/api/v1/proposals").json()["items"][0]
    assert (before["unit_names"], before["due_on"]) == ([], None)
    assigned(city, staff, proposal_id, co=housing, lead=0)
    row = officer.get("/api/v1/proposals?scope=visible&sort=due_on").json()["items"][0]
    assert row["unit_names"] == ["市教育局", "市住建局"]
    assert row["due_on"] > str(clock.local_day(clock.now()))
    assert row["waiting_since"] > before["waiting_since"] > row["created_at"]
    whole = staff.get(f"/api/v1/proposals/{proposal_id}").json()
    assert {name: whole[name] for name in row} == row | {"due_on": whole["due_on"], "my_signature": None}
