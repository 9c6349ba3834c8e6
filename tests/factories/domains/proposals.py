"""Proposals of test members, through the API."""

from datetime import timedelta
from typing import Any

from app.core import clock
from tests.factories.city import City, Who

TEXT = {
    "title": "关于增设社区嵌入式托育点的建议",
    "situation": "全市三岁以下婴幼儿约九万人，社区托育点只有四十个。",
    "suggestions": "一、利用社区闲置用房。二、补贴运营。",
}


def opened_window(staff: Who, name: str = "五届二次会议提案") -> int:
    """A window that is open since yesterday, for ten days."""
    now = clock.now()
    period = {
        "opens_at": (now - timedelta(days=1)).isoformat(),
        "closes_at": (now + timedelta(days=10)).isoformat(),
    }
    made = staff.post("/api/v1/proposal-windows", {"name": name, **period})
    assert made.status_code == 201, made.text
    return int(made.json()["id"])


def drafted(author: Who, **more: Any) -> int:
    """A complete draft."""
    made = author.post("/api/v1/proposals", TEXT | more)
    assert made.status_code == 201, made.text
    return int(made.json()["id"])


def run(who: Who, proposal_id: int, action: str, **more: Any) -> Any:
    """The answer to one step."""
    return who.post(f"/api/v1/proposals/{proposal_id}/transitions", {"action": action, **more})


def done(who: Who, proposal_id: int, action: str, **more: Any) -> dict[str, Any]:
    """The proposal after one step that must be possible."""
    answer = run(who, proposal_id, action, **more)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def filed(city: City, author: Who, staff: Who) -> int:
    """A proposal on file."""
    proposal_id = drafted(author)
    done(author, proposal_id, "submit")
    done(staff, proposal_id, "file")
    return proposal_id


def invited(author, *friends, **more):
    proposal_id = drafted(author, kind="joint")
    seats = [friend.seat_id for friend in friends]
    asked = author.post(f"/api/v1/proposals/{proposal_id}/signers", {"seat_ids": seats, **more})
    assert asked.status_code == 201, asked.text
    return f"/api/v1/proposals/{proposal_id}"
