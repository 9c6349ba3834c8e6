"""Claims and appeals for tests, and projects with the claims of deeds."""

from datetime import timedelta
from typing import Any

from app.core import clock
from tests.factories.city import Who
from tests.factories.files import key_of
from tests.files import contents


def days_ago(days: int) -> str:
    """A local day as the API takes it."""
    return (clock.local_day(clock.now()) - timedelta(days=days)).isoformat()


def speech(**changes: Any) -> dict[str, Any]:
    """An act done elsewhere."""
    act = {"kind": "speech.delivered", "title": "关于长三角科创走廊的发言", "held_on": days_ago(3)}
    return act | {"place": "省政协", "level": "province", "role": "participant"} | changes


def photo(who: Who) -> str:
    """The key of an uploaded picture."""
    return key_of(who, contents.photo(40, 30), "证明.jpg")


def claimed(who: Who, **more: Any) -> dict[str, Any]:
    """A claim or appeal that waits, as its member sees it."""
    answer = who.post("/api/v1/claims", more or {"act": speech()})
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


def step(who: Who, claim: dict[str, Any], action: str, **more: Any) -> Any:
    """The answer to one step, on the version in `claim`."""
    path, headers = f"/api/v1/claims/{claim['id']}/transitions", {"If-Match": f'"{claim["version"]}"'}
    return who.post(path, {"action": action, **more}, headers=headers)


def done(who: Who, claim: dict[str, Any], action: str, **more: Any) -> dict[str, Any]:
    """The claim after a step that must succeed."""
    answer = step(who, claim, action, **more)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def records(who: Who, of: Who | None = None) -> list[dict[str, Any]]:
    """The live records of a seat, as `who` sees them."""
    return list(who.get(f"/api/v1/seats/{(of or who).seat_id}/records").json()["items"])


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


def project_step(who: Who, project: dict[str, Any], action: str, **more: Any) -> Any:
    """The answer to one step, on the version in `project`."""
    path, headers = f"/api/v1/projects/{project['id']}/transitions", {"If-Match": f'"{project["version"]}"'}
    return who.post(path, {"action": action, **more}, headers=headers)


def stepped(who: Who, project: dict[str, Any], action: str, **more: Any) -> dict[str, Any]:
    """The project after a step that must succeed."""
    answer = project_step(who, project, action, **more)
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
