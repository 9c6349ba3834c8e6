"""What a domain says of the threads under its subjects: whose they are, who may reply now, what a reply means."""

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import Connection
from sqlmodel import Session

from app.auth.actor import Actor


def _nothing(_db: Session, _subject_id: int, _seat_id: int) -> None:
    return None


@dataclass(frozen=True)
class ThreadRule:
    """The rule of one subject type.

    `author` gives the seat that the subject belongs to (None for staff's); `check` raises `Conflict` when nobody
    may reply now; `settle` brings the ledger of a seat in line after its replies in the thread changed;
    `channel` is the live channel of the list that shows the thread's counters.
    """

    subject_type: str
    channel: str
    author: Callable[[Connection, int], int | None]
    check: Callable[[Connection, Actor, int], None]
    settle: Callable[[Session, int, int], None] = _nothing


_rules: dict[str, ThreadRule] = {}


def register(rule: ThreadRule) -> None:
    """Make the rule of a subject type known."""
    _rules[rule.subject_type] = rule


def rule_of(subject_type: str) -> ThreadRule:
    """The rule of a subject type that has threads."""
    return _rules[subject_type]
