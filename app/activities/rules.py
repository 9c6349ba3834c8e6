"""Kinds of activities, states of attendance, and when one signs in."""

from datetime import datetime, timedelta
from enum import StrEnum


class ActivityKind(StrEnum):
    """What kind of meeting or activity it is."""

    PLENARY = "plenary"
    STANDING_COMMITTEE = "standing_committee"
    COMMITTEE_MEETING = "committee_meeting"
    INSPECTION = "inspection"
    RESEARCH = "research"
    TRAINING = "training"
    CONSULTATION = "consultation"


KIND_LABELS = {
    ActivityKind.PLENARY: "全体会议",
    ActivityKind.STANDING_COMMITTEE: "常委会会议",
    ActivityKind.COMMITTEE_MEETING: "专委会会议",
    ActivityKind.INSPECTION: "视察",
    ActivityKind.RESEARCH: "调研",
    ActivityKind.TRAINING: "学习培训",
    ActivityKind.CONSULTATION: "协商议政",
}


class State(StrEnum):
    """A seat's part in an activity."""

    INVITED = "invited"
    ATTENDED = "attended"
    EXCUSED = "excused"
    ABSENT = "absent"


STATE_LABELS = {
    State.INVITED: "待参加",
    State.ATTENDED: "已出席",
    State.EXCUSED: "已请假",
    State.ABSENT: "缺席",
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
