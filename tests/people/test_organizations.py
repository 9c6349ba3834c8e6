"""The tree of organizations: built by administrators, seen from above and below, each in it its own master."""

import pytest
from sqlalchemy import update

from app.auth.permissions import Role
from app.core import outbox
from app.core.sql import table
from app.people.models import Organization
from tests.factories.city import City

TERM = {"ordinal": 10, "starts_on": "2022-01-01", "ends_on": "2026-12-31"}
PATH = "/api/v1/organizations"


@pytest.fixture
def database_url(sqlite_url):
    return sqlite_url


def added(admin, name="政协云溪县委员会", **more):
    return admin.post(PATH, {"name": name, "level": "county", "term": TERM, **more})


def stands_below(city: City, parent: City) -> None:
    o = table(Organization)
    with city.database.transaction() as db:
        values = {"parent_id": parent.organization_id, "level": "county"}
        db.execute(update(o).where(o.c.id == city.organization_id).values(**values))


def test_a_city_founds_a_county_and_sees_it_at_once(city):
    admin, member = city.staff(Role.SYSTEM_ADMIN), city.member()
    made = added(admin, duty_year_starts="12-01")
    assert (made.status_code, made.json()["parent_id"]) == (201, city.organization_id)
    for who in (admin, member):
        names = [(one["name"], one["own"], one["timezone"]) for one in who.get(PATH).json()]
        assert names == [(city.name, True, "Asia/Shanghai"), ("政协云溪县委员会", False, None)]
    village = added(admin, "政协某某区委员会", parent_id=made.json()["id"])
    assert (village.status_code, village.json()["code"]) == (422, "bad_parent")
    assert added(admin).json()["code"] == "organization_exists"
    assert [added(who, "政协别县委员会").status_code for who in (member, city.staff())] == [403, 403]
    log = city.staff(Role.AUDITOR).get("/api/v1/audit?action=organization.created").json()["items"]
    assert [one["account_id"] for one in log] == [admin.account_id]


def test_nobody_hands_leads_to_an_organization_where_nobody_receives(city):
    def places():
        return [one["name"] for one in city.anonymous().get("/api/v1/leads/organizations").json()["items"]]

    lead = {"organization_id": city.organization_id, "body": "门前的路灯坏了两个月，晚上看不清路。"}
    assert places() == []
    assert city.anonymous().post("/api/v1/leads", json=lead).status_code == 404
    city.staff()
    assert places() == [city.name]
    assert city.anonymous().post("/api/v1/leads", json=lead).status_code == 201


def test_each_organization_names_itself_and_those_above_only_place_it(city, app):
    county, other = (City(app, city.database, name=name) for name in ("政协柳溪县委员会", "政协别处市委员会"))
    stands_below(county, city)
    admin, own = city.staff(Role.SYSTEM_ADMIN), county.staff(Role.SYSTEM_ADMIN)
    member = county.member("甲")
    of = f"{PATH}/{county.organization_id}"
    assert admin.patch(of, {"name": "政协改名县委员会"}).json()["code"] == "own_only"
    assert own.patch(of, {"parent_id": other.organization_id}).json()["code"] == "parent_decides"
    assert admin.patch(of, {"parent_id": other.organization_id}).status_code == 404
    assert (
        admin.patch(f"{PATH}/{other.organization_id}", {"parent_id": city.organization_id}).status_code == 404
    )
    assert own.patch(of, {"level": "city"}).json()["code"] == "bad_parent"

    def head():
        return member.get(f"/api/v1/cards/{member.seat_id}/term").json()["seat"]["organization"]

    assert head() == "政协柳溪县委员会"
    assert own.patch(of, {"name": "政协改名县委员会"}).json()["name"] == "政协改名县委员会"
    while outbox.run_due(city.database):
        pass
    assert head() == "政协改名县委员会"
    change = own.get("/api/v1/setting-changes?key=name").json()["items"][0]
    assert (change["before"], change["after"], change["changed_by"]) == (
        "政协柳溪县委员会",
        "政协改名县委员会",
        own.name,
    )
    assert admin.get("/api/v1/setting-changes").json()["items"] == []


def test_the_zone_of_an_organization_is_right_or_stays(city):
    admin, member = city.staff(Role.SYSTEM_ADMIN), city.member()
    of = f"{PATH}/{city.organization_id}"
    assert admin.patch(of, {"timezone": "Asia/Nowhere"}).json()["code"] == "bad_timezone"
    assert admin.patch(of, {"timezone": "Asia/Urumqi"}).json()["timezone"] == "Asia/Urumqi"
    assert member.post("/api/v1/updates", {"body": "走访社区老人", "kind": "visit"}).status_code == 201
    assert admin.patch(of, {"timezone": "Asia/Shanghai"}).json()["code"] == "records_exist"
