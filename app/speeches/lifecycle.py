"""The life cycle of speeches as data: handed in, chosen or not, delivered; each step of staff can be undone."""

from enum import StrEnum

from app.auth.permissions import Permission
from app.core.lifecycle import Lifecycle, Transition


class SpeechState(StrEnum):
    """Where a speech stands."""

    SUBMITTED = "submitted"
    RETURNED = "returned"
    ORAL = "oral"
    WRITTEN = "written"
    DECLINED = "declined"
    DELIVERED = "delivered"
    WITHDRAWN = "withdrawn"


class SpeechAction(StrEnum):
    """What a caller may ask for."""

    WITHDRAW = "withdraw"
    RESUBMIT = "resubmit"
    ORAL = "oral"
    WRITTEN = "written"
    RETURN = "return"
    DECLINE = "decline"
    DELIVER = "deliver"
    UNDO = "undo"


S, A = SpeechState, SpeechAction


def _own(
    action: SpeechAction, label: str, sources: tuple[SpeechState, ...], target: SpeechState
) -> Transition[SpeechState]:
    """One step of the author, or of somebody else who acts for the body: of that the author hears."""
    news = f"您提交的《{{title}}》由参加单位{label}"
    permission = Permission.SPEECH_WRITE
    return Transition(action, label, frozenset(sources), target, permission, by_author=True, news=news)


def _staff(
    action: SpeechAction,
    label: str,
    sources: tuple[SpeechState, ...],
    target: SpeechState,
    news: str,
    *,
    reasoned: bool = False,
) -> Transition[SpeechState]:
    """One step of staff; `news` is what the author hears."""
    permission = Permission.SPEECH_MANAGE
    return Transition(action, label, frozenset(sources), target, permission, needs_reason=reasoned, news=news)


LIFECYCLE = Lifecycle(
    {
        S.SUBMITTED: "待遴选",
        S.RETURNED: "退回修改",
        S.ORAL: "口头发言",
        S.WRITTEN: "书面发言",
        S.DECLINED: "未采用",
        S.DELIVERED: "已发言",
        S.WITHDRAWN: "已撤回",
    },
    [
        _own(A.RESUBMIT, "重新提交", (S.RETURNED, S.WITHDRAWN), S.SUBMITTED),
        _own(A.WITHDRAW, "撤回", (S.SUBMITTED, S.RETURNED), S.WITHDRAWN),
        _staff(A.ORAL, "选为口头发言", (S.SUBMITTED,), S.ORAL, "您的《{title}》选为大会口头发言，请做好准备"),
        _staff(
            *(A.WRITTEN, "选为书面发言", (S.SUBMITTED,), S.WRITTEN),
            "您的《{title}》选为大会书面发言，将编入发言材料汇编",
        ),
        _staff(
            *(A.RETURN, "退回修改", (S.SUBMITTED,), S.RETURNED, "您的《{title}》请修改后重新提交：{reason}"),
            reasoned=True,
        ),
        _staff(
            *(A.DECLINE, "不采用", (S.SUBMITTED,), S.DECLINED, "您的《{title}》这次没有选用：{reason}"),
            reasoned=True,
        ),
        _staff(A.DELIVER, "已发言", (S.ORAL,), S.DELIVERED, "您的大会发言《{title}》已经记入履职记录"),
        # what takes one back is listed behind what leads on
        _staff(A.UNDO, "撤销选用", (S.ORAL, S.WRITTEN), S.SUBMITTED, "您的《{title}》需要重新研究是否选用"),
        _staff(A.UNDO, "撤销退回", (S.RETURNED,), S.SUBMITTED, "您的《{title}》不必修改，恢复遴选"),
        _staff(A.UNDO, "撤销不采用", (S.DECLINED,), S.SUBMITTED, "您的《{title}》恢复遴选"),
        _staff(A.UNDO, "撤销已发言", (S.DELIVERED,), S.ORAL, "您的《{title}》的发言记录撤销，仍为口头发言"),
    ],
)
#: States of the speeches that have a place in the order.
IN_ORDER = (S.ORAL, S.DELIVERED)
#: States of the speeches that all members read once the results are published.
CHOSEN = (*IN_ORDER, S.WRITTEN)
#: States that count as a speech made in the ledger.
COUNTED = (S.DELIVERED, S.WRITTEN)
