"""The life cycle of an opinion report as data: states, who may see them, steps, tiers."""

from collections.abc import Iterable
from enum import IntEnum, StrEnum
from typing import Literal

from app.auth.permissions import Permission
from app.core.lifecycle import Lifecycle, Transition
from app.duty.forms import OPINIONS


class State(StrEnum):
    """Where a report stands."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    EDITING = "editing"
    SHELVED = "shelved"
    COMBINED = "combined"
    ISSUED = "issued"
    ADOPTED = "adopted"


LABELS = {
    State.DRAFT: "草稿",
    State.SUBMITTED: "已报送",
    State.RETURNED: "退回待修改",
    State.EDITING: "编辑中",
    State.SHELVED: "留存备查",
    State.COMBINED: "已编入综合信息",
    State.ISSUED: "已签发",
    State.ADOPTED: "已采用",
}


class Kind(StrEnum):
    """How a report came about."""

    SINGLE = "single"
    COMBINED = "combined"
    LEAD = "lead"
    CONVERSION = "conversion"


KIND_LABELS = {kind: OPINIONS[kind] for kind in Kind}


class Audience(IntEnum):
    """The widest circle that may see a report; members never see those of others."""

    AUTHOR = 0
    STAFF = 1
    LEADERS = 2


AUDIENCE = {
    State.DRAFT: Audience.AUTHOR,
    State.SUBMITTED: Audience.STAFF,
    State.RETURNED: Audience.STAFF,
    State.EDITING: Audience.STAFF,
    State.SHELVED: Audience.STAFF,
    State.COMBINED: Audience.STAFF,
    State.ISSUED: Audience.LEADERS,
    State.ADOPTED: Audience.LEADERS,
}

#: Who may write in the text: the author before, staff while they edit.
OPEN_TO_AUTHOR = frozenset({State.DRAFT, State.RETURNED})
OPEN_TO_STAFF = frozenset({State.EDITING})
#: What waits for staff.
ON_DESK = frozenset({State.SUBMITTED, State.EDITING})
#: Issued, or further on.
UPWARD = frozenset({State.ISSUED, State.ADOPTED})


class Tier(StrEnum):
    """How far up a report went; lowest first."""

    COUNTY = "county"
    CITY = "city"
    PROVINCE = "province"
    NATIONAL = "national"


TIER_LABELS = {Tier.COUNTY: "区县", Tier.CITY: "市级", Tier.PROVINCE: "省级", Tier.NATIONAL: "全国"}
_TIERS = list(Tier)


def higher(tier: Tier, than: str | None) -> bool:
    """Whether `tier` lies above another one, or there is no other."""
    return than is None or _TIERS.index(tier) > _TIERS.index(Tier(than))


def highest(tiers: Iterable[str]) -> Tier | None:
    """The highest of some tiers; None of none."""
    return max(map(Tier, tiers), key=_TIERS.index, default=None)


class Action(StrEnum):
    """What a caller may ask for."""

    SUBMIT = "submit"
    WITHDRAW = "withdraw"
    START_EDITING = "start_editing"
    RETURN = "return"
    SHELVE = "shelve"
    COMBINE = "combine"
    RELEASE = "release"
    ISSUE = "issue"
    FORWARD = "forward"
    ADOPT = "adopt"
    COMMENT = "comment"
    UNDO = "undo"


#: What a step asks for beside a reason; a leader's own comment needs its words only.
Asked = Literal["tier", "leader", "words", "into_id", "step_id"]
ASKS: dict[Action, tuple[Asked, ...]] = {
    Action.COMBINE: ("into_id",),
    Action.ISSUE: ("tier",),
    Action.FORWARD: ("tier",),
    Action.ADOPT: ("tier",),
    Action.COMMENT: ("tier", "leader", "words"),
    Action.UNDO: ("step_id",),
}
OWN_COMMENT: tuple[Asked, ...] = ("words",)

#: Steps of a combined report that its sources take with it.
SHARED = frozenset({Action.ISSUE, Action.FORWARD, Action.ADOPT, Action.COMMENT})
#: Steps that can be undone while they are the last one: undoing leads back to where the step began.
UNDOABLE = SHARED | {Action.START_EDITING, Action.RETURN, Action.SHELVE}

_AUTHOR, _STAFF = Permission.OPINION_WRITE, Permission.OPINION_EDIT


def _staying(action: Action, label: str, permission: Permission) -> list[Transition[State]]:
    """A step that leaves a report in the state in which it is, one row for each state."""
    return [Transition(action, label, frozenset({state}), state, permission) for state in sorted(UPWARD)]


LIFECYCLE = Lifecycle(
    LABELS,
    [
        Transition(Action.SUBMIT, "报送", OPEN_TO_AUTHOR, State.SUBMITTED, _AUTHOR, by_author=True),
        Transition(
            Action.WITHDRAW, "撤回", frozenset({State.SUBMITTED}), State.DRAFT, _AUTHOR, by_author=True
        ),
        Transition(
            Action.START_EDITING,
            "开始编辑",
            frozenset({State.SUBMITTED, State.SHELVED}),
            State.EDITING,
            _STAFF,
        ),
        Transition(Action.ISSUE, "签发", frozenset({State.EDITING}), State.ISSUED, _STAFF),
        Transition(Action.RETURN, "退回修改", ON_DESK, State.RETURNED, _STAFF, needs_reason=True),
        Transition(Action.SHELVE, "留存备查", ON_DESK, State.SHELVED, _STAFF, needs_reason=True),
        Transition(Action.COMBINE, "编入综合信息", ON_DESK | {State.SHELVED}, State.COMBINED, _STAFF),
        Transition(
            Action.RELEASE,
            "移出综合信息",
            frozenset({State.COMBINED}),
            State.EDITING,
            _STAFF,
            needs_reason=True,
        ),
        *_staying(Action.FORWARD, "转送", _STAFF),
        Transition(Action.ADOPT, "采用", UPWARD, State.ADOPTED, _STAFF),
        *_staying(Action.COMMENT, "领导批示", Permission.OPINION_COMMENT),
    ],
)


def never(kind: str, *, has_author: bool) -> frozenset[Action]:
    """The steps that are closed to a report of this kind in every state."""
    closed = {Action.COMBINE: kind == Kind.COMBINED, Action.RETURN: not has_author}
    return frozenset(action for action, is_closed in closed.items() if is_closed)


#: What may be done to a report beside the steps of its life cycle.
Verb = Literal["edit", "delete"]

#: How reports begin that nobody handed in as such.
COMPILED, TAKEN_IN, ENTERED = "compile", "take_in", "enter"
ACTION_LABELS: dict[str, str] = {t.action: t.label for t in LIFECYCLE.transitions} | {
    Action.UNDO: "撤销上一步",
    COMPILED: "编写综合信息",
    TAKEN_IN: "线索转为信息",
    ENTERED: "机关代录",
}
