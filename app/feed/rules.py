"""What a reader may do with an update: pure."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Literal

from app.auth.permissions import Permission

#: An update may be edited for so long after posting.
EDITABLE = timedelta(minutes=30)

Verb = Literal["edit", "delete", "reply", "support", "hide"]


def stage(created_at: datetime, now: datetime) -> str:
    """Whether the text of an update is still `open` or `settled`."""
    return "open" if now - created_at <= EDITABLE else "settled"


def allowed_actions(held: Collection[Permission], stage: str, own: bool) -> list[Verb]:  # noqa: FBT001 - one of three facts
    """The verbs open to a reader who holds some permissions; `own`: they are the author."""
    writes = own and Permission.UPDATE_POST in held
    verbs: dict[Verb, bool] = {
        "edit": writes and stage == "open",
        "delete": writes,
        "reply": Permission.REPLY_POST in held,
        "support": not own and Permission.SUPPORT_GIVE in held,
        "hide": Permission.CONTENT_HIDE in held,
    }
    return [verb for verb, open_now in verbs.items() if open_now]
