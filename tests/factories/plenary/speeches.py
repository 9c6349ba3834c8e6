"""Calls for speeches, and speeches, for tests."""

from datetime import timedelta
from typing import Any

from app.core import clock
from tests.factories.city import Who

CALLS, SPEECHES = "/api/v1/speech-calls", "/api/v1/speeches"


def in_days(days: int) -> str:
    """A day from today."""
    return (clock.local_day(clock.now()) + timedelta(days=days)).isoformat()


def opened(staff: Who, **changes: Any) -> dict[str, Any]:
    """A call, just opened."""
    new = {"name": "六届六次会议大会发言", "body": "请围绕中心工作选题。", "closes_on": in_days(10)} | changes
    answer = staff.post(CALLS, new)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


def submitted(who: Who, call: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """A speech, just handed in."""
    new = {
        "call_id": call["id"],
        "title": "以职业教育服务转型",
        "body": "建议三条。",
        "wishes": "oral",
    } | changes
    answer = who.post(SPEECHES, new)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


def match(thing: dict[str, Any]) -> dict[str, str]:
    """The header with the version of a thing."""
    return {"If-Match": f'"{thing["version"]}"'}


def step(who: Who, speech: dict[str, Any], action: str, **more: Any) -> Any:
    """The answer to one step of a speech, on the version in `speech`."""
    path = f"{SPEECHES}/{speech['id']}/transitions"
    return who.post(path, {"action": action, **more}, headers=match(speech))


def done(who: Who, speech: dict[str, Any], action: str, **more: Any) -> dict[str, Any]:
    """The speech after a step that must succeed."""
    answer = step(who, speech, action, **more)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def call_step(who: Who, call: dict[str, Any], action: str) -> Any:
    """The answer to one step of a call, on its present version."""
    path = f"{CALLS}/{call['id']}"
    return who.post(f"{path}/transitions", {"action": action}, headers=match(who.get(path).json()))


def put_in_order(who: Who, call: dict[str, Any], *speeches: dict[str, Any]) -> Any:
    """The answer to an order of the call's oral speeches, on the version in `call`."""
    ids = {"speech_ids": [one["id"] for one in speeches]}
    return who.put(f"{CALLS}/{call['id']}/order", ids, headers=match(call))


def saved(who: Who, speech: dict[str, Any], body: str) -> Any:
    """The answer to a new text."""
    text = {"title": speech["title"], "body": body}
    return who.put(f"{SPEECHES}/{speech['id']}/text", text, headers=match(speech))
