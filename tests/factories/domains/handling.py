"""The handling of proposals by units, through the API."""

from datetime import timedelta
from typing import Any

from app.core import clock
from tests.factories.city import City, Who
from tests.factories.domains.proposals import done

REPLY = {
    "body": "您提出的建议收悉，经研究，现答复如下：一、已列入年度计划。",
    "result_class": "solved",
    "asked": 2,
    "adopted": 2,
    "contact": "办公室 0551-1234567",
}


def assigned(city: City, staff: Who, proposal_id: int, **roles: int) -> dict[str, int]:
    """Hand a proposal to units (`lead=0`: by their place in the city's list); assignment ids by unit name."""
    units = [{"unit_id": city.units[place], "role": role.split("_")[0]} for role, place in roles.items()]
    done(staff, proposal_id, "assign", units=units)
    return {a["unit_name"]: a["id"] for a in handling(staff, proposal_id)["assignments"]}


def handling(who: Who, proposal_id: int) -> dict[str, Any]:
    """How a proposal is handled, as somebody sees it."""
    answer = who.get(f"/api/v1/proposals/{proposal_id}/handling")
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def work(who: Who, proposal_id: int, assignment_id: int, action: str, **more: Any) -> Any:
    """The answer to one step of a unit's work."""
    path = f"/api/v1/proposals/{proposal_id}/assignments/{assignment_id}/transitions"
    return who.post(path, {"action": action, **more})


def worked(who: Who, proposal_id: int, assignment_id: int, *actions: str, **more: Any) -> dict[str, Any]:
    """The proposal after steps of a unit's work that must be possible."""
    for action in actions:
        answer = work(who, proposal_id, assignment_id, action, **more)
        assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def talked(who: Who, proposal_id: int, assignment_id: int, **more: Any) -> Any:
    """The answer to recording a talk with the author."""
    said = {
        "phase": "before",
        "form": "meeting",
        "held_on": str(clock.local_day(clock.now())),
        "minutes": "面商。",
    }
    path = f"/api/v1/proposals/{proposal_id}/assignments/{assignment_id}/consultations"
    return who.post(path, said | more)


def wrote(who: Who, proposal_id: int, assignment_id: int, version: int = 0, **more: Any) -> Any:
    """The answer to saving a reply."""
    path = f"/api/v1/proposals/{proposal_id}/assignments/{assignment_id}/reply"
    return who.put(path, REPLY | more, headers={"If-Match": f'"{version}"'})


def replied(officer: Who, staff: Who, proposal_id: int, assignment_id: int, **more: Any) -> int:
    """A unit signs, handles and replies, staff approve; the id of the reply."""
    worked(officer, proposal_id, assignment_id, "sign", "start_handling")
    saved = wrote(officer, proposal_id, assignment_id, **more)
    assert saved.status_code == 200, saved.text
    worked(officer, proposal_id, assignment_id, "submit_reply")
    worked(staff, proposal_id, assignment_id, "approve_reply")
    return int(saved.json()["id"])


def rated(who: Who, proposal_id: int, reply_id: int, **more: Any) -> Any:
    """The answer to a rating; who is dissatisfied says why."""
    why = {"remark": "没有落实。"} if "dissatisfied" in more.values() else {}
    said = {"attitude": "satisfied", "result": "satisfied"} | why | more
    return who.put(f"/api/v1/proposals/{proposal_id}/replies/{reply_id}/rating", said)


def in_days(days: int) -> str:
    """A local day from today."""
    return str(clock.local_day(clock.now()) + timedelta(days=days))
