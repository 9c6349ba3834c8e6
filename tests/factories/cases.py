"""Cases for tests."""

from collections.abc import Callable
from typing import Any

from tests.factories.city import City, Who
from tests.factories.endings import Town


def reported(who: Who, **changes: Any) -> dict[str, Any]:
    """A call, just reported."""
    new = {"kind": "call", "title": "请协调查阅入学数据", "body": "调研需要近三年的数据。"} | changes
    answer = who.post("/api/v1/cases", new)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


def of_company(who: Who, **changes: Any) -> dict[str, Any]:
    """A company's problem, just reported."""
    more = {"kind": "company", "title": "贷款难", "company": "滨江机械厂", "problem_class": "finance"}
    return reported(who, **(more | {"contact": "王厂长 0817-2220000"} | changes))


def step(who: Who, case: dict[str, Any], action: str, **more: Any) -> Any:
    """The answer to one step, on the version in `case`."""
    path, headers = f"/api/v1/cases/{case['id']}/transitions", {"If-Match": f'"{case["version"]}"'}
    return who.post(path, {"action": action, **more}, headers=headers)


def done(who: Who, case: dict[str, Any], action: str, **more: Any) -> dict[str, Any]:
    """The case after a step that must succeed."""
    answer = step(who, case, action, **more)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def assigned(city: City, staff: Who, case: dict[str, Any]) -> dict[str, Any]:
    """The case, given to the first unit of the city."""
    return done(staff, done(staff, case, "accept"), "assign", unit_id=city.units[0])


def answered(city: City, staff: Who, officer: Who, case: dict[str, Any]) -> dict[str, Any]:
    """The case with the unit's answer."""
    return done(officer, assigned(city, staff, case), "answer", answer="数据已整理，请到局里查阅。")


def ends(town: Town) -> dict[str, Callable[[], Any]]:
    """The way to each end of the life cycle."""

    def closed() -> None:
        answered = done(town.staff, reported(town.author), "accept")
        answered = done(town.staff, answered, "answer", answer="已协调。")
        done(town.staff, done(town.author, answered, "satisfied"), "close")

    return {
        "closed": closed,
        "declined": lambda: done(town.staff, reported(town.author), "decline", reason="不属政协职责"),
        "withdrawn": lambda: done(town.author, reported(town.author), "withdraw"),
    }
