"""Venues and matters for tests."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from app.core import clock
from tests.factories.city import Who
from tests.factories.endings import Town
from tests.support.client import Client

TEXT = {"title": "老旧小区加装电梯", "body": "滨江小区三栋楼没有电梯，老人上下楼难。"}


def venue(staff: Who, **changes: Any) -> dict[str, Any]:
    """A public venue of a village."""
    new = {"name": "滨江社区协商议事室", "level": "village", "kind": "room", "is_public": True} | changes
    answer = staff.post("/api/v1/venues", new)
    assert answer.status_code == 201, answer.text
    found = dict(answer.json())
    return found | {"code": (found["public_url"] or "").rpartition("/")[2]}


def brought(who: Who, **changes: Any) -> dict[str, Any]:
    """A matter, just brought."""
    answer = who.post("/api/v1/matters", TEXT | changes)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


def handed_in(http: Client, **changes: Any) -> str:
    """The code of a citizen's matter."""
    answer = http.post("/api/v1/public/matters", json=TEXT | changes)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["code"])


def step(who: Who, matter: dict[str, Any], action: str, **more: Any) -> Any:
    """The answer to one step, on the version in `matter`."""
    path, headers = f"/api/v1/matters/{matter['id']}/transitions", {"If-Match": f'"{matter["version"]}"'}
    return who.post(path, {"action": action, **more}, headers=headers)


def done(who: Who, matter: dict[str, Any], action: str, **more: Any) -> dict[str, Any]:
    """The matter after a step that must succeed."""
    answer = step(who, matter, action, **more)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def put(who: Who, matter: dict[str, Any], what: str, body: Any) -> Any:
    """The answer to writing a part of a matter."""
    headers = {"If-Match": f'"{matter["version"]}"'}
    return who.put(f"/api/v1/matters/{matter['id']}/{what}", body, headers=headers)


def consultation(staff: Who, *members: Who, **changes: Any) -> int:
    """The id of a consultation that has just begun, with some members."""
    now = clock.now()
    times = {"starts_at": now.isoformat(), "ends_at": (now + timedelta(hours=2)).isoformat()}
    new = {"kind": "consultation", "title": "加装电梯协商会", **times} | changes
    answer = staff.post("/api/v1/activities", new | {"seat_ids": [one.seat_id for one in members]})
    assert answer.status_code == 201, answer.text
    return int(answer.json()["id"])


def met(staff: Who, matter: dict[str, Any], activity_id: int) -> dict[str, Any]:
    """The matter after its meeting."""
    for action in ("accept", "choose", "prepare"):
        matter = done(staff, matter, action)
    matter = put(staff, matter, "meeting", {"activity_id": activity_id}).json()
    return done(staff, matter, "meet")


def solved(staff: Who, matter: dict[str, Any], activity_id: int) -> dict[str, Any]:
    """The matter with its result."""
    return done(staff, met(staff, matter, activity_id), "solve", result="三部电梯已经建成。")


def with_a_note(staff: Who, member: Who, mark: str) -> dict[str, int]:
    """A matter with a note, both with a mark in their text: ids by the name of the path parameter."""
    matter = done(staff, brought(member, title=f"议题{mark}", body=mark), "accept")
    note = {"kind": "visit", "body": f"走访{mark}"}
    noted = member.post(f"/api/v1/matters/{matter['id']}/notes", note).json()
    return {"matter_id": matter["id"], "matters.note_id": noted["notes"][0]["id"]}


def one_in_each_queue(clerk: Who, author: Who) -> None:
    """One of each state in which something waits."""
    activity_id = consultation(clerk, author)
    brought(author)
    for steps in (("accept",), ("accept", "choose"), ("accept", "choose", "prepare")):
        waiting = brought(author)
        for action in steps:
            waiting = done(clerk, waiting, action)
    met(clerk, brought(author), activity_id)
    done(clerk, met(clerk, brought(author), activity_id), "follow")
    done(author, solved(clerk, brought(author), activity_id), "satisfied")
    solved(clerk, brought(author), activity_id)


def ends(town: Town) -> dict[str, Callable[[], Any]]:
    """The way to each end of the life cycle."""

    def closed() -> None:
        activity_id = consultation(town.staff, town.author)
        judged = done(town.author, solved(town.staff, brought(town.author), activity_id), "satisfied")
        done(town.staff, judged, "close")
        with clock.frozen_at(clock.now() + timedelta(hours=3)):
            town.city.log_in(town.staff)
            assert town.staff.put(f"/api/v1/activities/{activity_id}/closing").status_code == 200
        town.city.log_in(town.staff)

    return {
        "closed": closed,
        "declined": lambda: done(town.staff, brought(town.author), "decline", reason="不属协商范围"),
        "withdrawn": lambda: done(town.author, brought(town.author), "withdraw"),
        "merged": lambda: merged(town.staff, brought(town.author), brought(town.author)),
    }


def merged(staff: Who, matter: dict[str, Any], into: dict[str, Any]) -> dict[str, Any]:
    """The matter, merged into another one, which is then declined."""
    found = done(staff, matter, "merge", into_id=into["id"])
    done(staff, into, "decline", reason="不属协商范围")
    return found
