"""A member of two conferences hears of both, goes over, and is right in both."""

import pytest
from sqlalchemy import select

from app.auth.models import AccountRole
from app.auth.permissions import Role
from app.core import outbox
from app.core.live import Event
from app.core.sql import table
from app.people.models import Person, Seat
from tests.factories.city import City, Who, _add

NEW = {"body": "走访社区食堂", "kind": "visit"}
E, R = table(Event), table(AccountRole)


@pytest.fixture
def county(city: City) -> City:
    return City(city.app, city.database, name="政协云溪县委员会")


@pytest.fixture
def member(city: City, county: City) -> Who:
    """Of the city and, by the same account, of the county."""
    who = city.member("沈文")
    with city.database.transaction() as db:
        place, a_seat = county.organization_id, db.get_one(Seat, who.seat_id)
        known = Person(organization_id=place, account_id=who.account_id, name="沈文", phone=who.phone)
        seat = Seat(
            organization_id=place,
            term_id=county.term_id,
            sector_id=county.sectors[0],
            person_id=_add(db, known).id,
            starts_on=a_seat.starts_on,
            ends_on=a_seat.ends_on,
        )
        of = {"role": Role.MEMBER, "seat_id": _add(db, seat).id}
        db.execute(R.insert().values(account_id=who.account_id, organization_id=place, **of))
    return who


def go_over(who: Who, to: City) -> dict:
    return who.put("/api/v1/auth/organization", {"organization_id": to.organization_id}).json()


def replied(member: Who, here: City, name: str) -> None:
    """Somebody of an organization replies to what the member posted there."""
    thread = member.post("/api/v1/updates", NEW | {"body": f"在{here.name}走访"}).json()["thread_id"]
    here.member(name).post(f"/api/v1/threads/{thread}/replies", {"body": "赞成"})


def test_notices_of_both_are_listed_counted_and_read_in_either(city, county, member):
    go_over(member, county)
    replied(member, county, "郑文")
    go_over(member, city)
    replied(member, city, "周岚")

    unread = member.get("/api/v1/notifications/unread").json()
    assert unread == {
        "count": 2,
        "elsewhere": [{"id": county.organization_id, "name": county.name, "count": 1}],
    }
    first, second = member.get("/api/v1/notifications").json()["items"]
    assert (first["title"], first["organization"]) == ("周岚回复了您的动态", None)
    assert (second["title"], second["organization"]["name"]) == ("郑文回复了您的动态", county.name)
    assert second["path"]
    assert member.get(second["path"]).status_code == 404  # it is opened there
    assert go_over(member, county)["seat"]["id"] != member.seat_id
    assert member.get(second["path"]).status_code == 200
    assert member.put(f"/api/v1/notifications/{first['id']}/read").status_code == 204
    assert member.put("/api/v1/notifications/read", {"up_to": first["id"]}).status_code == 204
    assert member.get("/api/v1/notifications/unread").json()["count"] == 0


def test_the_bell_rings_in_the_organization_that_is_open(city, county, member):
    go_over(member, county)
    replied(member, county, "郑文")
    with city.database.read.connect() as conn:
        rung = (
            conn.execute(select(E.c.organization_id).where(E.c.name == "notification.added")).scalars().all()
        )
    assert set(rung) == {city.organization_id, county.organization_id}


def test_a_closed_role_there_tells_nothing_here(city, county, member):
    go_over(member, county)
    replied(member, county, "郑文")
    go_over(member, city)
    security = county.staff(Role.SECURITY_ADMIN)
    assert security.delete(f"/api/v1/accounts/{member.account_id}/roles/member").status_code == 204
    city.log_in(member)
    assert member.get("/api/v1/notifications").json()["items"] == []
    assert member.get("/api/v1/notifications/unread").json() == {"count": 0, "elsewhere": []}


def test_neither_hears_what_only_the_other_account_holds(city, county, member):
    outsider = county.member("郑文")
    replied(member, city, "周岚")
    assert outsider.get("/api/v1/notifications").json()["items"] == []
    outbox.run_due(city.database)
    assert member.get("/api/v1/notifications/unread").json()["count"] == 1
