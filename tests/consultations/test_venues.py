"""Venues of consultation: the office keeps the tree, members find where they are posted, the public reads a page."""

from app.core import clock
from tests.factories.domains.ledger import news

TODAY = clock.local_day(clock.now())


def venue(staff, name="滨江社区协商议事室", level="village", **more):
    answer = staff.post("/api/v1/venues", {"name": name, "level": level, "kind": "room"} | more)
    assert answer.status_code == 201, answer.text
    return answer.json()


def listed(who, **params):
    return [one["name"] for one in who.get("/api/v1/venues", params=params).json()["items"]]


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
    seen = member.get(f"/api/v1/venues/{here['id']}").json()
    assert [one["name"] for one in seen["stays"]] == ["周岚"]
    assert (seen["mine"], seen["actions"], here["actions"]) == (True, [], ["edit", "remove"])
    assert member.post("/api/v1/venues", {"name": "x", "level": "city", "kind": "room"}).status_code == 403
