"""A committee's office touches nothing of another committee, nor of the whole organization, by any verb."""

from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import Session

from app.auth.actor import actor_of
from app.auth.areas import AREA_GRANTS, Area
from app.core import clock
from app.people.models import Committee, Term
from app.people.offices.scope import own_committees
from tests.architecture.routes import Asked, all_routes, document_of, smallest
from tests.factories.city import City, Who
from tests.factories.domains.activities import edited, fill_hall
from tests.factories.everything import made

#: What a committee's office may do, and no office of another committee may do to the same.
SCOPED = AREA_GRANTS[Area.COMMITTEES]


def things_of(city: City, staff: Who, member: Who, committee: int | None) -> dict[str, Any]:
    """One of everything that a committee, or (None) the whole organization, is host of: ids by path parameter."""
    now = clock.now()
    host = {} if committee is None else {"committee_id": city.committees[committee]}
    soon, late = (now + timedelta(hours=1)).isoformat(), (now + timedelta(days=9)).isoformat()
    topic = {"title": "如何办好社区书屋", "summary": "请各位委员出主意。", "opens_at": now.isoformat()}
    talk = made(staff.post("/api/v1/topics", topic | {"closes_at": late} | host))
    draft = made(staff.post("/api/v1/topics", topic | {"closes_at": late} | host))
    made(staff.post(f"/api/v1/topics/{talk['id']}/publication"))
    meeting = {"kind": "research", "title": "调研", "starts_at": soon, "ends_at": late}
    activity = made(staff.post("/api/v1/activities", meeting | host))
    hall = {"rows": 9, "columns": 9, "aisles": [], "front_rows": 0, "order": "roster"}
    assert fill_hall(staff, f"/api/v1/activities/{activity['id']}/hall", hall).status_code == 200
    today = clock.local_day(now)
    days = {"starts_on": str(today), "ends_on": str(today + timedelta(days=30))}
    reading = made(staff.post("/api/v1/reading/topics", {"title": "共读"} | days | host))
    note = {"book": "乡土中国", "title": "札记", "body": "读后", "topic_id": reading["id"]}
    noted = made(member.post("/api/v1/reading/notes", note))
    log = made(
        member.post("/api/v1/reading/logs", {"book": "乡土中国", "minutes": 5, "topic_id": reading["id"]})
    )
    replies = [
        made(member.post(f"/api/v1/threads/{talk['thread_id']}/replies", {"body": f"第{n}条意见"}))
        for n in (1, 2)
    ]
    made(staff.put(f"/api/v1/replies/{replies[1]['id']}/hidden", {"reason": "与议题无关"}))
    feed = {}
    if committee is None:  # what members post belongs to no committee
        feed = {
            "update_id": made(member.post("/api/v1/updates", {"body": "走访了滨江社区。", "kind": "visit"}))[
                "id"
            ]
        }
    return feed | {
        "topics.topic_id": talk["id"],
        "draft": draft["id"],
        "activity_id": activity["id"],
        "activities.seat_id": member.seat_id,
        "reading.topic_id": reading["id"],
        "note_id": noted["id"],
        "log_id": log["id"],
        "reply_id": replies[0]["id"],
        "hidden": replies[1]["id"],
        "thread_id": talk["thread_id"],
    }


def filled(route: Asked, things: dict[str, Any]) -> str | None:
    """The path of a route with ids of these things; None where the route is about none of them."""
    path, segment = route.path, route.path.split("/")[3]
    for part in [part for part in path.split("/") if part.startswith("{")]:
        name = part[1:-1]
        value = things.get(f"{segment}.{name}", things.get(name))
        if value is None:
            return None
        path = path.replace(part, str(value))
    return path if path != route.path else None


def body_for(app: Any, route: Asked) -> Any:
    described = document_of(app)
    operation = described["paths"][route.path][route.method.lower()]
    schema = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema")
    return schema and smallest(described, schema)


def answers(app: Any, who: Who, things: dict[str, Any]) -> dict[str, Any]:
    """What each route that a committee's office may use answers about these things."""
    found = {}
    for route in sorted(
        all_routes(app), key=lambda r: ("hidden" in r.path, r.method == "DELETE")
    ):  # what is gone is asked last
        if not (route.permissions and route.permissions <= SCOPED):
            continue
        ids = dict(things)
        if route.path.endswith("/hidden") and route.method == "DELETE":
            ids["reply_id"] = things["hidden"]
        if path := filled(route, ids):
            body, seen = body_for(app, route), {"If-Match": '"1"'}
            found[str(route)] = who.http.request(route.method, path, json=body, headers=seen)
    return found


@pytest.fixture
def people(city: City) -> tuple[Who, Who, Who]:
    office = city.office("提案委办公室", Area.COMMITTEES, committee=0)
    return (
        city.staff(name="机关甲"),
        city.staff(name="提案委甲", office=office),
        city.member("周岚", committees=(0, 1)),
    )


def test_a_committees_office_works_on_its_own_things_and_no_others(city, app, people):
    staff, clerk, member = people
    own = things_of(city, clerk, member, 0)
    others = {host: things_of(city, staff, member, host) for host in (1, None)}

    scoped, walked = [r for r in all_routes(app) if r.permissions and r.permissions <= SCOPED], set()
    for host, things in others.items():
        for route, answer in answers(app, clerk, things).items():
            walked.add(route)
            assert answer.status_code in {403, 404}, (host, route, answer.text)
            assert answer.json()["code"] in {"other_committee", "not_found"}, (host, route, answer.text)
    assert len(walked) == len(scoped) - 5, "all but the routes that make something new or ask about nothing"
    for route, answer in answers(app, clerk, own).items():
        assert answer.status_code in {200, 201, 204, 409, 412, 422}, (route, answer.text)


def test_what_is_new_belongs_to_the_office_and_is_not_given_away(city, people):
    _, clerk, member = people
    own = things_of(city, clerk, member, None)  # names no host: the office's own committee is meant
    topic = clerk.get(f"/api/v1/topics/{own['topics.topic_id']}").json()
    assert topic["host"] == {"id": city.committees[0], "name": "提案委员会"}
    for path in (
        f"/api/v1/activities/{own['activity_id']}",
        f"/api/v1/reading/topics/{own['reading.topic_id']}",
    ):
        assert clerk.get(path).json()["committee_id"] == city.committees[0]
        given = edited(clerk, path, {"committee_id": city.committees[1]})
        assert (given.status_code, given.json()["code"]) == (403, "other_committee")
    county = City(city.app, city.database, name="政协柳溪县委员会")
    unknown = edited(
        city.staff(), f"/api/v1/activities/{own['activity_id']}", {"committee_id": county.committees[0]}
    )
    assert unknown.json()["code"] == "unknown_group"


def test_reading_shows_the_office_only_the_verbs_that_it_has(city, people):
    staff, clerk, member = people
    own, theirs = things_of(city, clerk, member, 0), things_of(city, staff, member, 1)

    def seen(things: dict[str, Any]) -> dict[str, Any]:
        replies = clerk.get(f"/api/v1/threads/{things['thread_id']}/replies").json()["items"]
        return {
            "draft": clerk.get(f"/api/v1/topics/{things['draft']}").status_code,
            "topic": "extend" in clerk.get(f"/api/v1/topics/{things['topics.topic_id']}").json()["may"],
            "activity": "mark" in clerk.get(f"/api/v1/activities/{things['activity_id']}").json()["may"],
            "codes": clerk.get(f"/api/v1/activities/{things['activity_id']}/sign-in-codes").status_code,
            "note": "hide" in clerk.get(f"/api/v1/reading/notes/{things['note_id']}").json()["may"],
            "log": clerk.get(f"/api/v1/reading/logs/{things['log_id']}").status_code,
            "reply": "hide" in replies[0]["may"],
            "hidden": replies[1]["body"],
            "one": "hide" in clerk.get(f"/api/v1/replies/{things['reply_id']}").json()["may"],
            "hidden one": clerk.get(f"/api/v1/replies/{things['hidden']}").status_code,
        }

    assert seen(own) == {
        "draft": 200, "topic": True, "activity": True, "codes": 200, "note": True,
        "log": 200, "reply": True, "hidden": "第2条意见", "one": True, "hidden one": 200,
    }  # fmt: skip
    assert seen(theirs) == {
        "draft": 404, "topic": False, "activity": False, "codes": 403, "note": False,
        "log": 404, "reply": False, "hidden": "", "one": False, "hidden one": 404,
    }  # fmt: skip
    update = made(member.post("/api/v1/updates", {"body": "走访了滨江社区。", "kind": "visit"}))
    assert "hide" not in clerk.get(f"/api/v1/updates/{update['id']}").json()["may"]
    assert "hide" not in clerk.get("/api/v1/updates").json()["items"][0]["may"]
    assert (
        clerk.put(f"/api/v1/updates/{update['id']}/hidden", {"reason": "无关"}).json()["code"]
        == "other_committee"
    )
    assert "hide" in staff.get(f"/api/v1/updates/{update['id']}").json()["may"]
    made(staff.put(f"/api/v1/updates/{update['id']}/hidden", {"reason": "无关"}))
    assert clerk.delete(f"/api/v1/updates/{update['id']}/hidden").json()["code"] == "other_committee"


def test_proposals_points_and_cards_are_no_committees(city, people):
    _, clerk, member = people
    for path in (
        "/api/v1/proposal-windows",
        "/api/v1/rulesets",
        "/api/v1/issued-cards",
        "/api/v1/bulletins",
        "/api/v1/seats",
        f"/api/v1/seats/{member.seat_id}/records",
    ):
        assert clerk.post(path, {}).status_code == 403, path


def test_a_committee_stays_the_same_over_terms_by_its_name(city, people):
    _, clerk, _ = people
    today = clock.local_day(clock.now())
    with city.database.transaction() as db:
        old = _flushed(db, Term(
            organization_id=city.organization_id, ordinal=15, name="第十五届",
            starts_on=today.replace(year=today.year - 9, day=1), ends_on=today.replace(year=today.year - 5, day=1),
        ))  # fmt: skip
        before = _flushed(db, Committee(term_id=old.id, name="提案委员会"))
        _flushed(db, Committee(term_id=old.id, name="经济委员会"))
    county = City(city.app, city.database, name="政协柳溪县委员会")
    with city.database.read.connect() as conn:
        actor = actor_of(conn, clerk.session_id)
        assert set(conn.scalars(own_committees(actor))) == {city.committees[0], before.id}
    assert county.committees[0] not in {city.committees[0], before.id}


def _flushed(db: Session, row: Any) -> Any:
    db.add(row)
    db.flush()
    db.expunge(row)
    return row
