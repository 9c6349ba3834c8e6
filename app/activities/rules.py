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
#: Patterns that tell a kind by the words of a title, the telling ones first: a training of a committee is a training.
KIND_WORDS = {
    ActivityKind.PLENARY: "全体会议|全会|大会|开幕会|闭幕会",
    ActivityKind.STANDING_COMMITTEE: "常委会|常务委员会",
    ActivityKind.TRAINING: "培训|学习|读书班|讲座",
    ActivityKind.INSPECTION: "视察",
    ActivityKind.RESEARCH: "调研|考察",
    ActivityKind.CONSULTATION: "协商|议政|座谈",
    ActivityKind.COMMITTEE_MEETING: "专委会|委员会|主任会议",
}


class AttendanceState(StrEnum):
    """A seat's part in an activity."""

    INVITED = "invited"
    ATTENDED = "attended"
    EXCUSED = "excused"
    ABSENT = "absent"
    CALLED_OFF = "called_off"


STATE_LABELS = {
    AttendanceState.INVITED: "待参加",
    AttendanceState.ATTENDED: "已出席",
    AttendanceState.EXCUSED: "已请假",
    AttendanceState.ABSENT: "缺席",
    AttendanceState.CALLED_OFF: "活动已取消",
}

#: In these states somebody is expected, or has come.
EXPECTED = (AttendanceState.INVITED, AttendanceState.ATTENDED)
#: What the ledger holds of a state.
RECORDED = {
    AttendanceState.ATTENDED: "activity.attended",
    AttendanceState.EXCUSED: "activity.excused",
    AttendanceState.ABSENT: "activity.absent",
}

#: Members sign in from this long before the start until the end.
SIGN_IN_BEFORE = timedelta(minutes=60)


def may_sign_in(starts_at: datetime, ends_at: datetime, now: datetime) -> bool:
    """Whether the doors are open for signing in."""
    return starts_at - SIGN_IN_BEFORE <= now <= ends_at


Verb = Literal["sign_in", "join", "leave", "edit", "mark", "close", "cancel"]


def allowed_actions(
    held: Collection[Permission],
    mine: str | None,
    starts_at: datetime,
    ends_at: datetime,
    now: datetime,
    *,
    online: bool,
) -> list[Verb]:
    """The verbs open in an activity that is on, to a reader who holds some permissions and whose part is `mine`."""
    signs, manages = Permission.ACTIVITY_SIGN in held, Permission.ACTIVITY_MANAGE in held
    waits = mine in {AttendanceState.INVITED, AttendanceState.EXCUSED}
    is_open = may_sign_in(starts_at, ends_at, now)
    verbs: dict[Verb, bool] = {
        "sign_in": signs and waits and is_open,
        "join": signs and online and is_open and (waits or mine == AttendanceState.ATTENDED),
        "leave": signs and mine == AttendanceState.INVITED and now < starts_at,
        "edit": manages,
        "mark": manages,
        "close": manages and now >= ends_at,
        "cancel": manages,
    }
    return [verb for verb, open_now in verbs.items() if open_now]


def invitation(title: str, attached: str = "") -> str:
    """What those hear who are invited; `attached` names what lies ready to be read."""
    return f"邀请您参加：“{title}”" + (f"（附{attached}）" if attached else "")
