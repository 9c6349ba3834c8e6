"""Venues of consultation: the office keeps the tree, members find where they are posted, the public reads a page."""

from datetime import timedelta

import pytest

from app.auth.permissions import Role
from app.core import clock
from tests.factories.city import City
from tests.factories.domains.activities import edited, meeting
from tests.factories.domains.ledger import news

NOW = clock.now()
TODAY = clock.local_day(NOW)
NEW = {"name": "滨江社区协商议事室", "level": "village", "kind": "room"}


def venue(staff, name=NEW["name"], level="village", **more):
    answer = staff.post("/api/v1/venues", NEW | {"name": name, "level": level} | more)
    assert answer.status_code == 201, answer.text
    return answer.json()


def listed(who, **params):
    return [one["name"] for one in who.get("/api/v1/venues", params=params).json()["items"]]


def changed(who, path, version, body):
    return who.put(path, body, headers={"If-Match": f'"{version}"'})


def consultation(staff, venue_id=None, ago=2, **more):
    begins = NOW - timedelta(hours=ago)
    times = {"starts_at": begins.isoformat(), "ends_at": (begins + timedelta(hours=1)).isoformat()}
    return meeting(staff, kind="consultation", title="议电动车充电", venue_id=venue_id, **times, **more)


def test_a_member_finds_the_venues_of_the_tree_where_they_are_posted_first(city):
    staff, member, other = city.staff(), city.member("周岚"), city.member()
    town = venue(staff, "临江镇联络站", "township", kind="station")
    venue(staff, "东片议事室", parent_id=town["id"])
    here = venue(staff, parent_id=town["id"], place="滨江路 8 号", members=[{"seat_id": member.seat_id}])
    assert (here["parent"], here["depth"], here["level_label"]) == ("临江镇联络站", 1, "村（社区）")
    assert news(city, member) == ["请您到“滨江社区协商议事室”联系群众"]
    assert listed(member) == ["滨江社区协商议事室", "临江镇联络站", "东片议事室"]
    assert listed(other) == ["临江镇联络站", "东片议事室", "滨江社区协商议事室"]
    first = member.get("/api/v1/venues", params={"limit": 1}).json()
    assert listed(member, cursor=first["next"]) == ["临江镇联络站", "东片议事室"]
    assert (listed(member, mine=True), listed(other, mine=True)) == (["滨江社区协商议事室"], [])
    assert listed(staff, within=here["id"]) == listed(staff, kind="room", q="滨江") == [here["name"]]
    assert len(listed(staff, within=town["id"])) == 3
    seen = member.get(f"/api/v1/venues/{here['id']}").json()
    assert [one["name"] for one in seen["stays"]] == ["周岚"]
    assert (seen["mine"], seen["actions"], here["actions"]) == (True, [], ["edit", "remove"])
    assert member.post("/api/v1/venues", NEW).status_code == 403
    found = other.get("/api/v1/find", params={"q": "滨江"}).json()["items"]
    assert [one["path"] for one in found if one["kind"] == "venue"] == [f"/api/v1/venues/{here['id']}"]
    once = {"Idempotency-Key": "venue-of-today-1"}
    ids = {staff.post("/api/v1/venues", NEW, headers=once).json()["id"] for _ in range(2)}
    assert len(ids) == 1


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"parent_id": 999}, "unknown_parent"),
        ({"parent_id": 1, "level": "township"}, "venue_misplaced"),
        ({"parent_id": 1, "name": "东片议事室"}, "venue_exists"),
        ({"convener_id": 999}, "unknown_convener"),
        ({"members": [{"seat_id": 999}]}, "not_in_office"),
        ({"members": [{"seat_id": 1, "starts_on": "1990-01-01"}]}, "not_in_office"),
        ({"members": [{"seat_id": 1, "ends_on": "2020-01-01"}]}, "bad_period"),
        ({"members": [{"seat_id": 1}, {"seat_id": 1}]}, "stays_overlap"),
        ({"closed_on": "0026-01-01"}, "invalid"),
        ({"level": "street"}, "invalid"),
        ({"name": " "}, "invalid"),
    ],
)
def test_a_venue_that_does_not_fit_is_refused(city, change, code):
    staff = city.staff()
    city.member()
    town = venue(staff, "临江镇联络站", "township")
    venue(staff, "东片议事室", parent_id=town["id"])
    answer = staff.post("/api/v1/venues", NEW | change)
    assert (answer.status_code, answer.json()["code"]) == (422, code)


def test_a_venue_is_moved_and_closed_and_one_added_by_mistake_goes(city):
    staff, member = city.staff(), city.member("周岚")
    town, other = (venue(staff, f"{name}镇联络站", "township") for name in ("临江", "东山"))
    body = NEW | {"parent_id": town["id"], "members": [{"seat_id": member.seat_id}]}
    made = staff.post("/api/v1/venues", body).json()
    path = f"/api/v1/venues/{made['id']}"
    assert changed(staff, path, 1, body | {"parent_id": other["id"]}).json()["parent"] == "东山镇联络站"
    assert listed(staff) == ["临江镇联络站", "东山镇联络站", made["name"]]
    assert changed(staff, path, 1, body).json()["current"]["parent"] == "东山镇联络站"
    assert changed(member, path, 2, body).status_code == 403
    lower = changed(staff, f"/api/v1/venues/{other['id']}", 1, {**NEW, "name": "东山", "level": "village"})
    assert (lower.status_code, lower.json()["code"]) == (422, "venue_misplaced")
    used = staff.delete(f"/api/v1/venues/{other['id']}")
    assert (used.status_code, used.json()["code"]) == (409, "venue_in_use")
    assert changed(staff, path, 2, body | {"members": []}).json()["stays"] == []
    assert news(city, member)[-1] == "您在“滨江社区协商议事室”的派驻已由机关结束"
    assert changed(staff, path, 3, body | {"members": [], "closed_on": str(TODAY)}).status_code == 200
    assert made["name"] not in listed(staff, current=True)
    assert (made["name"] in listed(staff), made["name"] in listed(staff, year=TODAY.year + 1)) == (
        True,
        False,
    )
    assert member.delete(path).status_code == 403
    assert (staff.delete(path).status_code, staff.get(path).status_code) == (204, 404)


def test_who_convenes_sets_the_opening_hours_and_nothing_else(city):
    staff, officer, other = city.staff(), city.staff(Role.UNIT_OFFICER, "何主任"), city.member()
    (named,) = staff.get("/api/v1/venues/conveners", params={"q": "何主任"}).json()
    assert (named["id"], named["roles_label"]) == (officer.account_id, "承办单位人员")
    made = venue(staff, convener_id=officer.account_id, convener_name="别人")
    path = f"/api/v1/venues/{made['id']}/opening-hours"
    hours = {"opening_hours": "每周三上午"}
    seen = officer.get(f"/api/v1/venues/{made['id']}").json()
    assert (seen["convener"], seen["mine"], seen["actions"]) == ("何主任", True, ["set_hours"])
    assert changed(officer, path, 1, hours).json()["opening_hours"] == "每周三上午"
    assert changed(officer, path, 1, hours).status_code == 412
    assert [changed(who, path, 2, hours).status_code for who in (other, staff)] == [403, 403]
    assert other.get("/api/v1/venues/conveners").status_code == 403


def test_the_public_reads_the_page_of_a_venue_that_is_open_to_it(city):
    staff, member, gone = city.staff(), city.member("周岚"), city.member("吴远")
    left = city.member("钱明", ends_on=TODAY - timedelta(days=1))
    yesterday = str(TODAY - timedelta(days=1))
    body = NEW | {
        "convener_name": "<何敏>",
        "opening_hours": "每周三上午",
        "members": [
            {"seat_id": member.seat_id},
            {"seat_id": gone.seat_id, "starts_on": yesterday, "ends_on": yesterday},
            {"seat_id": left.seat_id, "starts_on": yesterday},
        ],
    }
    made = staff.post("/api/v1/venues", body).json()
    path = f"/api/v1/venues/{made['id']}"
    assert (made["public_url"], staff.get(f"{path}/code").status_code) == (None, 404)
    url = changed(staff, path, 1, body | {"is_public": True}).json()["public_url"]
    address = url.removeprefix("http://127.0.0.1:8000")
    assert address.startswith("/v/")
    pictures = [member.get(f"{path}/code?form={form}").content[:5] for form in ("png", "svg")]
    assert pictures == [b"\x89PNG\r", b"<?xml"]
    nobody = city.anonymous()
    page = nobody.get(address)
    assert (page.status_code, page.headers["Cache-Control"]) == (200, "public, max-age=300")
    for said in (NEW["name"], "协商议事室", "每周三上午", "周岚", "委员", "&lt;何敏&gt;"):
        assert said in page.text
    assert "吴远" not in page.text
    assert "钱明" not in page.text, "no longer in office"
    again = nobody.get(address, headers={"If-None-Match": page.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    changed(staff, path, 2, body)
    assert nobody.get(address).status_code == 404, "no longer public"
    changed(staff, path, 3, body | {"is_public": True, "closed_on": str(TODAY)})
    closed = nobody.get(address)
    assert (closed.status_code, closed.headers["Cache-Control"]) == (404, "no-store")
    assert "没有找到这个场所" in closed.text
    assert nobody.get("/v/nothing22").status_code == 404
    assert nobody.get(path).status_code == 401


def test_each_figure_of_a_year_is_the_length_of_its_list(city):
    staff, member, other = city.staff(), city.member("周岚"), city.member()
    first = venue(staff, members=[{"seat_id": member.seat_id}])
    second = venue(staff, "东门社区议事室")
    venue(staff, "临江镇联络站", "township")
    venue(staff, "西门社区议事室", closed_on=str(TODAY.replace(month=1, day=1)))
    for ago in (4, 8):
        consultation(staff, first["id"], ago, seat_ids=[member.seat_id])
    off = consultation(staff, second["id"])
    assert staff.put(f"/api/v1/activities/{off['id']}/cancellation", {"reason": "下雨"}).status_code == 200
    consultation(staff, second["id"], ago=-5)
    year = TODAY.year
    path = f"/api/v1/venues/targets/{year}"
    assert member.put(path, {"targets": {"village": 2}}).status_code == 403
    assert staff.put(path, {"targets": {"village": 0}}).status_code == 422
    assert staff.put(path, {"targets": {"city": 1}}).json()["whole"]["behind"] == 0
    set_to = staff.put(path, {"targets": {"village": 2}}).json()
    found = other.get("/api/v1/venues/figures").json()
    assert found == set_to
    of = {one["key"]: one for one in (*found["levels"], found["whole"])}
    counts = [(one["venues"], one["target"], one["reached"], one["behind"]) for one in of.values()]
    assert counts == [(0, None, 0, 0), (0, None, 0, 0), (1, None, 0, 0), (2, 2, 1, 1), (3, None, 1, 1)]
    for figure in of.values():
        for name, count in (("path", "venues"), ("reached_path", "reached"), ("behind_path", "behind")):
            assert len(staff.get(figure[name]).json()["items"]) == figure[count], (figure, name)
    (reached,) = staff.get(of["village"]["reached_path"]).json()["items"]
    assert (reached["name"], reached["held"], reached["target"]) == (first["name"], 2, 2)
    assert len(staff.get(reached["held_path"]).json()["items"]) == 2
    assert member.get(f"/api/v1/venues/{first['id']}").json()["held_path"] is None
    past = staff.get("/api/v1/venues/figures", params={"year": year - 2}).json()
    assert (past["whole"]["venues"], past["whole"]["reached"]) == (4, 0)
    for name in ("venues", "venue-figures"):
        sheet = staff.get(f"/api/v1/exports/{name}.xlsx")
        assert (sheet.status_code, sheet.content[:2]) == (200, b"PK")


def test_an_activity_is_held_at_a_venue_that_staff_choose(city):
    staff, member = city.staff(), city.member()
    here = venue(staff)
    made = consultation(staff, here["id"], ago=-3)
    path = f"/api/v1/activities/{made['id']}"
    assert (made["venue_id"], member.get(path).json()["venue"]) == (here["id"], here["name"])
    (coming,) = member.get("/api/v1/activities", params={"venue_id": here["id"]}).json()["items"]
    assert coming["venue"] == here["name"]
    assert edited(staff, path, {"title": "议停车"}).json()["venue_id"] == here["id"]
    assert edited(staff, path, {"venue_id": 999}).json()["code"] == "unknown_venue"
    used = staff.delete(f"/api/v1/venues/{here['id']}")
    assert (used.status_code, used.json()["code"]) == (409, "venue_in_use")
    assert edited(staff, path, {"venue_id": None}).json()["venue"] is None
    assert staff.delete(f"/api/v1/venues/{here['id']}").status_code == 204


def test_venues_are_of_their_own_organization(city, database):
    other = City(city.app, database, "东川市政协")
    staff, member = other.staff(), city.member()
    theirs = venue(staff, is_public=True)
    path = f"/api/v1/venues/{theirs['id']}"
    assert (listed(member), member.get(path).status_code) == ([], 404)
    own = city.staff()
    assert changed(own, path, 1, NEW).status_code == 404
    assert own.delete(path).status_code == 404
    assert own.post("/api/v1/venues", NEW | {"parent_id": theirs["id"]}).json()["code"] == "unknown_parent"
    assert listed(own, within=theirs["id"]) == []
    begins = {"starts_at": "2026-05-20T01:00:00Z", "ends_at": "2026-05-20T02:00:00Z"}
    new = {"kind": "consultation", "title": "议事", "venue_id": theirs["id"]} | begins
    assert own.post("/api/v1/activities", new).json()["code"] == "unknown_venue"
    assert city.staff(Role.LEADER).get("/api/v1/venues").status_code == 200
