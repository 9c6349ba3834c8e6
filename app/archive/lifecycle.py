"""The life cycles of claims and appeals as data: they wait, are decided, and may be opened again."""

from enum import StrEnum

from app.auth.permissions import Permission
from app.core.lifecycle import Lifecycle, Transition


class Kind(StrEnum):
    """What a member wants of the ledger."""

    CLAIM = "claim"
    APPEAL = "appeal"


KIND_LABELS = {Kind.CLAIM: "履职申报", Kind.APPEAL: "记录申诉"}


class State(StrEnum):
    """Where a claim stands."""

    WAITING = "waiting"
    CONFIRMED = "confirmed"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class Action(StrEnum):
    """What a caller may ask for."""

    WITHDRAW = "withdraw"
    CONFIRM = "confirm"
    REFUSE = "refuse"
    REOPEN = "reopen"


_WAITING, _DECIDED = frozenset({State.WAITING}), frozenset({State.CONFIRMED, State.REFUSED})
_MEMBER, _STAFF = Permission.DUTY_CLAIM, Permission.DUTY_RECORD


def _cycle(
    waiting: str, confirm: tuple[str, str], refuse: tuple[str, str], *, reasoned: bool
) -> Lifecycle[State]:
    """The steps that both have, in the words of one; `reasoned`: confirming needs a reason as well."""
    return Lifecycle(
        {
            State.WAITING: waiting,
            State.CONFIRMED: confirm[1],
            State.REFUSED: refuse[1],
            State.WITHDRAWN: "已撤回",
        },
        [
            Transition(Action.WITHDRAW, "撤回", _WAITING, State.WITHDRAWN, _MEMBER, by_author=True),
            Transition(Action.CONFIRM, confirm[0], _WAITING, State.CONFIRMED, _STAFF, needs_reason=reasoned),
            Transition(Action.REFUSE, refuse[0], _WAITING, State.REFUSED, _STAFF, needs_reason=True),
            Transition(Action.REOPEN, "重新审核", _DECIDED, State.WAITING, _STAFF, needs_reason=True),
        ],
    )


LIFECYCLES = {
    Kind.CLAIM: _cycle("待确认", ("确认", "已确认"), ("不予确认", "未确认"), reasoned=False),
    Kind.APPEAL: _cycle("待处理", ("更正", "已更正"), ("驳回", "已驳回"), reasoned=True),
}
STATE_LABELS = {
    state: " / ".join(dict.fromkeys(cycle.labels[state] for cycle in LIFECYCLES.values())) for state in State
}
