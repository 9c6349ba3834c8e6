"""The life cycle of a talk as data, and the words for when and how it was held."""

from enum import StrEnum
from typing import Literal

from app.auth.permissions import Permission
from app.core.lifecycle import Lifecycle, Transition

Phase = Literal["before", "during", "after"]
PHASE_LABELS: dict[Phase, str] = {"before": "办理前", "during": "办理中", "after": "办理后"}
#: In the order in which they follow each other.
PHASES = list(PHASE_LABELS)
Form = Literal["phone", "visit", "meeting"]
FORM_LABELS: dict[Form, str] = {"phone": "电话", "visit": "走访", "meeting": "座谈"}
#: Forms in which the author was met in person (面商).
IN_PERSON: frozenset[Form] = frozenset({"visit", "meeting"})


class Talk(StrEnum):
    """Where the record of a talk stands."""

    RECORDED = "recorded"
    CONFIRMED = "confirmed"
    DISPUTED = "disputed"
    UPHELD = "upheld"
    DISMISSED = "dismissed"


TALK_LABELS = {
    Talk.RECORDED: "单位记录",
    Talk.CONFIRMED: "提案人已确认",
    Talk.DISPUTED: "提案人有异议",
    Talk.UPHELD: "异议成立，不计入",
    Talk.DISMISSED: "已核实，计入",
}
#: Such a talk does not count as one.
NOT_COUNTED = frozenset({Talk.DISPUTED, Talk.UPHELD})


class TalkAction(StrEnum):
    """What the author, or staff after a dispute, may say of a talk."""

    CONFIRM = "confirm_talk"
    DISPUTE = "dispute_talk"
    UPHOLD = "uphold_dispute"
    DISMISS = "dismiss_dispute"


_AUTHOR, _STAFF = Permission.PROPOSAL_WRITE, Permission.PROPOSAL_REVIEW
_ANSWERABLE, _DISPUTED = frozenset({Talk.RECORDED, Talk.CONFIRMED}), frozenset({Talk.DISPUTED})

TALK = Lifecycle(
    TALK_LABELS,
    [
        Transition(
            TalkAction.CONFIRM,
            "确认沟通属实",
            frozenset({Talk.RECORDED, Talk.DISPUTED}),
            Talk.CONFIRMED,
            _AUTHOR,
            by_author=True,
        ),
        Transition(
            TalkAction.DISPUTE,
            "对沟通记录有异议",
            _ANSWERABLE,
            Talk.DISPUTED,
            _AUTHOR,
            by_author=True,
            needs_reason=True,
        ),
        Transition(TalkAction.UPHOLD, "异议成立", _DISPUTED, Talk.UPHELD, _STAFF, needs_reason=True),
        Transition(TalkAction.DISMISS, "异议不成立", _DISPUTED, Talk.DISMISSED, _STAFF, needs_reason=True),
    ],
)
