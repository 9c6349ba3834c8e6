"""Members who change sector, leave in mid-year, or sit in two organizations are right in every place."""

from collections.abc import Iterator
from datetime import date

import pytest

from app.auth.permissions import Role
from app.core import clock
from app.duty import service as duty
from app.people.models import Seat, Term
from app.points.snapshots import service
from tests.exports.reading import rows
from tests.factories.city import City, Who
from tests.factories.domains.ledger import differences
from tests.factories.points.figures import card, everywhere, points, warmth
from tests.factories.points.points import publish, score
from tests.factories.walk import whole
from tests.points.world import World, at

DAY = "2026-06-10"
NOW = at(f"{DAY} 20:00")


@pytest.fixture(autouse=True)
def _june() -> Iterator[None]:
    with clock.frozen_at(NOW):
        yield


@pytest.fixture
def world(city: City) -> World:
    return World(city)


def changed(staff: Who, seat_id: int, **what: object) -> None:
    answer = staff.patch(f"/api/v1/seats/{seat_id}", what)
    assert answer.status_code == 200, answer.text


def head(who: Who, seat_id: int, period: int | str = 2026) -> dict[str, object]:
    return who.get(f"/api/v1/cards/{seat_id}/{period}").json()["seat"]


def test_a_member_who_changes_sector_stands_whole_in_the_new_one_at_once(world):
    city = world.city
    a, b, staff = city.member("甲"), city.member("乙"), city.staff()
    for moment in ("2026-05-06 09:00", "2026-06-09 09:00"):
        world.update(a, at(moment))
    report = a.post("/api/v1/opinions", {"title": "充电桩不足", "body": "……"}).json()
    a.post(f"/api/v1/opinions/{report['id']}/transitions", {"action": "submit"})
    publish(city, staff)
    before = everywhere(staff, a.seat_id, 2026, DAY)
    with clock.frozen_at(at("2026-06-01 00:30")):
        service.take(city.database)
    old, new = city.sectors
    assert head(b, a.seat_id)["sector"] == "经济界"
    assert warmth(b, a.seat_id, DAY, board="sector", group_id=old) == 2
    changed(staff, a.seat_id, sector_id=new)
    for sector, heat, gained in ((old, 0, None), (new, 2, 7)):
        assert warmth(b, a.seat_id, DAY, board="sector", group_id=sector) == heat
        assert points(b, a.seat_id, 2026, sector_id=sector) == gained
    assert everywhere(staff, a.seat_id, 2026, DAY) == before, "nothing that was done is lost"
    (row,) = whole(b, "/api/v1/leaderboard?window=duty_year")["items"]
    assert row["seat"]["sector"] == head(b, a.seat_id)["sector"] == score(b, a)["seat"]["sector"] == "教育界"
    by_sector = whole(staff, "/api/v1/opinions/statistics?by=sector")["items"]
    assert [(one["label"], one["figures"][0]["count"]) for one in by_sector] == [("教育界", 1)]
    snapshot = b.get("/api/v1/board-snapshots/heat/2026-05").json()
    assert [r["seat"]["sector"] for r in snapshot["items"]] == ["经济界"], "as it stood"
    assert differences(city) == []


def test_a_member_who_leaves_keeps_the_year_and_stands_on_no_board_of_now(world):
    city = world.city
    a, b, staff = city.member("甲"), city.member("乙"), city.staff()
    world.update(a, at("2026-03-04 09:00"))
    publish(city, staff)
    before = everywhere(staff, a.seat_id, 2026, DAY)
    own = a.get(f"/api/v1/cards/{a.seat_id}/2026").json()["sections"]
    assert warmth(b, a.seat_id, DAY) == 1
    changed(staff, a.seat_id, ends_on="2026-06-09")
    assert a.get("/api/v1/auth/me").status_code in {401, 403}
    assert (warmth(b, a.seat_id, DAY), points(b, a.seat_id, 2026)) == (0, None)
    now = {"heat", "points"}
    after = everywhere(staff, a.seat_id, 2026, DAY)
    assert {k: v for k, v in after.items() if k not in now} == {
        k: v for k, v in before.items() if k not in now
    }
    found = score(staff, a)
    assert (found["points"], found["months"], found["pass_mark"], found["standing"]) == (2, 6, 5, None)
    expected = {i["title"]: i["detail"] for s in own if s["kind"] == "shortfall" for i in s["items"]}
    assert expected == {"发布三条动态": "发布动态还差2条"}, "of a whole year"
    with clock.frozen_at(at("2027-01-02 09:00")):
        city.log_in(staff)
        assert points(staff, a.seat_id, 2026) == 2, "the year is over: who sat in it stands on its board"
        assert warmth(staff, a.seat_id, "2026-12-31") == 1
        assert everywhere(staff, a.seat_id, 2026, "2026-12-31")["card"] == before["card"]
        assert staff.get(f"/api/v1/cards/{a.seat_id}/2027").status_code == 404
        assert score_status(staff, a.seat_id, 2027) == 404
    assert differences(city) == []


def score_status(who: Who, seat_id: int, year: int) -> int:
    return int(who.get(f"/api/v1/seats/{seat_id}/score?year={year}").status_code)


def test_a_member_of_two_organizations_has_two_of_everything(world, app):
    city = world.city
    county = City(app, city.database, name="政协柳溪县委员会", duty_year_starts="12-01")
    a, staff, clerk, other = city.member("甲"), city.staff(), county.staff(), county.member("乙")
    national = a.phone.removeprefix("+86")
    body = {"name": "甲甲", "phone": national, "sector_id": county.sectors[1]}
    second = clerk.post("/api/v1/seats", body)
    assert second.status_code == 201, second.text
    seat = second.json()["id"]
    admin = county.staff(Role.SYSTEM_ADMIN)
    (opened,) = admin.get("/api/v1/accounts?role=member&name=甲").json()["items"]
    first = admin.post(f"/api/v1/accounts/{opened['id']}/password-reset").json()["one_time_password"]
    assert a.post("/api/v1/auth/links", {"password": first}).status_code == 200
    publish(city, staff)
    publish(county, clerk)

    def at_home(organization: City) -> dict[str, object]:
        answer = a.put("/api/v1/auth/organization", {"organization_id": organization.organization_id})
        assert answer.status_code == 200, answer.text
        return answer.json()["seat"]

    def posts(text: str) -> None:
        assert (
            a.post("/api/v1/updates", {"body": f"{text}，看望三户独居老人", "kind": "visit"}).status_code
            == 201
        )

    for text in ("市里的走访", "市里的调研"):
        posts(text)
    assert at_home(county)["id"] == seat
    posts("县里的走访")
    here = everywhere(a, seat, 2026, DAY)
    assert (here["archive"], here["score"], here["heat"]) == ({"update.posted": 1}, 2, 1)
    assert (here["records"], here["exported"], here["card"]["updates"]["updates"]) == (1, 1, 1)
    assert here["card of the term"]["opening"]["updates"] == 1
    assert [u["body"] for u in whole(a, "/api/v1/updates")["items"]] == ["县里的走访，看望三户独居老人"]
    ways = [
        f"/api/v1/seats/{a.seat_id}/{end}"
        for end in ("record-counts", "records", "days", "score", "reports/2026", "score/records/rule:update")
    ]
    ways += [
        f"/api/v1/cards/{a.seat_id}{end}" for end in ("", "/2026", "/2026/poster.png", "/term/lists/books")
    ]
    ways += [f"/api/v1/exports/seats/{a.seat_id}/records.xlsx", f"/api/v1/leaderboard/{a.seat_id}/records"]
    for who in (a, clerk, other):
        assert {path: who.get(path).status_code for path in ways} == dict.fromkeys(ways, 404)
    sheet = rows(clerk.get("/api/v1/exports/leaderboard.xlsx?window=duty_year").content)
    assert len(sheet) == 2
    for search in ("市里", "走访"):
        assert "市里的" not in a.get(f"/api/v1/search?q={search}").text
    assert at_home(city)["id"] == a.seat_id
    there = everywhere(a, a.seat_id, 2026, DAY)
    assert (there["archive"], there["score"], there["heat"]) == ({"update.posted": 2}, 4, 1)
    assert card(staff, a.seat_id, "term")["opening"]["updates"] == 2
    assert staff.get(f"/api/v1/cards/{seat}/2026").status_code == 404
    assert differences(city) == []


def test_a_member_of_two_terms_reads_all_of_both_and_nobody_else_does(world):
    city = world.city
    a, b, staff = city.member("甲"), city.member("乙"), city.staff()
    with city.database.transaction() as db:
        held = db.get_one(Seat, a.seat_id)
        before = Term(
            organization_id=city.organization_id,
            ordinal=15,
            name="第十五届",
            starts_on=date(2018, 1, 1),
            ends_on=date(2022, 12, 31),
        )
        db.add(before)
        db.flush()
        seat = Seat(
            organization_id=city.organization_id,
            term_id=before.id or 0,
            person_id=held.person_id,
            sector_id=held.sector_id,
            starts_on=before.starts_on,
            ends_on=before.ends_on,
        )
        db.add(seat)
        db.flush()
        former = seat.id or 0
        duty.record(db, former, "opinion.submitted", ("opinion_report", 1), at=at("2021-05-06 09:00"))
    publish(city, staff, year=2021)
    issued = staff.post("/api/v1/issued-cards", {"seat_id": former, "period": "2021"})
    assert issued.status_code == 201, issued.text
    own = {who.name: who.get(f"/api/v1/seats/{former}/record-counts").json() for who in (a, b, staff)}
    assert [len(own[name]) for name in ("甲", "乙", staff.name)] == [1, 0, 1]
    cards = {who.name: who.get(f"/api/v1/cards/{former}/2021") for who in (a, b, staff)}
    private = {
        name: "shortfall" in {s["kind"] for s in card.json()["sections"]} for name, card in cards.items()
    }
    assert private == {"甲": True, "乙": False, staff.name: False}
    assert len({card.headers["etag"] for card in cards.values()}) == 3
    path = f"/api/v1/issued-cards/{issued.json()['id']}"
    assert [who.get(path).status_code for who in (a, b, staff)] == [200, 404, 200]
    assert [who.put(f"{path}/sharing", {"sharing": "seal"}).status_code for who in (b, staff, a)] == [
        404,
        403,
        204,
    ]
    assert a.get(f"/api/v1/seats/{former}/reports/2021").status_code == 200
    assert b.get(f"/api/v1/seats/{former}/reports/2021").status_code == 404
    assert card(a, a.seat_id, "term")["opening"] == {"named": []}, "the terms are apart"
