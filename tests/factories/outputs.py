"""Outputs for tests."""

from collections.abc import Callable
from typing import Any

from app.core import clock
from tests.factories.city import Who
from tests.factories.endings import Town


def drafted(staff: Who, *authors: Who, **changes: Any) -> dict[str, Any]:
    """A draft that may be submitted."""
    new = {
        "kind": "research",
        "title": "关于老旧小区加装电梯的调研报告",
        "body": "一、基本情况\n二、对策建议",
        "seat_ids": [one.seat_id for one in authors],
        "addressees": "市委\n市政府",
    } | changes
    answer = staff.post("/api/v1/outputs", new)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


def step(who: Who, output: dict[str, Any], action: str, /, **more: Any) -> Any:
    """The answer to one step, on the text in `output`."""
    path, headers = f"/api/v1/outputs/{output['id']}/transitions", {"If-Match": f'"{output["version"]}"'}
    return who.post(path, {"action": action, **more}, headers=headers)


def done(who: Who, output: dict[str, Any], action: str, /, **more: Any) -> dict[str, Any]:
    """The output after a step that must succeed."""
    answer = step(who, output, action, **more)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def undone(who: Who, output: dict[str, Any], reason: str = "登记有误") -> dict[str, Any]:
    """The output after its last step was undone."""
    (undo,) = [one for one in output["actions"] if one["action"] == "undo"]
    return done(who, output, "undo", step_id=undo["step_id"], reason=reason)


def issued(staff: Who, *authors: Who, **changes: Any) -> dict[str, Any]:
    """An output with a number."""
    return done(staff, done(staff, drafted(staff, *authors, **changes), "submit"), "issue")


def ends(town: Town) -> dict[str, Callable[[], Any]]:
    """The way to each end of the life cycle."""

    def decided(action: str) -> Callable[[], Any]:
        said = {"who": "市政府", "said_on": str(clock.local_day(clock.now())), "reason": "分步实施"}
        return lambda: done(town.staff, issued(town.staff, town.author), action, **said)

    def discarded() -> None:
        sent = done(town.staff, drafted(town.staff, town.author), "submit")
        done(town.staff, done(town.staff, sent, "return", reason="重复"), "discard", reason="重复")

    ends = {"adopted": decided("adopt"), "partly": decided("adopt_partly"), "refused": decided("refuse")}
    return ends | {"issued": lambda: issued(town.staff, town.author), "discarded": discarded}
