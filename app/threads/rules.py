"""What a domain says of the threads under its subjects, and what a reader may do with a reply."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import Connection, Select
from sqlmodel import Session

from app.auth.actor import Actor
from app.auth.permissions import Permission


def _nothing(_db: Session, _subject_id: int, _seat_id: int) -> None:
    return None


@dataclass(frozen=True)
class ThreadRule:
    """The rule of one subject type.

    `author` gives the seat that the subject belongs to (None for staff's); `check` raises `Conflict` when nobody
    may reply now; `settle` brings the ledger of a seat in line after its replies in the thread changed;
    `channel` is the live channel of the list that shows the thread's counters; `guests` narrows the seats of the
    organization to those that may see the subject, where these are not all; `host` gives the committee to which the
    subject belongs, whose office may hide what is said there.
    """

    subject_type: str
    channel: str
    author: Callable[[Connection, int], int | None]
    check: Callable[[Connection, Actor, int], None]
    settle: Callable[[Session, int, int], None] = _nothing
    guests: Callable[[Connection, int], Select[int] | None] = lambda _conn, _subject_id: None
    host: Callable[[Connection, int], int | None] = lambda _conn, _subject_id: None


_rules: dict[str, ThreadRule] = {}


def register(rule: ThreadRule) -> None:
    """Make the rule of a subject type known."""
    _rules[rule.subject_type] = rule


def rule_of(subject_type: str) -> ThreadRule:
    """The rule of a subject type that has threads."""
    return _rules[subject_type]


Stage = Literal["shown", "hidden", "deleted"]
STAGE_LABELS: dict[Stage, str] = {"shown": "正常", "hidden": "已隐藏", "deleted": "已删除"}
Verb = Literal["reply", "support", "delete", "hide", "unhide"]


def allowed_actions(held: Collection[Permission], stage: str, own: bool) -> list[Verb]:  # noqa: FBT001 - one of three facts
    """The verbs open to a reader who holds some permissions; `own`: they are the author."""
    shown, hides, replies = stage == "shown", Permission.CONTENT_HIDE in held, Permission.REPLY_POST in held
    verbs: dict[Verb, bool] = {
        "reply": shown and replies,
        "support": shown and not own and Permission.SUPPORT_GIVE in held,
        "delete": shown and own and replies,
        "hide": shown and hides,
        "unhide": stage == "hidden" and hides,
    }
    return [verb for verb, open_now in verbs.items() if open_now]
