"""The life cycle of an opinion report as data: states, who may see them, steps, tiers."""

from collections.abc import Iterable
from enum import IntEnum, StrEnum
from typing import Literal

from app.auth.permissions import Permission
from app.core.lifecycle import Lifecycle, Transition
from app.duty.forms import OPINIONS


class OpinionState(StrEnum):
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
    OpinionState.DRAFT: "草稿",
    OpinionState.SUBMITTED: "已报送",
    OpinionState.RETURNED: "退回待修改",
    OpinionState.EDITING: "编辑中",
    OpinionState.SHELVED: "留存备查",
    OpinionState.COMBINED: "已编入综合信息",
    OpinionState.ISSUED: "已签发",
    OpinionState.ADOPTED: "已采用",
}


class OpinionKind(StrEnum):
    """How a report came about."""

    SINGLE = "single"
    COMBINED = "combined"
    LEAD = "lead"
    CONVERSION = "conversion"


KIND_LABELS = {kind: OPINIONS[kind] for kind in OpinionKind}


class OpinionAudience(IntEnum):
    """The widest circle that may see a report; members never see those of others."""

    AUTHOR = 0
    STAFF = 1
    LEADERS = 2


AUDIENCE = {
    OpinionState.DRAFT: OpinionAudience.AUTHOR,
    OpinionState.SUBMITTED: OpinionAudience.STAFF,
    OpinionState.RETURNED: OpinionAudience.STAFF,
    OpinionState.EDITING: OpinionAudience.STAFF,
    OpinionState.SHELVED: OpinionAudience.STAFF,
    OpinionState.COMBINED: OpinionAudience.STAFF,
    OpinionState.ISSUED: OpinionAudience.LEADERS,
    OpinionState.ADOPTED: OpinionAudience.LEADERS,
}

#: Who may write in the text: the author before, staff while they edit.
OPEN_TO_AUTHOR = frozenset({OpinionState.DRAFT, OpinionState.RETURNED})
OPEN_TO_STAFF = frozenset({OpinionState.EDITING})
#: What waits for staff.
ON_DESK = frozenset({OpinionState.SUBMITTED, OpinionState.EDITING})
#: Issued, or further on.
UPWARD = frozenset({OpinionState.ISSUED, OpinionState.ADOPTED})


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


class OpinionAction(StrEnum):
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
ASKS: dict[OpinionAction, tuple[Asked, ...]] = {
    OpinionAction.COMBINE: ("into_id",),
    OpinionAction.ISSUE: ("tier",),
    OpinionAction.FORWARD: ("tier",),
    OpinionAction.ADOPT: ("tier",),
    OpinionAction.COMMENT: ("tier", "leader", "words"),
    OpinionAction.UNDO: ("step_id",),
}
OWN_COMMENT: tuple[Asked, ...] = ("words",)

#: Steps of a combined report that its sources take with it.
SHARED = frozenset({OpinionAction.ISSUE, OpinionAction.FORWARD, OpinionAction.ADOPT, OpinionAction.COMMENT})
#: Steps that can be undone while they are the last one: undoing leads back to where the step began.
UNDOABLE = SHARED | {OpinionAction.START_EDITING, OpinionAction.RETURN, OpinionAction.SHELVE}

_AUTHOR, _STAFF = Permission.OPINION_WRITE, Permission.OPINION_EDIT


def _staying(action: OpinionAction, label: str, permission: Permission) -> list[Transition[OpinionState]]:
    """A step that leaves a report in the state in which it is, one row for each state."""
    return [Transition(action, label, frozenset({state}), state, permission) for state in sorted(UPWARD)]


LIFECYCLE = Lifecycle(
    LABELS,
    [
        Transition(
            OpinionAction.SUBMIT, "报送", OPEN_TO_AUTHOR, OpinionState.SUBMITTED, _AUTHOR, by_author=True
        ),
        Transition(
            OpinionAction.WITHDRAW,
            "撤回",
            frozenset({OpinionState.SUBMITTED}),
            OpinionState.DRAFT,
            _AUTHOR,
            by_author=True,
        ),
        Transition(
            OpinionAction.START_EDITING,
            "开始编辑",
            frozenset({OpinionState.SUBMITTED, OpinionState.SHELVED}),
            OpinionState.EDITING,
            _STAFF,
        ),
        Transition(
            OpinionAction.ISSUE, "签发", frozenset({OpinionState.EDITING}), OpinionState.ISSUED, _STAFF
        ),
        Transition(
            OpinionAction.RETURN, "退回修改", ON_DESK, OpinionState.RETURNED, _STAFF, needs_reason=True
        ),
        Transition(
            OpinionAction.SHELVE, "留存备查", ON_DESK, OpinionState.SHELVED, _STAFF, needs_reason=True
        ),
        Transition(
            OpinionAction.COMBINE,
            "编入综合信息",
            ON_DESK | {OpinionState.SHELVED},
            OpinionState.COMBINED,
            _STAFF,
        ),
        Transition(
            OpinionAction.RELEASE,
            "移出综合信息",
            frozenset({OpinionState.COMBINED}),
            OpinionState.EDITING,
            _STAFF,
            needs_reason=True,
        ),
        *_staying(OpinionAction.FORWARD, "转送", _STAFF),
        Transition(OpinionAction.ADOPT, "采用", UPWARD, OpinionState.ADOPTED, _STAFF),
        *_staying(OpinionAction.COMMENT, "领导批示", Permission.OPINION_COMMENT),
    ],
)


def never(kind: str, *, has_author: bool) -> frozenset[OpinionAction]:
    """The steps that are closed to a report of this kind in every state."""
    closed = {OpinionAction.COMBINE: kind == OpinionKind.COMBINED, OpinionAction.RETURN: not has_author}
    return frozenset(action for action, is_closed in closed.items() if is_closed)


#: What may be done to a report beside the steps of its life cycle.
Verb = Literal["edit", "delete"]

#: How reports begin that nobody handed in as such.
COMPILED, TAKEN_IN, ENTERED = "compile", "take_in", "enter"
ACTION_LABELS: dict[str, str] = {t.action: t.label for t in LIFECYCLE.transitions} | {
    OpinionAction.UNDO: "撤销上一步",
    COMPILED: "编写综合信息",
    TAKEN_IN: "线索转为信息",
    ENTERED: "机关代录",
}
