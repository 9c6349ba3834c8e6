"""The life cycles of claims and appeals as data: they wait, are decided, and may be opened again."""

from enum import StrEnum

from app.auth.permissions import Permission
from app.core.lifecycle import Lifecycle, Transition


class ClaimKind(StrEnum):
    """What a member wants of the ledger."""

    CLAIM = "claim"
    APPEAL = "appeal"


KIND_LABELS = {ClaimKind.CLAIM: "履职申报", ClaimKind.APPEAL: "记录申诉"}


class ClaimState(StrEnum):
    """Where a claim stands."""

    WAITING = "waiting"
    CONFIRMED = "confirmed"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class ClaimAction(StrEnum):
    """What a caller may ask for."""

    WITHDRAW = "withdraw"
    CONFIRM = "confirm"
    REFUSE = "refuse"
    REOPEN = "reopen"


_WAITING, _DECIDED = frozenset({ClaimState.WAITING}), frozenset({ClaimState.CONFIRMED, ClaimState.REFUSED})
_MEMBER, _STAFF = Permission.DUTY_CLAIM, Permission.DUTY_RECORD


def _cycle(
    waiting: str, confirm: tuple[str, str], refuse: tuple[str, str], *, reasoned: bool
) -> Lifecycle[ClaimState]:
    """The steps that both have, in the words of one; `reasoned`: confirming needs a reason as well."""
    return Lifecycle(
        {
            ClaimState.WAITING: waiting,
            ClaimState.CONFIRMED: confirm[1],
            ClaimState.REFUSED: refuse[1],
            ClaimState.WITHDRAWN: "已撤回",
        },
        [
            Transition(ClaimAction.WITHDRAW, "撤回", _WAITING, ClaimState.WITHDRAWN, _MEMBER, by_author=True),
            Transition(
                ClaimAction.CONFIRM, confirm[0], _WAITING, ClaimState.CONFIRMED, _STAFF, needs_reason=reasoned
            ),
            Transition(
                ClaimAction.REFUSE, refuse[0], _WAITING, ClaimState.REFUSED, _STAFF, needs_reason=True
            ),
            Transition(
                ClaimAction.REOPEN, "重新审核", _DECIDED, ClaimState.WAITING, _STAFF, needs_reason=True
            ),
        ],
    )


LIFECYCLES = {
    ClaimKind.CLAIM: _cycle("待确认", ("确认", "已确认"), ("不予确认", "未确认"), reasoned=False),
    ClaimKind.APPEAL: _cycle("待处理", ("更正", "已更正"), ("驳回", "已驳回"), reasoned=True),
}
STATE_LABELS = {
    state: " / ".join(dict.fromkeys(cycle.labels[state] for cycle in LIFECYCLES.values()))
    for state in ClaimState
}
