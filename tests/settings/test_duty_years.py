"""The year of an organization: Hongkou's can be run, a change is followed everywhere, and what is frozen stays."""

import pytest
from sqlalchemy import select

from app.auth.permissions import Role
from app.core import clock, outbox
from app.core.jobs import short_transactions
from app.core.sql import table
from app.duty import refiling
from app.duty.models import DutyRecord
from app.heat import boards
from tests.factories.city import City
from tests.factories.domains.ledger import differences
from tests.factories.points.figures import everywhere, windows
from tests.factories.points.points import RULES, draft, publish
from tests.points.world import World, at

PATH = "/api/v1/duty-years"
LONG = "2026年度（2025年12月1日至2026年11月30日）"


@pytest.fixture(autouse=True)
def _calendars_are_read_anew(monkeypatch):
    monkeypatch.setattr(boards, "CALENDAR_SECONDS", 0)


@pytest.fixture
def world(city: City) -> World:
    return World(city)


def follow(city: City) -> None:
    while outbox.run_due(city.database):
        pass


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_shipped_rules_of_hongkou_count_the_year_that_everything_else_counts(world):
    city = world.city
    with clock.frozen_at(at("2026-06-01 09:00")):
        member, staff, admin = city.member("甲"), city.staff(), city.staff(Role.SYSTEM_ADMIN)
        templates = staff.get("/api/v1/ruleset-templates").json()
        hongkou = next(one["text"] for one in templates if one["id"] == "hongkou")
        one = draft(staff, hongkou)
        for verb in ("trial", "publication"):
            refused = staff.put(f"/api/v1/rulesets/{one}/{verb}")
            assert (refused.status_code, refused.json()["code"]) == (409, "other_year_start")
            assert "把2026年度改为从12月1日起" in refused.json()["detail"]
        assert staff.get(f"/api/v1/rulesets/{one}").json()["obstacle"] == refused.json()["detail"]
        assert admin.put(PATH, {"starts": "12-01", "year": 2026}).status_code == 200
        publish(city, staff, hongkou)
        said = windows(member, staff, 2026, "2025-12-02")
        assert set(said.values()) == {("2025-12-01", "2026-11-30")}
        assert len(said) == 9
        assert member.get(f"/api/v1/cards/{member.seat_id}").json()[0]["label"] == LONG


def test_a_change_in_mid_life_moves_records_and_leaves_what_is_frozen(world):
    city = world.city
    with clock.frozen_at(at("2025-06-01 09:00")):
        member, staff, admin = city.member("甲"), city.staff(), city.staff(Role.SYSTEM_ADMIN)
    for moment in ("2025-11-30 09:00", "2025-12-10 09:00", "2026-01-05 09:00"):
        world.update(member, at(moment))
    with clock.frozen_at(at("2026-01-06 09:00")):
        for who in (member, staff, admin):
            city.log_in(who)
        for year in (2025, 2026):
            publish(city, staff, RULES, year=year)
        made = staff.post("/api/v1/bulletins", {"duty_year": 2025}).json()
        assert staff.put(f"/api/v1/bulletins/{made['id']}/publication").status_code == 204
        card = staff.post("/api/v1/issued-cards", {"seat_id": member.seat_id, "period": "2025"}).json()
        waiting = staff.post("/api/v1/bulletins", {"duty_year": 2026}).json()
        before = everywhere(member, member.seat_id, 2025, "2025-12-10")
        assert (before["records"], before["points"], before["heat"]) == (2, 4, 2)
        frozen = {
            path: staff.get(path).json() for path in (made["path"], f"/api/v1/issued-cards/{card['id']}")
        }

        asked = {"starts": "12-01", "year": 2026, "reason": "按新的办法"}
        seen = admin.post(f"{PATH}/preview", asked).json()
        assert seen["records"] == 1
        assert [y["days"] for y in seen["years"] if y["year"] in {2025, 2026}] == [365, 334]
        assert any("已发布的通报（1份）和已颁发的纪念卡（1张）保持原样" in note for note in seen["notes"])
        assert admin.get(PATH).json()["rules"] == [{"year": None, "starts": "01-01", "label": "1月1日"}]
        assert admin.put(PATH, asked).json()["filing"] is True
        follow(city)
        assert admin.get(PATH).json()["filing"] is False

        for year, on, records in ((2025, "2025-11-30", 1), (2026, "2025-12-10", 2)):
            now = everywhere(member, member.seat_id, year, on)
            assert (now["archive"], now["records"], now["exported"]) == (
                {"update.posted": records},
                records,
                records,
            )
            assert (now["points"], now["score"], now["heat"]) == (2 * records, 2 * records, records)
            assert now["card"]["opening"]["updates"] == records
        for path, said in frozen.items():
            assert staff.get(path).json() == said, path
        listed = staff.get(frozen[made["path"]]["kinds"][0]["now"]["records"]["path"]).json()["items"]
        assert [one["on"] for one in listed] == ["2025-12-10", "2025-11-30"]
        refused = staff.put(f"/api/v1/bulletins/{waiting['id']}/publication")
        assert (refused.status_code, refused.json()["code"]) == (409, "year_moved")
        change = admin.get("/api/v1/setting-changes?key=duty_years").json()["items"][0]
        assert (change["label"], change["reason"], change["changed_by"]) == (
            "履职年度",
            "按新的办法",
            admin.name,
        )
        assert change["after"][-1] == {"year": 2026, "starts": "12-01"}
    assert differences(city) == []


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_what_cannot_be_a_year_is_refused_and_nothing_moves(city):
    admin = city.staff(Role.SYSTEM_ADMIN)
    for body, code, status in (
        ({"starts": "02-01", "year": 2027}, "odd_year", 422),
        ({"starts": "02-30"}, "bad_period", 422),
        ({"starts": "01-01"}, "unchanged", 409),
    ):
        answer = admin.put(PATH, body)
        assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert "这样改，2026年度" in admin.put(PATH, {"starts": "02-01", "year": 2027}).json()["detail"]
    assert [who.put(PATH, {"starts": "12-01"}).status_code for who in (city.member(), city.staff())] == [
        403,
        403,
    ]
    assert admin.get("/api/v1/setting-changes").json()["items"] == []


def test_records_are_filed_in_small_parts_and_anew_after_a_crash(world, monkeypatch):
    city = world.city
    monkeypatch.setattr(refiling, "RECORDS", 2)
    with clock.frozen_at(at("2026-01-06 09:00")):
        member, admin = city.member("甲"), city.staff(Role.SYSTEM_ADMIN)
    for day in range(10, 15):
        world.update(member, at(f"2025-12-{day} 09:00"))
    r = table(DutyRecord)
    years = select(r.c.duty_year).order_by(r.c.id)
    with clock.frozen_at(at("2026-01-07 09:00")):
        city.log_in(admin)
        admin.put(PATH, {"starts": "12-01", "year": 2026})
        written: list[object] = []

        def killed(database, work):
            if len(written) == 2:
                raise SystemExit
            written.append(work)
            return short_transactions.write(database, work)

        monkeypatch.setattr(refiling, "write", killed)
        with pytest.raises(SystemExit):
            refiling.refile(city.database, {"organization_id": city.organization_id})
        with city.database.read.connect() as conn:
            assert conn.scalars(years).all() == [2026] * 4 + [2025]
        monkeypatch.setattr(refiling, "write", short_transactions.write)
        follow(city)
        with city.database.read.connect() as conn:
            assert conn.scalars(years).all() == [2026] * 5
