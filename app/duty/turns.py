"""Turns: what has happened to a subject, told to packages above in the transaction in which it happens.

A domain says `happened(db, "proposal.filed", organization_id, ("proposal", 7), by=account_id)` after it has written
its own rows, and knows nobody who listens. A package above it listens with `@after("proposal.filed")`. What a listener
writes is committed, or rolled back, with the turn; an error that it raises refuses the turn.
"""

from collections.abc import Callable
from typing import Any, TypeVar

from sqlmodel import Session

#: Takes the session, the organization, the subject, and the account that did it (None for the platform itself).
Listener = Callable[[Session, int, tuple[str, int], int | None], Any]
_listeners: dict[str, list[Listener]] = {}
L = TypeVar("L", bound=Listener)


def after(*names: str) -> Callable[[L], L]:
    """Have a function called after each turn of these names, `noun.participle` like the ledger's kinds."""

    def register(listener: L) -> L:
        for name in names:
            _listeners.setdefault(name, []).append(listener)
        return listener

    return register


def happened(
    db: Session, name: str, organization_id: int, subject: tuple[str, int], *, by: int | None = None
) -> None:
    """Tell every listener of `name`, in the order in which they registered."""
    for listener in _listeners.get(name, ()):
        listener(db, organization_id, subject, by)
