"""Who may handle it: units that the author names or that handled the like, with what they have to do."""

from datetime import timedelta

from app.auth.permissions import Role
from app.core import clock, outbox
from tests.factories.city import City
from tests.factories.domains.handling import assigned
from tests.factories.domains.proposals import done, drafted, filed, opened_window

BRIDGE = {
    "title": "关于修缮城南古桥的建议",
    "situation": "城南古桥建于明代，桥面石板松动，汛期存在安全隐患。",
    "suggestions": "一、列入文物保护计划。二、限制重型车辆通行。",
}


def test_units_are_suggested_with_their_reasons(city):
    staff, author = city.staff(), city.member()
    housing, culture, health = city.unit("市住建局"), city.unit("市文旅局"), city.unit("市卫健委")
    opened_window(staff)
    for _ in range(2):  # nurseries were the education bureau's, with the health commission helping
        assigned(city, staff, filed(city, author, staff), lead=0, co=health)
    bridge = drafted(author, **BRIDGE)
    done(author, bridge, "submit")
    done(staff, bridge, "file")
    assigned(city, staff, bridge, lead=culture)
    asked = drafted(author, suggested_unit_ids=[city.units[housing]])
    done(author, asked, "submit")
    done(staff, asked, "file")
    while outbox.run_due(city.database):
        pass
    path = f"/api/v1/proposals/{asked}/unit-suggestions"

    with clock.frozen_at(clock.now() + timedelta(days=45)):
        found = city.log_in(staff).get(path).json()["items"]

    assert [unit["unit_name"] for unit in found] == ["市教育局", "市住建局"]
    first, second = found
    assert (first["case_count"], first["open_count"], first["overdue_count"]) == (2, 2, 2)
    assert [case["number"] for case in first["cases"]] in ([1, 2], [2, 1])
    title = first["cases"][0]["title"]
    assert first["reason"] == f"办理过2件相近的提案，如《{title}》；目前在办2件，其中2件已超期。"
    assert (second["suggested_by_author"], second["cases"]) == (True, [])
    assert second["reason"] == "提案人建议由该单位承办；目前没有在办的提案。"
    # who is at work already is not suggested again
    city.log_in(staff)
    assigned(city, staff, asked, lead=0)
    assert [unit["unit_name"] for unit in staff.get(path).json()["items"]] == ["市住建局"]


def test_they_are_for_those_who_assign(city):
    staff, author = city.staff(), city.member()
    opened_window(staff)
    proposal_id = filed(city, author, staff)
    path = f"/api/v1/proposals/{proposal_id}/unit-suggestions"
    for role in (Role.LEADER, Role.UNIT_OFFICER):
        assert city.staff(role).get(path).status_code == 403
    assert author.get(path).status_code == 403
    county = City(city.app, city.database, name="政协柳溪县委员会")
    assert county.staff().get(path).status_code == 404
    assert staff.get(f"/api/v1/proposals/{drafted(author)}/unit-suggestions").status_code == 404
    assert staff.get(path).json() == {"items": []}
