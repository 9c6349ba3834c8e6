"""Figures by tier, author, sector and year: each opens exactly the records that it counts."""

from contextlib import contextmanager
from datetime import datetime

import pytest

from app.auth.permissions import Role
from app.core import clock
from tests.factories.city import City
from tests.factories.domains.opinions import combined, done, issued, submitted, undo

PATH = "/api/v1/opinions/statistics"


def counted(who, **filters) -> dict[str, dict]:
    """Figures by row: {label: {(figure, tier): count}}, after each was held against what it opens."""
    by = filters.pop("by", "all")
    asked = "&".join(f"{name}={value}" for name, value in filters.items())
    answer = who.get(f"{PATH}?by={by}&limit=100&{asked}")
    assert answer.status_code == 200, answer.text
    found = {}
    for row in answer.json()["items"]:
        narrowed = {"author": "seat_id", "sector": "sector_id", "year": "year"}.get(by)
        within = f"&{narrowed}={row['key']}" if narrowed else ""
        figures = {}
        for f in row["figures"]:
            tier = f"&tier={f['tier']}" if f["tier"] else ""
            opened = who.get(f"{PATH}/records?limit=100&{asked}{within}&figure={f['figure']}{tier}").json()
            assert opened["next"] is None
            assert len(opened["items"]) == f["count"], (row["label"], f)
            assert {(r["figure"], r["tier"]) for r in opened["items"]} == {(f["figure"], f["tier"])}
            figures[f["figure"], f["tier"]] = f["count"]
        found[row["label"]] = figures
    return found


@contextmanager
def at(city, moment: str, *people):
    """A moment in Shanghai, at which these people are logged in."""
    with clock.frozen_at(datetime.fromisoformat(f"{moment}+08:00")):
        for who in people:
            city.log_in(who)
        yield
    for who in people:
        city.log_in(who)


@pytest.fixture
def year(city):
    """What two members of two sectors did in 2025 and 2026."""
    one, two, staff = city.member("周岚"), city.member("吴越", sector=1), city.staff()
    with at(city, "2025-12-31 23:59", one, staff):
        issued(one, staff)
    with at(city, "2026-01-01 00:01", one, two, staff):
        high = issued(one, staff, tier="province")
        done(staff, high, "adopt", tier="city")
        done(staff, high, "adopt", tier="province")
        for leader in ("市长", "副市长"):
            done(staff, high, "comment", tier="city", leader=leader, words="请研究。")
        whole = combined(staff, submitted(one), submitted(two))
        done(staff, whole, "issue", tier="city")
        done(staff, whole, "adopt", tier="national")
        undo(staff, whole)
        submitted(two)
    return one, two, staff


ONE_2026 = {
    ("submitted", None): 2,
    ("issued", "city"): 1,
    ("issued", "province"): 1,
    ("adopted", "province"): 1,
    ("commented", "city"): 2,
}
TWO_2026 = {("submitted", None): 2, ("issued", "city"): 1}


def test_figures_count_once_and_open_what_they_count(city, year):
    _, two, staff = year
    assert counted(staff, by="author", year=2026) == {"周岚": ONE_2026, "吴越": TWO_2026}
    assert counted(staff, by="sector", year=2026) == {"经济界": ONE_2026, "教育界": TWO_2026}
    assert counted(staff, by="year") == {
        "2026年度": {
            ("submitted", None): 4,
            ("issued", "city"): 2,
            ("issued", "province"): 1,
            ("adopted", "province"): 1,
            ("commented", "city"): 2,
        },
        "2025年度": {("submitted", None): 1, ("issued", "city"): 1},
    }
    assert counted(staff, tier="city") == {"合计": {("issued", "city"): 3, ("commented", "city"): 2}}
    assert counted(staff, figure="adopted", sector_id=city.sectors[1]) == {}
    assert counted(staff, seat_id=two.seat_id) == {"合计": TWO_2026}
    newest = staff.get(f"{PATH}?by=year&limit=1").json()
    assert newest["items"][0]["label"] == "2026年度"
    assert staff.get(f"{PATH}?by=year&limit=1&cursor={newest['next']}").json()["items"][0]["key"] == 2025
    authors = staff.get(f"{PATH}?by=author&limit=1").json()
    assert staff.get(f"{PATH}?by=author&cursor={authors['next']}").json()["items"][0]["label"] == "吴越"


def test_members_count_their_own(city, year):
    one, two, _ = year
    assert counted(two, by="author") == {"吴越": TWO_2026}
    assert counted(two, seat_id=one.seat_id) == {}
    records = two.get(f"{PATH}/records").json()["items"]
    assert {record["author_name"] for record in records} == {"吴越"}
    assert all(record["path"] for record in records)
    assert counted(city.member()) == {}


def test_leaders_count_all_and_open_what_was_issued(city, year):
    leader = city.staff(Role.LEADER)
    assert counted(leader, by="author", year=2026)["周岚"] == ONE_2026
    records = leader.get(f"{PATH}/records?figure=submitted").json()["items"]
    assert {record["title"] for record in records if record["path"] is None} == {"内容未向您开放"}
    assert any(record["path"] for record in records)
    for record in records:
        if record["path"]:
            assert leader.get(record["path"]).status_code == 200


def test_others_count_nothing(city, year):
    elsewhere = City(city.app, city.database, name="政协石泉市委员会")
    assert counted(elsewhere.staff()) == {}
    assert elsewhere.staff().get(f"{PATH}/records").json()["items"] == []
    assert city.staff(Role.UNIT_OFFICER).get(PATH).status_code == 403
    assert city.anonymous().get(PATH).status_code == 401
    assert city.staff().get(f"{PATH}?by=planet").status_code == 422
    assert city.staff().get(f"{PATH}/records?cursor=nonsense").json()["code"] == "bad_cursor"
