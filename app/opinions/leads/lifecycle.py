"""The life cycle of a lead as data: handed in, then made a report or declined. And the limits of the public form."""

from datetime import timedelta
from enum import StrEnum

from app.auth.permissions import Permission, Role
from app.core.lifecycle import Lifecycle, Transition


class LeadState(StrEnum):
    """Where a lead stands."""

    RECEIVED = "received"
    USED = "used"
    DECLINED = "declined"


LEAD_LABELS = {
    LeadState.RECEIVED: "已收到",
    LeadState.USED: "已转为信息",
    LeadState.DECLINED: "未采用",
}


class LeadAction(StrEnum):
    """What staff do with a lead."""

    USE = "use"
    DECLINE = "decline"
    REOPEN = "reopen"


_STAFF = Permission.OPINION_EDIT

LEAD_LIFECYCLE = Lifecycle(
    LEAD_LABELS,
    [
        Transition(LeadAction.USE, "转为信息", frozenset({LeadState.RECEIVED}), LeadState.USED, _STAFF),
        Transition(
            LeadAction.DECLINE,
            "不采用",
            frozenset({LeadState.RECEIVED}),
            LeadState.DECLINED,
            _STAFF,
            needs_reason=True,
        ),
        Transition(
            LeadAction.REOPEN,
            "撤销不采用",
            frozenset({LeadState.DECLINED}),
            LeadState.RECEIVED,
            _STAFF,
            needs_reason=True,
        ),
    ],
)


class Source(StrEnum):
    """As what somebody hands a lead in."""

    CITIZEN = "citizen"
    INFORMATION_OFFICER = "information_officer"
    UNIT_OFFICER = "unit_officer"
    INSTITUTION = "institution"
    MEMBER = "member"


SOURCE_LABELS = {
    Source.CITIZEN: "群众",
    Source.INFORMATION_OFFICER: "信息员",
    Source.UNIT_OFFICER: "承办单位",
    Source.INSTITUTION: "单位",
    Source.MEMBER: "委员",
}
#: The role that counts for those who hold several.
SOURCE_OF = {
    Role.INFORMATION_OFFICER: Source.INFORMATION_OFFICER,
    Role.MEMBER: Source.MEMBER,
    Role.UNIT_OFFICER: Source.UNIT_OFFICER,
}

#: How many an organization takes without login.
BY_ORGANIZATION = ((timedelta(days=1), 1_000),)


def masked_contact(contact: str) -> str:
    """A telephone number or an address as those see it who need not use it."""
    kept = 3 if contact[:3].isdigit() else 1
    tail = contact[-2:] if contact[-2:].isdigit() and len(contact) > kept + 2 else ""
    return f"{contact[:kept]}****{tail}"
