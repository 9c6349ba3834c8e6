"""Verbs and those who act in them.

A verb is a generator: it yields a request and is given its answer; what prepares a request is not measured.
"""

from collections.abc import Callable, Generator
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count
from typing import Any, NamedTuple

from app.core import clock
from tests.factories.city import City, Who
from tests.factories.domains.handling import assigned
from tests.factories.domains.proposals import done, drafted, filed


class Ask(NamedTuple):
    """One request."""

    who: Who
    method: str
    path: str
    body: Any = None
    headers: dict[str, str] | None = None
    files: Any = None


Verb = Generator[Ask, Any, None]
VERBS: dict[str, Callable[["Desk"], Verb]] = {}
LONG = "建议先行试点、总结经验，再逐步推开，相关部门要有专人负责、定期通报进展。" * 25


@dataclass
class Desk:
    """Who acts in a city, and what stands ready in it."""

    city: City
    author: Who
    friend: Who
    staff: Who
    officer: Who
    password: str
    serial: Any = field(default_factory=count)

    def __post_init__(self) -> None:
        now, hours = clock.now(), timedelta(hours=2)  # refused where a window is open already
        period = {"opens_at": (now - hours).isoformat(), "closes_at": (now + hours).isoformat()}
        self.staff.post("/api/v1/proposal-windows", {"name": f"征集{now:%d%H%M}", **period})

    def update(self) -> dict[str, Any]:
        """An update of the author's."""
        made = self.author.post("/api/v1/updates", {"body": f"走访{next(self.serial)}", "kind": "visit"})
        found: dict[str, Any] = made.json()
        return found

    def submitted(self) -> int:
        """A proposal under review."""
        proposal_id = drafted(self.author)
        done(self.author, proposal_id, "submit")
        return proposal_id

    def assigned(self) -> tuple[int, int]:
        """A proposal with its unit: its id and that of the assignment."""
        proposal_id = filed(self.city, self.author, self.staff)
        (assignment_id,) = assigned(self.city, self.staff, proposal_id, lead=0).values()
        return proposal_id, assignment_id

    def meeting(self) -> dict[str, Any]:
        """A meeting that has begun."""
        now = clock.now()
        period = {"starts_at": now.isoformat(), "ends_at": (now + timedelta(hours=4)).isoformat()}
        made = self.staff.post("/api/v1/activities", {"kind": "research", "title": "调研", **period})
        found: dict[str, Any] = made.json()
        return found


def verb(name: str) -> Callable[[Callable[[Desk], Verb]], Callable[[Desk], Verb]]:
    """Add a verb to the list."""

    def add(of: Callable[[Desk], Verb]) -> Callable[[Desk], Verb]:
        VERBS[name] = of
        return of

    return add
