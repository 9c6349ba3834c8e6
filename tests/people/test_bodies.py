"""Bodies: who they are, who acts for them, what others see of them."""

import pytest

from tests.factories.city import City
from tests.factories.domains.bodies import added

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
CONTACT = {"contact_name": "李明", "contact_phone": "0817-2220000"}


def test_a_body_has_a_head_a_contact_and_those_who_act_for_it(city):
    staff, head, speaker, other = city.staff(), city.member("周岚"), city.member("吴远"), city.member()
    body = added(staff, head=head, speakers=[speaker], **CONTACT)
    path = f"/api/v1/bodies/{body['id']}"

    assert (body["kind_label"], body["head"]["name"]) == ("民主党派", "周岚")
    assert [one["name"] for one in body["spokespersons"]] == ["吴远"]
    assert body["contact_phone"] == head.get(path).json()["contact_phone"] == "0817-2220000"
    seen = other.get(path).json()
    assert (seen["contact_name"], seen["contact_phone"], seen["mine"]) == ("李明", "081****00", False)
    assert [one["id"] for one in speaker.get("/api/v1/bodies?mine=true").json()] == [body["id"]]
    assert other.get("/api/v1/bodies?mine=true").json() == []

    changed = staff.patch(path, {"spokesperson_ids": [other.seat_id], "head_seat_id": None}).json()
    assert (changed["head"], changed["name"]) == (None, "民盟云川市委员会")
    assert [one["seat_id"] for one in changed["spokespersons"]] == [other.seat_id]
    assert speaker.get("/api/v1/bodies?mine=true").json() == []
    assert other.patch(path, {"name": "我的"}).status_code == 403


def test_sectors_and_committees_lend_their_names(city):
    staff = city.staff()
    sector = added(staff, None, "sector", sector_id=city.sectors[1])
    committee = added(staff, None, "committee", committee_id=city.committees[0])
    assert (sector["name"], committee["name"]) == ("教育界", "提案委员会")

    staff.patch(f"/api/v1/sectors/{city.sectors[1]}", {"name": "教育和科技界"})
    assert staff.get(f"/api/v1/bodies/{sector['id']}").json()["name"] == "教育和科技界"
    again = staff.post("/api/v1/bodies", {"kind": "sector", "sector_id": city.sectors[1]})
    assert (again.status_code, again.json()["code"]) == (409, "body_exists")


@pytest.mark.parametrize(
    ("new", "status", "detail"),
    [
        ({"kind": "party"}, 422, "请填写单位名称。"),
        ({"kind": "sector"}, 422, "请选择本届的界别。"),
        ({"kind": "party", "name": "民革", "sector_id": 1}, 422, "这类单位不需要这一项。"),
        ({"kind": "party", "name": "民革", "contact_phone": "问老王"}, 422, "请填写电话号码"),
        ({"kind": "party", "name": "民盟云川市委员会"}, 409, "已经有“民盟云川市委员会”。"),
        ({"kind": "party", "name": "民革", "head_seat_id": 999_999}, 422, "只能选择本届委员。"),
    ],
)
def test_a_wrong_body_is_refused_with_a_sentence(city, new, status, detail):
    staff = city.staff()
    added(staff)
    refused = staff.post("/api/v1/bodies", new)
    problem = refused.json()
    assert refused.status_code == status
    assert detail in problem["detail"] + "".join(e["detail"] for e in problem.get("errors", []))


def test_bodies_of_others_are_out_of_reach(app, database, city):
    theirs = City(app, database, name="政协柳溪县委员会")
    body, staff = added(theirs.staff()), city.staff()
    path = f"/api/v1/bodies/{body['id']}"
    assert [staff.get(path).status_code, staff.patch(path, {}).status_code] == [404, 404]
    assert staff.delete(path).status_code == 404
    assert staff.get("/api/v1/bodies").json() == []
