"""The life cycle of an opinion report as data: states, who may see them, steps, tiers."""

from enum import IntEnum, StrEnum
from typing import Literal

from app.auth.permissions import Permission
from app.core.lifecycle import Lifecycle, Transition


class State(StrEnum):
    """Where a report stands."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    EDITING = "editing"
    ISSUED = "issued"
    ADOPTED = "adopted"


LABELS = {
    State.DRAFT: "草稿",
    State.SUBMITTED: "已报送",
    State.RETURNED: "退回待修改",
    State.EDITING: "编辑中",
    State.ISSUED: "已签发",
    State.ADOPTED: "已采用",
}


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
    State.ISSUED: Audience.LEADERS,
    State.ADOPTED: Audience.LEADERS,
}

#: Who may write in the text: the author before, staff while they edit.
OPEN_TO_AUTHOR = frozenset({State.DRAFT, State.RETURNED})
OPEN_TO_STAFF = frozenset({State.EDITING})
#: What waits for staff.
ON_DESK = frozenset({State.SUBMITTED, State.EDITING})
_UPWARD = frozenset({State.ISSUED, State.ADOPTED})


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


class Action(StrEnum):
    """What a caller may ask for."""

    SUBMIT = "submit"
    WITHDRAW = "withdraw"
    START_EDITING = "start_editing"
    RETURN = "return"
    ISSUE = "issue"
    FORWARD = "forward"
    ADOPT = "adopt"
    COMMENT = "comment"


#: Steps that happen at a tier, and the one that needs a leader's name and words.
AT_TIER = frozenset({Action.ISSUE, Action.FORWARD, Action.ADOPT, Action.COMMENT})

_AUTHOR, _STAFF = Permission.OPINION_WRITE, Permission.OPINION_EDIT


def _staying(action: Action, label: str) -> list[Transition[State]]:
    """A step that leaves a report in the state in which it is, one row for each state."""
    return [Transition(action, label, frozenset({state}), state, _STAFF) for state in sorted(_UPWARD)]


LIFECYCLE = Lifecycle(
    LABELS,
    [
        Transition(Action.SUBMIT, "报送", OPEN_TO_AUTHOR, State.SUBMITTED, _AUTHOR, by_author=True),
        Transition(
            Action.WITHDRAW, "撤回", frozenset({State.SUBMITTED}), State.DRAFT, _AUTHOR, by_author=True
        ),
        Transition(Action.START_EDITING, "开始编辑", frozenset({State.SUBMITTED}), State.EDITING, _STAFF),
        Transition(
            Action.RETURN,
            "退回修改",
            frozenset({State.SUBMITTED, State.EDITING}),
            State.RETURNED,
            _STAFF,
            needs_reason=True,
        ),
        Transition(Action.ISSUE, "签发", frozenset({State.EDITING}), State.ISSUED, _STAFF),
        *_staying(Action.FORWARD, "转送"),
        Transition(Action.ADOPT, "采用", _UPWARD, State.ADOPTED, _STAFF),
        *_staying(Action.COMMENT, "领导批示"),
    ],
)

#: What may be done to a report beside the steps of its life cycle.
Verb = Literal["edit", "delete"]

ACTION_LABELS = {t.action: t.label for t in LIFECYCLE.transitions}
