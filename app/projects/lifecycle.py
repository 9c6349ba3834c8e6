"""The life cycle of projects as data: open, closed with a summary, or cancelled; each step has one that undoes it."""

from enum import StrEnum

from app.auth.permissions import Permission
from app.core.lifecycle import Lifecycle, Transition


class ProjectState(StrEnum):
    """Where a project stands."""

    OPEN = "open"
    CLOSED = "closed"
    CANCELLED = "cancelled"


class ProjectAction(StrEnum):
    """What a caller may ask for."""

    CLOSE = "close"
    REOPEN = "reopen"
    CANCEL = "cancel"
    RESTORE = "restore"


S, A = ProjectState, ProjectAction
_MANAGER = Permission.PROJECT_MANAGE


def _step(
    action: ProjectAction, label: str, source: ProjectState, target: ProjectState, news: str
) -> Transition[ProjectState]:
    """One step; `news` is what the members of the project hear."""
    reasoned = action in {A.CLOSE, A.CANCEL}
    return Transition(
        *(action, label, frozenset({source}), target, _MANAGER), needs_reason=reasoned, news=news
    )


#: The body's head counts as a manager of the project.
LIFECYCLE = Lifecycle(
    {S.OPEN: "进行中", S.CLOSED: "已结束", S.CANCELLED: "已撤销"},
    [
        _step(A.CLOSE, "结束", S.OPEN, S.CLOSED, "办实事项目“{title}”已经结束，谢谢您的参与"),
        _step(A.REOPEN, "继续进行", S.CLOSED, S.OPEN, "办实事项目“{title}”继续进行"),
        _step(A.CANCEL, "撤销项目", S.OPEN, S.CANCELLED, "办实事项目“{title}”已撤销：{text}"),
        _step(A.RESTORE, "恢复", S.CANCELLED, S.OPEN, "办实事项目“{title}”恢复进行"),
    ],
)
