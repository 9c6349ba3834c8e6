"""Every number of the demo city that names its list is the count of that list, whoever opens it."""

from collections import Counter

import pytest
from sqlalchemy import func, select, update

from app.auth.permissions import Role
from app.core import clock, outbox
from app.core.sql import table
from app.duty import recount
from app.duty.models import DutyRecord
from app.people.models import Post, Seat
from app.people.organizations.service import change_years
from app.points.snapshots import service
from tests.factories.demo import NOW
from tests.factories.walk import Walk, whole

YEARS = (2024, 2025, 2026)
#: What the walk meets at least; without one of them it has passed something by.
MET = {
    "archive", "quantity", "line", "counted", "points of a line", "reason", "minimum", "unscored", "page",
    "points of a board", "heat", "parts", "part opinions", "part replies", "part updates", "part echoes",
    "count of part opinion", "count of figure submitted", "count of figure assigned", "count of figure on_time",
    "card days", "card acts", "card streak", "card minutes", "card half_days", "card said", "card opinions",
    "card replies", "card supports", "card answers", "card books", "card keyword", "bulletin",
    "measure", "card measure",
}  # fmt: skip


@pytest.fixture(scope="module")
def seats(demo):
    """The busiest seats, a quiet one, one of the standing committee, one that left and one that came in mid-term."""
    with clock.frozen_at(NOW):
        while outbox.run_due(demo.database):
            pass
        service.take(demo.database)
    d, s = table(DutyRecord), table(Seat)
    records = func.count(d.c.id)
    by_records = select(s.c.id).select_from(s.outerjoin(d, d.c.seat_id == s.c.id)).group_by(s.c.id)
    with demo.database.read.connect() as conn:
        first = select(func.min(s.c.starts_on), func.max(s.c.ends_on))
        begins, ends = conn.execute(first).one()

        def busiest(*which):
            return conn.scalars(by_records.where(*which).order_by(records.desc(), s.c.id)).first()

        found = {
            "busiest": busiest(),
            "standing": busiest(s.c.post == Post.STANDING_MEMBER),
            "left": busiest(s.c.ends_on < ends),
            "joined": busiest(s.c.starts_on > begins),
            "quiet": conn.scalars(by_records.order_by(records, s.c.id)).first(),
        }
    assert None not in found.values()
    return found


def of_a_seat(walk: Walk, seat_id: int) -> None:
    """The archive, the scores and the cards of a member."""
    walk.start(f"/api/v1/seats/{seat_id}/record-counts")
    for card in walk.who.get(f"/api/v1/cards/{seat_id}").json():
        walk.start(f"/api/v1/cards/{seat_id}/{card['period']}")
    for year in YEARS:
        walk.start(f"/api/v1/seats/{seat_id}/record-counts?year={year}")
        for path in (f"score?year={year}", f"reports/{year}"):
            if walk.who.get(f"/api/v1/seats/{seat_id}/{path}").status_code == 200:
                walk.start(f"/api/v1/seats/{seat_id}/{path}")


def of_a_city(walk: Walk) -> None:
    """The boards of all windows and groups, what stood on them, and the figures of opinion reports."""
    for window in ("week", "month", "duty_year", "term", "now"):
        walk.start(f"/api/v1/leaderboard?window={window}", rows=4)
    for more in ("board=standing", "board=sector&group_id=1", "board=committee&group_id=1", "on=2025-12-31"):
        walk.start(f"/api/v1/leaderboard?window=duty_year&{more}", rows=2)
    for year in (2025, 2026):
        for board in walk.who.get("/api/v1/points-board").json()["boards"]:
            walk.start(f"/api/v1/points-board?year={year}&board={board['id']}", rows=10)
    for figure in ("heat", "points"):
        walk.start(f"/api/v1/board-snapshots/{figure}/2026-10")
    for by in ("all", "author", "sector", "year"):
        walk.start(f"/api/v1/opinions/statistics?by={by}", rows=10)
    walk.start("/api/v1/opinions/statistics?by=author&year=2025", rows=5)


def of_a_bulletin(walk: Walk) -> None:
    """The bulletin of last year: the whole, its sectors and committees, one of each by kind, and who is behind."""
    bulletin = walk.who.get("/api/v1/bulletins").json()["items"][0]["path"]
    before = walk.met["count of others"]
    walk.start(bulletin)
    for by in ("sector", "committee"):
        groups = walk.start(f"{bulletin}/groups?by={by}&kind=activity.attended", rows=8)["items"]
        walk.start(groups[0]["path"])
    if walk.who.get(f"{bulletin}/unmet").status_code == 200:
        walk.start(f"{bulletin}/unmet", rows=20)
    walk.met["bulletin"] += walk.met["count of others"] - before


def test_every_number_that_staff_meet_is_the_count_of_its_list(demo, seats):
    walk = Walk(demo.acting_as(Role.SECRETARIAT))
    for seat_id in seats.values():
        of_a_seat(walk, seat_id)
    of_a_city(walk)
    units = walk.start("/api/v1/statistics/units?starts_on=2022-01-01&ends_on=2026-12-31", rows=4)["items"]
    walk.start(f"/api/v1/statistics/units/{units[0]['unit']['id']}?year=2026")
    walk.start("/api/v1/statistics/overview")
    walk.start("/api/v1/statistics/subjects")
    walk.start("/api/v1/statistics/participation?year=2026")
    of_a_bulletin(walk)
    assert walk.wrong == []
    assert (+walk.met).keys() >= MET, sorted(MET - (+walk.met).keys())


def test_every_number_that_members_meet_is_the_count_of_its_list(demo, seats):
    private = 0
    for which in ("busiest", "standing", "quiet"):
        walk = Walk(demo.acting_as(Role.MEMBER, seats[which]))
        of_a_seat(walk, seats[which])
        assert walk.wrong == []
        private += walk.met["card called"]
    assert private, "what one was called to stands on the private page"
    of_a_bulletin(walk)
    of_a_seat(walk, seats["left"])
    walk.start("/api/v1/leaderboard?window=duty_year", rows=4)
    walk.start("/api/v1/opinions/statistics?by=year")
    assert walk.wrong == []


def test_what_is_told_of_reading_and_of_groups_is_what_is_listed(demo, seats):
    member = demo.acting_as(Role.MEMBER, seats["busiest"])
    for year in YEARS:
        archive = f"/api/v1/seats/{seats['busiest']}/record-counts?year={year}"
        kinds = {one["kind"]: one for one in member.get(archive).json()}
        said = member.get(f"/api/v1/reading/year?year={year}").json()
        for name, kind, how in (
            ("minutes", "reading.logged", "quantity"),
            ("notes", "reading.noted", "records"),
            ("commended", "reading.commended", "records"),
        ):
            assert said[name] == kinds.get(kind, {how: 0})[how], (year, name)
        assert said["minutes"] == sum(month["minutes"] for month in said["months"])
    clerk = demo.acting_as(Role.SECRETARIAT)
    for groups in ("sectors", "committees"):
        for group in clerk.get(f"/api/v1/{groups}").json():
            listed = whole(clerk, f"/api/v1/seats?{groups[:-1]}_id={group['id']}")["items"]
            assert len(listed) == group["seat_count"], group
    for activity in clerk.get("/api/v1/activities?when=past&limit=5").json()["items"]:
        people = whole(clerk, f"/api/v1/activities/{activity['id']}/attendance")["items"]
        states = Counter(one["state"] for one in people)
        counts = {state: n for state, n in activity["counts"].items() if state != "invited"}
        assert {state: states[state] for state in counts} == counts, activity


def test_every_number_that_leaders_meet_is_the_count_of_its_list(demo, seats):
    walk = Walk(demo.acting_as(Role.LEADER))
    walk.start("/api/v1/statistics/overview")
    walk.start("/api/v1/statistics/participation?year=2026")
    walk.start("/api/v1/opinions/statistics?by=sector")
    walk.start("/api/v1/statistics/units?year=2026", rows=2)
    assert walk.wrong == []
    assert walk.met["count of others"] >= 2


def test_the_walk_finds_a_number_that_is_not_the_count_of_its_list(demo, seats):
    clerk, seat_id = demo.acting_as(Role.SECRETARIAT), seats["busiest"]
    clerk.get(f"/api/v1/cards/{seat_id}/2025")
    d = table(DutyRecord)
    one = select(func.min(d.c.id)).where(
        d.c.seat_id == seat_id, d.c.duty_year == 2025, d.c.voided_at.is_(None)
    )
    with demo.database.read.connect() as conn:
        record_id = conn.scalar(one)
    for voided_at, expected in ((NOW, True), (None, False)):
        with (
            demo.database.transaction() as db
        ):  # behind the back of the ledger: the card is not computed anew
            db.connection().execute(update(d).where(d.c.id == record_id).values(voided_at=voided_at))
        walk = Walk(clerk)
        walk.start(f"/api/v1/cards/{seat_id}/2025")
        assert bool(walk.wrong) is expected


def test_every_number_is_the_count_of_its_list_when_years_begin_in_december(demo, seats):
    """The same city under the other start of the duty year: records, windows and lists move together."""
    database, clerk = demo.database, demo.acting_as(Role.SECRETARIAT)

    def years_begin(starts: str) -> None:
        with database.transaction() as db:
            change_years(db, 1, starts, None)
        while outbox.run_due(database):
            pass

    issued = clerk.get("/api/v1/issued-cards?limit=3").json()
    years_begin("12-01")
    try:
        walk = Walk(clerk)
        of_a_seat(walk, seats["busiest"])
        walk.start("/api/v1/leaderboard?window=duty_year&on=2025-12-15", rows=4)
        walk.start("/api/v1/points-board?year=2026", rows=10)
        walk.start("/api/v1/opinions/statistics?by=year", rows=3)
        walk.start("/api/v1/statistics/units?year=2026", rows=2)
        of_a_bulletin(walk)
        assert walk.wrong == []
        assert {"archive", "line", "card days", "heat", "bulletin"} <= (+walk.met).keys()
        assert clerk.get("/api/v1/issued-cards?limit=3").json() == issued
        with database.read.connect() as conn:
            assert recount.run(conn) == []
    finally:
        years_begin("01-01")
