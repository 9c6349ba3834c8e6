"""The life cycle of cases as data: reported, accepted, given to a unit, answered, judged, closed."""

from enum import StrEnum

from app.auth.permissions import Permission
from app.cases.rules import Judgement
from app.core.lifecycle import Lifecycle, Transition


class CaseState(StrEnum):
    """Where a case stands."""

    REPORTED = "reported"
    ACCEPTED = "accepted"
    ASSIGNED = "assigned"
    ANSWERED = "answered"
    JUDGED = "judged"
    CLOSED = "closed"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


class CaseAction(StrEnum):
    """What a caller may ask for."""

    WITHDRAW = "withdraw"
    RESUBMIT = "resubmit"
    ACCEPT = "accept"
    UNACCEPT = "unaccept"
    DECLINE = "decline"
    RESTORE = "restore"
    ASSIGN = "assign"
    RECALL = "recall"
    ANSWER = "answer"
    RESCIND = "rescind"
    RETRACT = "retract"
    SATISFIED = "satisfied"
    MOSTLY = "mostly"
    DISSATISFIED = "dissatisfied"
    RECONSIDER = "reconsider"
    CLOSE = "close"
    REOPEN = "reopen"


S, A = CaseState, CaseAction
#: Any reader of cases judges what is their own, after the last day too.
_READER, _AUTHOR = Permission.CASE_READ, Permission.CASE_REPORT
_STAFF, _UNIT = Permission.CASE_MANAGE, Permission.CASE_ANSWER


def _step(
    action: CaseAction,
    label: str,
    sources: tuple[CaseState, ...],
    target: CaseState,
    permission: Permission,
    news: str = "",
    *,
    reasoned: bool = False,
) -> Transition[CaseState]:
    """One step; `news` is what the reporter hears."""
    own = permission in {_READER, _AUTHOR}
    return Transition(
        *(action, label, frozenset(sources), target, permission),
        by_author=own,
        needs_reason=reasoned,
        news=news,
    )


LIFECYCLE = Lifecycle(
    {
        S.REPORTED: "待受理",
        S.ACCEPTED: "已受理",
        S.ASSIGNED: "办理中",
        S.ANSWERED: "已答复",
        S.JUDGED: "已评价",
        S.CLOSED: "已办结",
        S.DECLINED: "不予受理",
        S.WITHDRAWN: "已撤回",
    },
    [
        _step(A.WITHDRAW, "撤回", (S.REPORTED,), S.WITHDRAWN, _AUTHOR),
        _step(A.RESUBMIT, "重新提交", (S.WITHDRAWN,), S.REPORTED, _AUTHOR),
        _step(A.ACCEPT, "受理", (S.REPORTED,), S.ACCEPTED, _STAFF, "您的“{title}”已经受理，{due}前答复您"),
        _step(
            *(A.DECLINE, "不予受理", (S.REPORTED,), S.DECLINED, _STAFF),
            "您的“{title}”没有受理：{reason}",
            reasoned=True,
        ),
        _step(
            *(A.ASSIGN, "交办", (S.ACCEPTED,), S.ASSIGNED, _STAFF),
            "您的“{title}”已转{unit}办理，{due}前答复您",
        ),
        _step(
            *(A.ANSWER, "答复", (S.ACCEPTED, S.ASSIGNED), S.ANSWERED, _UNIT),
            "您的“{title}”有了答复，请您评价",
        ),
        _step(A.SATISFIED, "满意", (S.ANSWERED,), S.JUDGED, _READER),
        _step(A.MOSTLY, "基本满意", (S.ANSWERED,), S.JUDGED, _READER),
        _step(A.DISSATISFIED, "不满意", (S.ANSWERED,), S.ACCEPTED, _READER, reasoned=True),
        _step(A.CLOSE, "办结", (S.ANSWERED, S.JUDGED), S.CLOSED, _STAFF, "您的“{title}”已经办结"),
        # what takes one back is listed behind what leads on
        _step(
            *(A.UNACCEPT, "撤销受理", (S.ACCEPTED,), S.REPORTED, _STAFF),
            "您的“{title}”需要重新研究是否受理：{reason}",
            reasoned=True,
        ),
        _step(A.RESTORE, "恢复待受理", (S.DECLINED,), S.REPORTED, _STAFF, "您的“{title}”恢复研究是否受理"),
        _step(
            *(A.RECALL, "收回", (S.ASSIGNED,), S.ACCEPTED, _STAFF),
            "您的“{title}”收回，另行安排办理：{reason}",
            reasoned=True,
        ),
        _step(
            *(A.RESCIND, "撤回答复", (S.ANSWERED,), S.ASSIGNED, _UNIT),
            "对您的“{title}”的答复撤回，稍后重新答复：{reason}",
            reasoned=True,
        ),
        _step(
            *(A.RETRACT, "退回重办", (S.ANSWERED, S.JUDGED), S.ACCEPTED, _STAFF),
            "对您的“{title}”的答复撤回，重新办理：{reason}",
            reasoned=True,
        ),
        _step(A.RECONSIDER, "撤回评价", (S.JUDGED, S.ACCEPTED), S.ANSWERED, _READER),
        _step(
            *(A.REOPEN, "撤销办结", (S.CLOSED,), S.ANSWERED, _STAFF),
            "您的“{title}”撤销办结：{reason}",
            reasoned=True,
        ),
    ],
)
JUDGEMENTS = {
    A.SATISFIED: Judgement.SATISFIED,
    A.MOSTLY: Judgement.MOSTLY,
    A.DISSATISFIED: Judgement.DISSATISFIED,
}
#: Which last step each of these undoes. The case is again what it was before: the target above is the usual one.
UNDOES: dict[CaseAction, frozenset[CaseAction]] = {
    A.RESUBMIT: frozenset({A.WITHDRAW}),
    A.UNACCEPT: frozenset({A.ACCEPT}),
    A.RESTORE: frozenset({A.DECLINE}),
    A.RECALL: frozenset({A.ASSIGN}),
    A.RESCIND: frozenset({A.ANSWER}),
    A.RECONSIDER: frozenset(JUDGEMENTS),
    A.REOPEN: frozenset({A.CLOSE}),
}
#: States in which somebody owes an answer by its day.
OPEN = (S.ACCEPTED, S.ASSIGNED)
#: States in which a unit has to do with a case.
WITH_UNIT = (S.ASSIGNED, S.ANSWERED, S.JUDGED, S.CLOSED)
#: States that a leader does not see.
BEFORE = (S.REPORTED, S.WITHDRAWN)
