"""Lists of what is due begin with what presses now, and name each proposal by its session and number."""

from datetime import UTC, datetime, timedelta

import pytest

from app.auth.permissions import Role
from app.core import clock
from tests.factories.domains.handling import assigned, in_days, replied
from tests.factories.domains.proposals import filed, opened_window

START = datetime(2026, 3, 2, 2, tzinfo=UTC)


@pytest.fixture
def cast(city):
    """The secretariat, an author and an officer, in March."""
    with clock.frozen_at(START):
        cast = city.staff(), city.member(), city.staff(Role.UNIT_OFFICER)
        opened_window(cast[0])
        yield cast


def pages(who, path: str, limit: int = 2) -> list[dict]:
    """All rows of a list, page by page."""
    found: list[dict] = []
    cursor: str | None = ""
    while cursor is not None:
        answer = who.get(f"{path}&limit={limit}{cursor and f'&cursor={cursor}'}")
        assert answer.status_code == 200, answer.text
        found += answer.json()["items"]
        cursor = answer.json()["next"]
    return found


def test_what_is_promised_for_about_now_comes_first(city, cast):
    staff, author, officer = cast
    for days in (300, 30, 90, 60):
        number = filed(city, author, staff)
        (work,) = assigned(city, staff, number, lead=0).values()
        promise = {"result_class": "planned", "commitment": f"{days}天内", "commitment_due_on": in_days(days)}
        replied(officer, staff, number, work, **promise)
    with clock.frozen_at(START + timedelta(days=89)):
        city.log_in(staff)
        ledger = pages(staff, "/api/v1/proposal-commitments?state=open")
        late = pages(staff, "/api/v1/proposal-commitments?overdue=true", limit=1)
    assert [c["body"] for c in ledger] == ["90天内", "60天内", "30天内", "300天内"]
    assert [c["body"] for c in late] == ["60天内", "30天内"]
    assert {(c["window_name"], c["number"]) for c in ledger} == {("五届二次会议提案", n) for n in range(1, 5)}
    assert "away" not in ledger[0]


def test_what_is_overdue_begins_with_the_latest_and_what_is_ahead_with_the_soonest(city, cast):
    staff, author, _ = cast
    ids = []
    for days in (0, 4, 8):
        with clock.frozen_at(START + timedelta(days=days)):
            city.log_in(staff)
            city.log_in(author)
            ids.append(filed(city, author, staff))
            assigned(city, staff, ids[-1], lead=0)
    path = "/api/v1/proposal-deadlines?kind=reply&state="
    city.log_in(staff)
    ahead = pages(staff, f"{path}open")
    with clock.frozen_at(START + timedelta(days=200)):
        city.log_in(staff)
        overdue = pages(staff, f"{path}overdue")
    assert [d["proposal_id"] for d in ahead] == ids
    assert [d["proposal_id"] for d in overdue] == ids[::-1]
    assert (overdue[0]["window_name"], overdue[0]["number"]) == ("五届二次会议提案", 3)
