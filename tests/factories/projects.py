"""Projects, and deeds done in them, for tests."""

from typing import Any

from tests.factories.city import Who
from tests.factories.domains.archive import claimed, days_ago, done


def begun(who: Who, **changes: Any) -> dict[str, Any]:
    """A project that has just begun."""
    new = {
        "title": "梅关镇银龄义诊",
        "campaign": "双助",
        "place": "梅关镇",
        "starts_on": days_ago(30),
    } | changes
    answer = who.post("/api/v1/projects", new)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


def step(who: Who, project: dict[str, Any], action: str, **more: Any) -> Any:
    """The answer to one step, on the version in `project`."""
    path, headers = f"/api/v1/projects/{project['id']}/transitions", {"If-Match": f'"{project["version"]}"'}
    return who.post(path, {"action": action, **more}, headers=headers)


def stepped(who: Who, project: dict[str, Any], action: str, **more: Any) -> dict[str, Any]:
    """The project after a step that must succeed."""
    answer = step(who, project, action, **more)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def deed(**changes: Any) -> dict[str, Any]:
    """An act for people."""
    act = {"kind": "service.rendered", "form": "volunteering", "title": "为老人义诊", "held_on": days_ago(3)}
    return act | {"place": "梅关镇卫生院", "measures": {"people": 46}} | changes


def logged(who: Who, project: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """A claim of a deed that waits."""
    return claimed(who, act=deed(**changes), project_id=project["id"])


def confirmed(who: Who, staff: Who, project: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """A claim of a deed that staff have confirmed."""
    return done(staff, logged(who, project, **changes), "confirm")
