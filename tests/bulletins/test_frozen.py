"""What fixes a bulletin: writers that are waited for, groups that move on, a count that was interrupted."""

from threading import Event, Thread

import pytest
from sqlalchemy import update

from app.bulletins import service
from app.core import clock
from app.core.sql import table
from app.duty.service import DutyAct, record_all
from app.people.duty_years import DutyYears
from app.people.models import Organization, Seat
from tests.factories.city import City, Who
from tests.factories.domains.bulletins import BULLETINS, drafted, kinds, published, read, whole
from tests.points.world import World, at


def _act(city: City, who: Who, number: int) -> DutyAct:
    day = clock.now()
    return DutyAct(who.seat_id, "update.posted", ("update", number), day, "lead", 1, "city", None, None)


def test_a_record_that_is_just_being_written_is_waited_for(city):
    a, staff = city.member("甲"), city.staff()
    written, go_on, made = Event(), Event(), {}

    def write() -> None:
        with city.database.transaction() as db:
            record_all(db, city.organization_id, [_act(city, a, 1)], source="platform")
            written.set()
            go_on.wait(10)

    def draw_up() -> None:
        made.update(drafted(staff, clock.local_day(clock.now()).year))

    writer, maker = Thread(target=write), Thread(target=draw_up)
    writer.start()
    written.wait(10)
    maker.start()
    maker.join(0.5)
    assert maker.is_alive(), "it waits for who writes"
    go_on.set()
    writer.join(10)
    maker.join(10)
    assert kinds(made) == {"update.posted": (1, 1, 1, 0)}
    assert len(whole(staff, made["kinds"][0]["now"]["records"]["path"])) == 1
    with city.database.transaction() as db:
        record_all(db, city.organization_id, [_act(city, a, 2)], source="platform")
    assert kinds(read(staff, made["id"])) == {"update.posted": (1, 1, 1, 0)}
    assert len(whole(staff, made["kinds"][0]["now"]["records"]["path"])) == 1


def test_who_waits_too_long_for_the_ledger_is_told_to_come_again(city):
    a, staff = city.member("甲"), city.staff()
    year = clock.local_day(clock.now()).year
    with city.database.transaction() as db:
        record_all(db, city.organization_id, [_act(city, a, 1)], source="platform")
        db.flush()
        answer = staff.post(BULLETINS, {"duty_year": year})
    assert (answer.status_code, "Retry-After" in answer.headers) == (503, True)
    assert whole(staff, BULLETINS) == []
    assert kinds(drafted(staff, year)) == {"update.posted": (1, 1, 1, 0)}


def test_who_changes_sector_afterwards_stays_where_they_were_counted(city):
    world = World(city)
    with clock.frozen_at(at("2026-03-01 09:00")):
        a, staff = city.member("甲", sector=0), city.staff()
        city.member("乙", sector=1)
    world.update(a, at("2026-03-02 09:00"))
    with clock.frozen_at(at("2027-01-05 09:00")):
        city.log_in(staff)
        made = published(city, staff)
        with city.database.transaction() as db:
            s = table(Seat)
            db.execute(update(s).where(s.c.id == a.seat_id).values(sector_id=city.sectors[1]))
        groups = staff.get(f"{BULLETINS}/{made['id']}/groups?by=sector&kind=update.posted").json()
        now = {g["name"]: g["counts"]["now"]["records"] for g in groups}
        assert {name: figure["count"] for name, figure in now.items()} == {"经济界": 1, "教育界": 0}
        assert [r["seat"]["sector"] for r in whole(staff, now["经济界"]["path"])] == ["经济界"]
        again = published(city, staff, reason="界别调整")
        groups = staff.get(f"{BULLETINS}/{again['id']}/groups?by=sector&kind=update.posted").json()
        assert {g["name"]: g["counts"]["now"]["records"]["count"] for g in groups} == {"教育界": 1}


def test_the_year_of_an_organization_that_begins_it_in_december(city):
    world = World(city)
    with city.database.transaction() as db:
        o = table(Organization)
        db.execute(
            update(o).where(o.c.id == city.organization_id).values(duty_years=DutyYears.starting("12-01"))
        )
    with clock.frozen_at(at("2026-03-01 09:00")):
        a, staff = city.member("甲"), city.staff()
    for moment in ("2025-11-30 23:59", "2025-12-01 00:00", "2026-11-30 23:59", "2026-12-01 00:00"):
        world.update(a, at(moment))
    with clock.frozen_at(at("2026-12-05 09:00")):
        city.log_in(staff)
        made = published(city, staff)
        assert (made["starts_on"], made["ends_on"]) == ("2025-12-01", "2026-11-30")
        assert kinds(made) == {"update.posted": (2, 2, 1, 1)}


def test_nothing_of_another_organization_is_counted(city, app):
    world = World(city)
    county = City(app, city.database, name="政协柳溪县委员会")
    with clock.frozen_at(at("2026-03-01 09:00")):
        a, staff = city.member("甲"), city.staff()
        stranger = county.member("甲")
    world.update(a, at("2026-03-02 09:00"))
    World(county).update(stranger, at("2026-03-02 09:00"))
    with clock.frozen_at(at("2027-01-05 09:00")):
        city.log_in(staff)
        made = published(city, staff)
        assert (kinds(made), made["now"]["seats"]["count"]) == ({"update.posted": (1, 1, 1, 0)}, 1)


def test_a_count_that_was_interrupted_is_taken_up_again(city, monkeypatch):
    city.member("甲")
    staff = city.staff()

    def stop(*_: object) -> None:
        raise RuntimeError("killed")

    with monkeypatch.context() as patched:
        patched.setattr(service, "_count", stop)
        year = clock.local_day(clock.now()).year
        key = {"Idempotency-Key": "6f1c2b52-0d5c-4a7e-9f27-1c7a10b5c111"}
        assert staff.post(BULLETINS, {"duty_year": year}, headers=key).status_code == 500
    (draft,) = whole(staff, BULLETINS)
    answer = staff.put(f"{draft['path']}/publication")
    assert (answer.status_code, answer.json()["code"]) == (409, "not_counted")
    again = staff.post(BULLETINS, {"duty_year": year}, headers=key)
    assert (again.status_code, again.json()["id"]) == (201, draft["id"]), "the same draft, counted now"
    assert read(staff, draft["id"])["counted_at"] is not None
    assert staff.put(f"{draft['path']}/publication").status_code == 204


@pytest.mark.parametrize("body", [{"duty_year": 1999}, {"duty_year": 2026, "preface": "\x00"}, {}])
def test_what_cannot_be_read_makes_no_draft(city, body):
    city.member("甲")
    staff = city.staff()
    assert staff.post(BULLETINS, body).status_code == 422
    assert whole(staff, BULLETINS) == []
