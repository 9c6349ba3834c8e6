"""Kinds of activities, states of attendance, and when one signs in."""

from collections.abc import Collection
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Literal

from app.auth.permissions import Permission
from app.duty.forms import ACTIVITIES


class ActivityKind(StrEnum):
    """What kind of meeting or activity it is."""

    PLENARY = "plenary"
    STANDING_COMMITTEE = "standing_committee"
    COMMITTEE_MEETING = "committee_meeting"
    INSPECTION = "inspection"
    RESEARCH = "research"
    TRAINING = "training"
    CONSULTATION = "consultation"


KIND_LABELS = {kind: ACTIVITIES[kind] for kind in ActivityKind}


class State(StrEnum):
    """A seat's part in an activity."""

    INVITED = "invited"
    ATTENDED = "attended"
    EXCUSED = "excused"
    ABSENT = "absent"
    CALLED_OFF = "called_off"


STATE_LABELS = {
    State.INVITED: "待参加",
    State.ATTENDED: "已出席",
    State.EXCUSED: "已请假",
    State.ABSENT: "缺席",
    State.CALLED_OFF: "活动已取消",
}

#: What the ledger holds of a state.
RECORDED = {
    State.ATTENDED: "activity.attended",
    State.EXCUSED: "activity.excused",
    State.ABSENT: "activity.absent",
}

#: Members sign in from this long before the start until the end.
SIGN_IN_BEFORE = timedelta(minutes=60)


def may_sign_in(starts_at: datetime, ends_at: datetime, now: datetime) -> bool:
    """Whether the doors are open for signing in."""
    return starts_at - SIGN_IN_BEFORE <= now <= ends_at


Verb = Literal["sign_in", "leave", "edit", "mark", "close", "cancel"]


def may(
    held: Collection[Permission], mine: str | None, starts_at: datetime, ends_at: datetime, now: datetime
) -> list[Verb]:
    """The verbs open in an activity that is on, to a reader who holds some permissions and whose part is `mine`."""
    signs, manages = Permission.ACTIVITY_SIGN in held, Permission.ACTIVITY_MANAGE in held
    waits = mine in {State.INVITED, State.EXCUSED}
    verbs: dict[Verb, bool] = {
        "sign_in": signs and waits and may_sign_in(starts_at, ends_at, now),
        "leave": signs and mine == State.INVITED and now < starts_at,
        "edit": manages,
        "mark": manages,
        "close": manages and now >= ends_at,
        "cancel": manages,
    }
    return [verb for verb, open_now in verbs.items() if open_now]
