"""The life cycle of calls for speeches as data; each step has one that undoes it."""

from enum import StrEnum

from app.auth.permissions import Permission
from app.core.lifecycle import Lifecycle, Transition


class CallState(StrEnum):
    """Where a call stands."""

    OPEN = "open"
    CLOSED = "closed"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"


class CallAction(StrEnum):
    """What a caller may ask for."""

    CLOSE = "close"
    REOPEN = "reopen"
    PUBLISH = "publish"
    UNDO = "undo"
    WITHDRAW = "withdraw"
    RESTORE = "restore"


S, A = CallState, CallAction


def _step(
    action: CallAction, label: str, source: CallState, target: CallState, news: str
) -> Transition[CallState]:
    """One step; `news` is what members hear."""
    return Transition(action, label, frozenset({source}), target, Permission.SPEECH_MANAGE, news=news)


LIFECYCLE = Lifecycle(
    {S.OPEN: "征集中", S.CLOSED: "已截止", S.PUBLISHED: "已公布", S.WITHDRAWN: "已撤销"},
    [
        _step(A.CLOSE, "截止征集", S.OPEN, S.CLOSED, "“{name}”的征集已经截止"),
        _step(A.PUBLISH, "公布结果", S.CLOSED, S.PUBLISHED, "“{name}”公布选用的发言，请您阅读"),
        _step(A.REOPEN, "重新征集", S.CLOSED, S.OPEN, "“{name}”继续征集，请于{closes}前提交"),
        _step(A.UNDO, "撤销公布", S.PUBLISHED, S.CLOSED, "“{name}”的公布撤销，稍后重新公布"),
        _step(A.WITHDRAW, "撤销征集", S.OPEN, S.WITHDRAWN, "“{name}”的征集撤销"),
        _step(A.RESTORE, "恢复征集", S.WITHDRAWN, S.OPEN, "“{name}”恢复征集，请于{closes}前提交"),
    ],
)
