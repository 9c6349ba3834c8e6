"""Offices: what each may do, who is put into them, and who may change that."""

import pytest
from sqlalchemy import select

from app.audit.models import AuditEntry
from app.auth.areas import AREA_GRANTS, AREA_LABELS, Area
from app.auth.permissions import GRANTS, STAFF_BASE, Permission, Role
from app.core.sql import table
from tests.factories.city import City, Who
from tests.factories.domains.proposals import done, drafted, opened_window

E = table(AuditEntry)


@pytest.fixture
def database_url(sqlite_url):
    """Rights do not depend on the kind of database; the statements that read them run on both in test_scope.py."""
    return sqlite_url


@pytest.fixture
def security(city: City) -> Who:
    return city.staff(Role.SECURITY_ADMIN)


def put_into(security: Who, who: Who, office_id: int | None):
    body = {"role": "secretariat"} | ({"office_id": office_id} if office_id else {})
    return security.post(f"/api/v1/accounts/{who.account_id}/roles", body)


def rights(city: City, who: Who) -> set[str]:
    return set(city.log_in(who).get("/api/v1/auth/me").json()["permissions"])


def test_all_areas_together_are_the_secretariat():
    single = [grants for area, grants in AREA_GRANTS.items() if area is not Area.CHIEF]
    assert STAFF_BASE.union(*single) == GRANTS[Role.SECRETARIAT] == AREA_GRANTS[Area.CHIEF]
    assert set(AREA_GRANTS) == set(AREA_LABELS) == set(Area)
    only = [grants - STAFF_BASE for grants in single]
    assert all(only)


def test_the_security_administrator_opens_an_office_and_puts_staff_into_it(city, security):
    made = security.post("/api/v1/offices", {"name": "提案科", "areas": ["first_review", "proposals"]})
    assert made.status_code == 201, made.text
    office = made.json()
    assert [a["area_label"] for a in office["areas"]] == ["提案交办和办理", "提案初审"]
    who = city.staff(name="沈文")
    assert rights(city, who) == GRANTS[Role.SECRETARIAT], "who has no office keeps everything"

    assert put_into(security, who, office["id"]).status_code == 200

    assert who.get("/api/v1/auth/me").status_code == 401, "rights that change end the sessions"
    granted = AREA_GRANTS[Area.PROPOSALS] | AREA_GRANTS[Area.FIRST_REVIEW] | STAFF_BASE
    assert rights(city, who) == granted
    me = who.get("/api/v1/auth/me").json()
    assert me["offices"] == [{"id": office["id"], "name": "提案科", "committee_id": None}]
    listed = security.get("/api/v1/offices").json()
    assert [clerk["name"] for clerk in listed[0]["staff"]] == ["沈文"]
    held = security.get(f"/api/v1/accounts/{who.account_id}").json()["roles"]
    assert [role["office_id"] for role in held] == [office["id"]]

    second = city.office("信息科", Area.INFORMATION)
    put_into(security, who, second)
    assert rights(city, who) == granted | AREA_GRANTS[Area.INFORMATION]
    path = f"/api/v1/accounts/{who.account_id}/roles/secretariat"
    assert security.delete(f"{path}?office_id={office['id']}").status_code == 204
    assert rights(city, who) == STAFF_BASE | AREA_GRANTS[Area.INFORMATION]
    put_into(security, who, None)
    assert rights(city, who) == GRANTS[Role.SECRETARIAT]
    assert security.delete(path).status_code == 204
    assert city.log_in(who).get("/api/v1/auth/me").status_code == 401


def test_offices_change_close_and_are_in_the_log(city, security):
    office_id = security.post("/api/v1/offices", {"name": "提案科", "areas": ["proposals"]}).json()["id"]
    who, path = city.staff(office=office_id), f"/api/v1/offices/{office_id}"

    changed = security.patch(path, {"areas": ["information"], "name": "信息科"})
    assert changed.status_code == 200, changed.text
    assert who.get("/api/v1/auth/me").status_code == 401
    assert rights(city, who) == STAFF_BASE | AREA_GRANTS[Area.INFORMATION]
    in_use = security.patch(path, {"closed": True})
    assert (in_use.status_code, in_use.json()["code"]) == (409, "office_in_use")
    assert "机关甲还在这个科室" in in_use.json()["detail"]
    put_into(security, who, None)
    assert security.patch(path, {"closed": True}).json()["closed_at"]
    refused = put_into(security, who, office_id)
    assert (refused.status_code, refused.json()["code"]) == (422, "bad_office")
    assert security.patch(path, {"closed": False}).json()["closed_at"] is None
    city.office("联络科", Area.LIAISON)
    assert security.patch(path, {"name": "联络科"}).json()["code"] == "name_taken"

    with city.database.read.connect() as conn:
        of_office = select(E.c.action, E.c.detail).where(E.c.subject_type == "office").order_by(E.c.id)
        entries = [(row.action, row.detail["areas"], row.detail["closed"]) for row in conn.execute(of_office)]
    assert entries == [
        ("office.created", ["proposals"], False),
        ("office.changed", ["information"], False),
        ("office.changed", ["information"], True),
        ("office.changed", ["information"], False),
    ]


def test_what_an_office_may_do_is_the_security_administrators_alone(city, security):
    office_id = city.office("提案科", Area.PROPOSALS)
    body = {"name": "信息科", "areas": ["information"]}
    for role in (Role.SYSTEM_ADMIN, Role.AUDITOR, Role.SECRETARIAT, Role.LEADER):
        who = city.staff(role)
        assert who.post("/api/v1/offices", body).status_code == 403
        assert who.patch(f"/api/v1/offices/{office_id}", {"areas": ["chief"]}).status_code == 403
        assert who.get("/api/v1/grant-targets/units").status_code == 403
    county = City(city.app, city.database, name="政协柳溪县委员会")
    elsewhere = county.staff(Role.SECURITY_ADMIN)
    assert elsewhere.get("/api/v1/offices").json() == []
    assert elsewhere.patch(f"/api/v1/offices/{office_id}", {"areas": ["chief"]}).status_code == 404
    clerk = county.staff()
    assert put_into(elsewhere, clerk, office_id).json()["code"] == "bad_office"
    officer = county.staff(Role.UNIT_OFFICER)
    refused = elsewhere.post(
        f"/api/v1/accounts/{officer.account_id}/roles",
        {"role": "leader", "office_id": county.office("提案科", Area.PROPOSALS)},
    )
    assert refused.json()["code"] == "bad_office"


def test_nobody_widens_what_his_own_office_may_do(city, security):
    office_id = city.office("联络科", Area.LIAISON)
    grant = {"role": "secretariat", "office_id": office_id}
    city.staff(Role.SECURITY_ADMIN).post(f"/api/v1/accounts/{security.account_id}/roles", grant)

    refused = city.log_in(security).patch(f"/api/v1/offices/{office_id}", {"areas": ["chief"]})

    assert (refused.status_code, refused.json()["code"]) == (403, "own_office")


def test_a_committees_office_holds_what_belongs_to_a_committee(city, security):
    body = {"name": "文化科", "areas": ["committees", "proposals"], "committee_id": city.committees[1]}
    refused = security.post("/api/v1/offices", body)
    assert (refused.status_code, refused.json()["code"]) == (422, "beyond_committee")
    assert "提案交办和办理请交给不限专委会的科室" in refused.json()["detail"]
    county = City(city.app, city.database, name="政协柳溪县委员会")
    theirs = security.post("/api/v1/offices", body | {"committee_id": county.committees[0]})
    assert theirs.json()["code"] == "unknown_group"

    made = security.post("/api/v1/offices", body | {"areas": ["committees"]}).json()

    assert made["committee"] == {"id": city.committees[1], "name": "文化文史和学习委员会"}
    widened = security.patch(f"/api/v1/offices/{made['id']}", {"areas": ["chief"]})
    assert widened.json()["code"] == "beyond_committee"
    both = security.patch(f"/api/v1/offices/{made['id']}", {"areas": ["chief"], "committee_id": None})
    assert both.json()["committee"] is None


def test_whoever_grants_sees_what_a_grant_may_name_and_no_more(city, security):
    member, elsewhere = city.member("周岚"), City(city.app, city.database, name="政协柳溪县委员会")
    elsewhere.member("别县")

    def targets(kind: str, query: str = "") -> list[dict[str, object]]:
        answer = security.get(f"/api/v1/grant-targets/{kind}{query}")
        assert answer.status_code == 200, answer.text
        return answer.json()["items"]

    assert targets("units") == [{"id": city.units[0], "name": "市教育局", "note": None}]
    assert targets("seats") == [{"id": member.seat_id, "name": "周岚", "note": "经济界"}]
    assert targets("seats", "?q=别县") == []
    assert [c["id"] for c in targets("committees")] == city.committees
    assert security.get("/api/v1/grant-targets/persons").status_code == 422
    officer = city.staff(Role.INFORMATION_OFFICER)
    grant = {"role": "unit_officer", "unit_id": targets("units")[0]["id"]}
    assert security.post(f"/api/v1/accounts/{officer.account_id}/roles", grant).status_code == 200


def test_an_office_sees_and_hears_what_its_areas_are_about(city, security):
    member = city.member("周岚")
    editor = city.staff(name="信息甲", office=city.office("信息科", Area.INFORMATION))
    reviewer = city.staff(name="提案甲", office=city.office("提案科", Area.FIRST_REVIEW))
    report = member.post("/api/v1/opinions", {"title": "反映停车难", "body": "老城区停车难。"}).json()
    member.post(f"/api/v1/opinions/{report['id']}/transitions", {"action": "submit"})
    window = city.staff()
    opened_window(window)
    proposal = drafted(member)
    done(member, proposal, "submit")

    assert editor.get(f"/api/v1/opinions/{report['id']}").status_code == 200
    assert reviewer.get(f"/api/v1/opinions/{report['id']}").status_code == 404
    assert reviewer.get(f"/api/v1/proposals/{proposal}").status_code == 200
    assert editor.get(f"/api/v1/proposals/{proposal}").status_code == 404
    for path in ("/api/v1/rulesets", "/api/v1/issued-cards/batches"):
        assert reviewer.post(path, {}).status_code == 403
    asked = member.post("/api/v1/privacy/requests", {"kind": "erase"})
    assert asked.status_code == 201, asked.text
    liaison = city.staff(name="联络甲", office=city.office("联络科", Area.LIAISON))
    other = city.member("郑文")
    other.post("/api/v1/privacy/requests", {"kind": "erase"})
    bell = [n["kind"] for n in liaison.get("/api/v1/notifications").json()["items"]]
    assert bell == ["personal_request.submitted"]
    assert editor.get("/api/v1/notifications").json()["items"] == []
    assert Permission.PEOPLE_MANAGE not in rights(city, editor)


def test_the_public_form_offers_who_has_an_office_that_receives(city):
    places = "/api/v1/leads/organizations"
    clerk = city.staff(office=city.office("提案科", Area.PROPOSALS))
    city.staff(office=city.office("提案委办公室", Area.COMMITTEES, committee=0))
    assert city.anonymous().get(places).json()["items"] == []
    lead = {"organization_id": city.organization_id, "body": "城东三个小区的充电桩坏了两个多月。"}
    assert city.anonymous().post("/api/v1/leads", json=lead).status_code >= 400, "nobody would read it"
    assert clerk.get(places).json()["items"] == []
    city.staff(office=city.office("信息科", Area.INFORMATION))
    assert [one["id"] for one in city.anonymous().get(places).json()["items"]] == [city.organization_id]
