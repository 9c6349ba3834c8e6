"""Domain events: published in the transaction of the change, for packages above to subscribe to.

A domain calls `publish(db, "proposal.filed", organization_id, ("proposal", 7), by=account_id)` after it has
written its own rows, and knows no subscriber. A package above subscribes with `@on("proposal.filed")`. What a listener
writes is committed, or rolled back, with the event; an error that it raises rolls the event back.
"""

from collections.abc import Callable
from typing import Any, TypeVar

from sqlmodel import Session

#: Takes the session, the organization, the subject, and the account that did it (None for the platform itself).
Listener = Callable[[Session, int, tuple[str, int], int | None], Any]
_listeners: dict[str, list[Listener]] = {}
L = TypeVar("L", bound=Listener)


def on(*names: str) -> Callable[[L], L]:
    """Subscribe a function to events of these names, `noun.participle` like the ledger's kinds."""

    def register(listener: L) -> L:
        for name in names:
            _listeners.setdefault(name, []).append(listener)
        return listener

    return register


def publish(
    db: Session, name: str, organization_id: int, subject: tuple[str, int], *, by: int | None = None
) -> None:
    """Call every listener of `name`, in the order of registration."""
    for listener in _listeners.get(name, ()):
        listener(db, organization_id, subject, by)
