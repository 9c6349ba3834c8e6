"""Findings for tests."""

from datetime import timedelta
from typing import Any

from app.core import clock
from tests.factories.city import City, Who


def topic(staff: Who, title: str = "老旧小区加装电梯") -> dict[str, Any]:
    """An open topic."""
    now = clock.now()
    times = {"opens_at": now.isoformat(), "closes_at": (now + timedelta(days=9)).isoformat()}
    made = staff.post("/api/v1/topics", {"title": title, "summary": "请提建议", **times})
    assert made.status_code == 201, made.text
    opened = staff.post(f"/api/v1/topics/{made.json()['id']}/publication")
    assert opened.status_code == 200, opened.text
    return dict(opened.json())


def replied(member: Who, of: dict[str, Any], body: str = "建议由街道统一招标。") -> int:
    """The id of a reply under a topic."""
    answer = member.post(f"/api/v1/threads/{of['thread_id']}/replies", {"body": body})
    assert answer.status_code == 201, answer.text
    return int(answer.json()["id"])


def meeting(staff: Who, title: str = "营商环境视察") -> int:
    """The id of an activity."""
    now = clock.now()
    times = {"starts_at": now.isoformat(), "ends_at": (now + timedelta(hours=2)).isoformat()}
    made = staff.post("/api/v1/activities", {"kind": "research", "title": title, **times})
    assert made.status_code == 201, made.text
    return int(made.json()["id"])


def noted(city: City, staff: Who, *authors: Who, **changes: Any) -> dict[str, Any]:
    """A suggestion from an inspection, written down for the first unit of the city."""
    new = {
        "source": "inspection",
        "body": "建议一窗受理。",
        "seat_ids": [one.seat_id for one in authors],
        "unit_id": city.units[0],
    } | changes
    answer = staff.post("/api/v1/findings", new | {"subject_id": changes.get("subject_id") or meeting(staff)})
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


def step(who: Who, finding: dict[str, Any], action: str, **more: Any) -> Any:
    """The answer to one step, on the version in `finding`."""
    path, headers = f"/api/v1/findings/{finding['id']}/transitions", {"If-Match": f'"{finding["version"]}"'}
    return who.post(path, {"action": action, **more}, headers=headers)


def done(who: Who, finding: dict[str, Any], action: str, **more: Any) -> dict[str, Any]:
    """The finding after a step that must succeed."""
    answer = step(who, finding, action, **more)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def released(city: City, staff: Who, *authors: Who, fate: str = "adopted", **changes: Any) -> dict[str, Any]:
    """A suggestion that was answered, and whose authors have heard it."""
    found = done(staff, noted(city, staff, *authors, **changes), "send")
    reason = None if fate == "adopted" else "受财力所限"
    return done(staff, done(staff, found, "answer", fate=fate, reason=reason), "release")
