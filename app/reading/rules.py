"""What a reader may do with a note: pure."""

from collections.abc import Collection
from typing import Literal

from app.auth.permissions import Permission

Verb = Literal["reply", "delete", "hide", "commend", "uncommend"]


def may(held: Collection[Permission], *, own: bool, commended: bool) -> list[Verb]:
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
