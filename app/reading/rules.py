"""What a reader may do with a note: pure."""

from collections.abc import Collection
from datetime import date
from typing import Literal

from app.auth.permissions import Permission
from app.core.clock import in_words

Verb = Literal["reply", "delete", "hide", "commend", "uncommend"]


def allowed_actions(held: Collection[Permission], *, own: bool, commended: bool) -> list[Verb]:
    """The verbs open to a reader who holds some permissions; `own`: they are the author."""
    manages = Permission.READING_MANAGE in held
    verbs: dict[Verb, bool] = {
        "reply": Permission.REPLY_POST in held,
        "delete": own and Permission.READING_LOG in held,
        "hide": Permission.CONTENT_HIDE in held,
        "commend": manages and not commended,
        "uncommend": manages and commended,
    }
    return [verb for verb, open_now in verbs.items() if open_now]


def invitation(title: str, starts_on: date, ends_on: date) -> str:
    """What members hear of a topic to read together."""
    return f"邀请您共读：《{title}》，{in_words(starts_on)}至{in_words(ends_on)}"


def commendation(title: str) -> str:
    """What the author of a commended note hears."""
    return f"您的读书笔记《{title}》被评为优秀"
