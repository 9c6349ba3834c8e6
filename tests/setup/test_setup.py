"""How far a conference is set up is read from what is there: step by step, and back where something is taken away."""

from datetime import timedelta
from functools import partial
from typing import Any

from sqlalchemy import update

from app.auth.areas import Area
from app.auth.models import Account
from app.auth.permissions import Role
from app.core import clock, outbox
from app.core.sql import table
from app.people.models import Term
from app.points.engine import yaml_text
from tests.factories.city import City, Who
from tests.factories.domains.bodies import added
from tests.factories.domains.proposals import opened_window
from tests.factories.everything import made
from tests.factories.statements import statements


def setup(who: Who) -> dict[str, dict[str, Any]]:
    """The steps by key."""
    answer = who.get("/api/v1/setup")
    assert answer.status_code == 200, answer.text
    found = {step["key"]: step for step in answer.json()["steps"]}
    assert answer.json()["done"] == all(step["done"] for step in found.values())
    return found


def standing(who: Who) -> list[str]:
    return [key for key, step in setup(who).items() if step["done"]]


def parts(step: dict[str, Any]) -> dict[str, tuple[int, int | None]]:
    return {part["key"]: (part["count"], part["total"]) for part in step["parts"]}


def test_a_conference_is_set_up_step_by_step(city):
    clerk = city.staff(name="赵某")
    assert standing(clerk) == ["term"]
    begun = setup(clerk)
    assert parts(begun["bodies"]) == {
        "sectors": (2, None),
        "committees": (2, None),
        "bodies": (0, None),
        "units": (1, None),
    }
    assert [part["imports"] for part in begun["bodies"]["parts"]] == [None, None, "bodies", "units"]

    admin, security = city.staff(Role.SYSTEM_ADMIN, "张某"), city.staff(Role.SECURITY_ADMIN, "李某")
    assert "organization" not in standing(clerk)
    city.staff(Role.AUDITOR, "王某")
    assert "organization" in standing(clerk)

    office = made(security.post("/api/v1/offices", {"name": "提案科", "areas": ["proposals"]}))
    assert "offices" not in standing(clerk)
    role = {"role": "secretariat", "office_id": office["id"]}
    made(security.post(f"/api/v1/accounts/{city.staff(name='孙某').account_id}/roles", role))
    assert "offices" in standing(clerk)

    seat = {"name": "钱立本", "phone": "13711110011", "sector_id": city.sectors[0]}
    made(clerk.post("/api/v1/seats", seat))
    added(clerk)
    assert standing(clerk) == ["organization", "term", "bodies", "offices", "roster"]

    rules = {
        "duty_year": clock.now().year,
        "text": yaml_text.shipped()["minhang"],
        "reason": "主席会议通过",
    }
    version = made(clerk.post("/api/v1/rulesets", rules))["id"]
    assert "rules" not in standing(clerk)
    assert clerk.put(f"/api/v1/rulesets/{version}/publication").status_code == 204
    while outbox.run_due(city.database):
        pass
    assert "rules" in standing(clerk)
    opened_window(clerk)
    assert [key for key in setup(clerk) if key not in standing(clerk)] == ["invitations"]
    assert parts(setup(clerk)["invitations"]) == {"invited": (0, 1)}
    assert (
        admin.post("/api/v1/accounts/first-passwords", {"role": "member"}).json()["items"][0]["name"]
        == "钱立本"
    )
    assert clerk.get("/api/v1/setup").json()["done"] is True


def test_a_step_falls_back_when_what_it_asks_for_is_gone(city):
    clerk, security = city.staff(), city.staff(Role.SECURITY_ADMIN)
    auditor = city.staff(Role.AUDITOR)
    city.staff(Role.SYSTEM_ADMIN)
    office = city.office("提案科", Area.PROPOSALS)
    city.staff(name="孙某", office=office)
    assert {"organization", "offices"} <= set(standing(clerk))
    a, t = table(Account), table(Term)
    with city.database.transaction() as db:
        db.execute(update(a).where(a.c.id == auditor.account_id).values(disabled_at=clock.now()))
    assert "organization" not in standing(clerk)
    assert parts(setup(security)["organization"])["auditor"] == (0, None)

    # a term that is over: what is of a term begins anew with the next one, what is the organization's stays
    city.member()
    opened_window(clerk)
    assert {"roster", "window", "invitations"} <= set(standing(clerk))
    today = clock.local_day(clock.now())
    with city.database.transaction() as db:
        db.execute(update(t).where(t.c.id == city.term_id).values(ends_on=today - timedelta(days=1)))
    assert standing(clerk) == ["offices"]
    days = {"starts_on": f"{today + timedelta(days=30)}", "ends_on": f"{today + timedelta(days=1800)}"}
    made(clerk.post("/api/v1/terms", {"ordinal": 17} | days))
    assert standing(clerk) == ["term", "offices"]  # it is set up before it begins
    assert parts(setup(clerk)["bodies"])["units"] == (1, None)


def test_who_cannot_see_to_a_step_reads_who_can(city):
    admin = city.staff(Role.SYSTEM_ADMIN, "张某")
    assert [key for key, step in setup(admin).items() if step["may"]] == ["organization", "invitations"]
    assert setup(admin)["roster"]["helpers"] == []
    liaison = city.staff(name="周联络", office=city.office("委员联络科", Area.LIAISON))
    city.staff(name="吴文史", office=city.office("文史委办", Area.COMMITTEES, committee=0))
    for n in range(6):
        city.staff(name=f"提案{n}", office=city.office(f"提案{n}科", Area.PROPOSALS))
    steps = setup(liaison)
    assert [key for key, step in steps.items() if step["may"]] == ["term", "bodies", "roster", "rules"]
    assert steps["roster"]["helpers"] == []
    assert steps["invitations"]["helpers"] == [{"name": "张某", "role_label": "系统管理员"}]
    assert [one["name"] for one in steps["window"]["helpers"]] == [f"提案{n}" for n in range(5)]
    assert setup(admin)["roster"]["helpers"] == [{"name": "周联络", "role_label": "机关工作人员"}]
    # who asks, the term, all counts, who can
    assert statements(city.database, partial(admin.get, "/api/v1/setup")) <= 4


def test_setup_is_for_the_staff_of_the_organization(city, app):
    county = City(app, city.database, name="政协柳溪县委员会")
    county.member()
    county.staff(Role.AUDITOR)
    assert parts(setup(city.staff())["roster"]) == {"members": (0, None)}
    assert parts(setup(city.staff())["organization"])["auditor"] == (0, None)
    for role in (Role.LEADER, Role.UNIT_OFFICER):
        assert city.staff(role).get("/api/v1/setup").status_code == 403
    assert city.member().get("/api/v1/setup").status_code == 403
    assert city.anonymous().get("/api/v1/setup").status_code == 401
