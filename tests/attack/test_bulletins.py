"""Annual bulletins under attack: interrupted counts, other years, local days, odd cursors, everybody's sight."""

import json
from base64 import urlsafe_b64encode
from datetime import date

import pytest

from app.auth.permissions import Role
from app.bulletins import service
from app.core import clock
from app.duty.kinds import KINDS
from app.duty.service import DutyAct, record_all
from tests.exports.reading import paragraphs
from tests.factories.city import City, Who
from tests.factories.domains.bulletins import BULLETINS, drafted, figures, kinds, published, read, whole
from tests.factories.points.points import publish
from tests.points.world import World, at


def interrupted(staff: Who, monkeypatch, year: int) -> dict:
    """A draft whose count was killed."""
    with monkeypatch.context() as patched:
        patched.setattr(service, "count", lambda *_: None)
        return drafted(staff, year)


def cursor(*values: object) -> str:
    return urlsafe_b64encode(json.dumps(values).encode()).decode().rstrip("=")


def test_a_draft_that_is_not_counted_can_be_looked_at(city, monkeypatch):
    city.member("甲")
    staff = city.staff()
    made = interrupted(staff, monkeypatch, clock.local_day(clock.now()).year)
    assert made["counted_at"] is None
    for name in ("document.docx", "document.pdf", "figures.xlsx"):
        assert staff.get(f"{BULLETINS}/{made['id']}/{name}").status_code == 200, name


def test_points_and_duties_left_are_those_of_the_records_that_were_fixed(city, monkeypatch):
    world = World(city)
    with clock.frozen_at(at("2026-03-01 09:00")):
        a, staff = city.member("甲"), city.staff()
        publish(city, staff)
    first = world.update(a, at("2026-03-02 09:00"))
    with clock.frozen_at(at("2026-04-05 09:00")):
        city.log_in(staff)
        draft = interrupted(staff, monkeypatch, 2026)
    world.update(a, at("2026-04-06 09:00"))
    world.hide(staff, ("update", first), at("2026-04-06 10:00"))
    with clock.frozen_at(at("2026-04-07 09:00")):
        city.log_in(staff)
        service.count(city.database, city.organization_id)
        made = read(staff, draft["id"])
        assert (kinds(made), made["now"]["mean_points"]) == ({"update.posted": (1, 1, 1, 0)}, 2.0)
        (duty,) = whole(staff, made["unmet"]["path"])[0]["duties"]
        (record,) = whole(staff, duty["records"]["path"])
        assert (duty["done"], record["on"], record["voided"]) == (1, "2026-03-02", True)


def test_a_draft_that_is_thrown_away_meanwhile_breaks_no_other(city, monkeypatch):
    city.member("甲")
    staff, year = city.staff(), clock.local_day(clock.now()).year
    first, counting = interrupted(staff, monkeypatch, year), service._count

    def thrown_away(database, bulletin_id):
        if bulletin_id == first["id"]:
            assert staff.delete(f"{BULLETINS}/{first['id']}").status_code == 204
        counting(database, bulletin_id)

    monkeypatch.setattr(service, "_count", thrown_away)
    assert staff.post(BULLETINS, {"duty_year": year - 1}).status_code == 201


def test_the_day_of_the_document_is_the_local_one(city):
    with clock.frozen_at(at("2026-03-01 09:00")):
        city.member("甲")
        staff = city.staff()
    with clock.frozen_at(at("2027-01-01 07:30")):
        city.log_in(staff)
        made = published(city, staff)
        word = staff.get(f"{BULLETINS}/{made['id']}/document.docx")
    assert paragraphs(word.content)[-1] == "2027年1月1日"


@pytest.mark.parametrize(
    "path",
    [
        "members?sector=%00",
        "records?kind=update.posted&committee=a%00b",
        "groups?kind=%00",
        "members?seat_id=9223372036854775807",
        f"members?cursor={cursor('a', chr(0xD800), 1)}",
        f"unmet?cursor={cursor(2**62, -(2**63))}",
        f"subjects?kind=update.posted&cursor={cursor('0001-01-01', 2**62)}",
        f"records?kind=update.posted&cursor={cursor('0001-01-01', 2**62)}",
        "unmet/1/%00",
    ],
)
def test_odd_questions_break_nothing(city, path):
    city.member("甲")
    staff = city.staff()
    made = drafted(staff, clock.local_day(clock.now()).year)
    assert staff.get(f"{BULLETINS}/{made['id']}/{path}").status_code < 500


def test_a_lone_surrogate_in_a_cursor_of_text_is_no_cursor(city):
    answer = city.member("甲").get(f"/api/v1/seats/1/days?cursor={cursor(chr(0xD800))}")
    assert answer.status_code in {404, 422}


def test_other_years_open_nothing(city):
    world = World(city)
    with clock.frozen_at(at("2026-03-01 09:00")):
        a, staff = city.member("甲"), city.staff()
    world.hide(staff, ("update", world.update(a, at("2024-03-02 09:00"))), at("2024-03-03 09:00"))
    with clock.frozen_at(at("2027-01-05 09:00")):
        city.log_in(staff)
        made = published(city, staff)
        for what in ("records", "subjects", "members"):
            answer = staff.get(f"{BULLETINS}/{made['id']}/{what}?year=2024&kind=update.posted")
            assert (answer.status_code, answer.json()["code"]) == (422, "other_year")


def test_nobody_reads_what_is_closed_to_them(city):
    world = World(city)
    with clock.frozen_at(at("2026-03-01 09:00")):
        a, staff, leader = city.member("甲"), city.staff(), city.staff(Role.LEADER)
        others = [city.staff(role) for role in (Role.UNIT_OFFICER, Role.INFORMATION_OFFICER, Role.AUDITOR)]
    world.update(a, at("2026-03-02 09:00"))
    with clock.frozen_at(at("2027-01-05 09:00")):
        for who in (a, staff, leader, *others):
            city.log_in(who)
        made, draft = published(city, staff), drafted(staff, reason="更正")
        files = ("document.docx", "document.pdf", "figures.xlsx")
        lists = ("kinds", "members", "groups", "records?kind=update.posted", "subjects?kind=update.posted")
        closed = [kind.name for kind in KINDS.values() if not kind.open] + ["any"]
        asked = [
            f"{what}kind={kind}"
            for kind in closed
            for what in ("members?", "records?", "subjects?", "groups?")
        ]
        for who in others:
            statuses = {who.get(f"{BULLETINS}/{made['id']}/{path}").status_code for path in (*lists, *files)}
            assert statuses == {403}
        for who in (a, leader):
            statuses = {who.get(f"{BULLETINS}/{draft['id']}/{path}").status_code for path in (*lists, *files)}
            assert statuses == {404}
            for path in (*asked, *(f"{path}&by=committee" for path in asked), "unmet", "records", "subjects"):
                assert who.get(f"{BULLETINS}/{made['id']}/{path}").status_code == 403, path


def test_seats_of_no_day_and_of_two_committees_are_counted_as_they_are_listed(city: City):
    world = World(city)
    with clock.frozen_at(at("2026-03-01 09:00")):
        a, late = (
            city.member("甲", committees=(0, 1)),
            city.member("丁", sector=1, starts_on=date(2027, 1, 1)),
        )
        staff = city.staff()
    world.update(a, at("2026-03-02 09:00"))
    act = DutyAct(late.seat_id, "update.posted", ("update", 77), at("2026-03-01 09:00"))
    with city.database.transaction() as db:
        record_all(db, city.organization_id, [act], source="platform")
    with clock.frozen_at(at("2027-01-05 09:00")):
        city.log_in(staff)
        made = published(city, staff)
        groups = [
            staff.get(f"{BULLETINS}/{made['id']}/groups?by={by}&kind=update.posted").json()
            for by in ("sector", "committee")
        ]
        opened = [figure for figure in figures([made, groups]) if figure["path"]]
        assert len(opened) > 20
        for figure in opened:
            assert len(whole(staff, figure["path"])) == figure["count"], figure
