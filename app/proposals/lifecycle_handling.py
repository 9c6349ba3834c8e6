"""The life cycle of an assignment as data: what one handling unit (承办单位) does with a proposal."""

from enum import StrEnum
from typing import Literal

from app.auth.permissions import Permission
from app.core.lifecycle import Lifecycle, Transition
from app.proposals.lifecycle import LIFECYCLE, MARK_STEPS, OTHER_STEPS, State
from app.proposals.talks.lifecycle import TALK, TalkAction


class Work(StrEnum):
    """Where the work of one unit stands."""

    ASSIGNED = "assigned"
    RETURN_REQUESTED = "return_requested"
    RETURNED = "returned"
    SIGNED = "signed"
    HANDLING = "handling"
    REPLY_REVIEW = "reply_review"
    REPLIED = "replied"
    WITHDRAWN = "withdrawn"
    ENDED = "ended"


WORK_LABELS = {
    Work.ASSIGNED: "待签收",
    Work.RETURN_REQUESTED: "申请退办",
    Work.RETURNED: "已退办",
    Work.SIGNED: "已签收",
    Work.HANDLING: "办理中",
    Work.REPLY_REVIEW: "答复审核中",
    Work.REPLIED: "已答复",
    Work.WITHDRAWN: "已撤回交办",
    Work.ENDED: "随提案结束",
}

#: The unit has nothing to do with the proposal any more.
GONE = frozenset({Work.RETURNED, Work.WITHDRAWN})
#: Nobody has taken the work up, or there is none any more.
NOT_BEGUN = GONE | {Work.ASSIGNED, Work.RETURN_REQUESTED}
#: Nothing is left to do: the reply has been sent, or the work has ended without one.
DONE = GONE | {Work.REPLIED, Work.ENDED}
#: The reply may be written.
WRITABLE = frozenset({Work.SIGNED, Work.HANDLING})

UnitRole = Literal["lead", "co", "split"]
UNIT_ROLE_LABELS: dict[UnitRole, str] = {"lead": "主办", "co": "会办", "split": "分办"}
#: Units that answer the author; a unit that helps (会办) answers the leading one.
ANSWERING: frozenset[UnitRole] = frozenset({"lead", "split"})


class WorkAction(StrEnum):
    """What a unit, or staff about its work, may ask for."""

    SIGN = "sign"
    REQUEST_RETURN = "request_return"
    ACCEPT_RETURN = "accept_return"
    REFUSE_RETURN = "refuse_return"
    START_HANDLING = "start_handling"
    SUBMIT_REPLY = "submit_reply"
    SEND_BACK = "send_back"
    APPROVE_REPLY = "approve_reply"
    WITHDRAW_ASSIGNMENT = "withdraw_assignment"


_UNIT, _STAFF = Permission.PROPOSAL_HANDLE, Permission.PROPOSAL_REVIEW
_AWAITED = frozenset({Work.ASSIGNED, Work.SIGNED})

WORK = Lifecycle(
    WORK_LABELS,
    [
        Transition(WorkAction.SIGN, "签收", frozenset({Work.ASSIGNED}), Work.SIGNED, _UNIT),
        Transition(
            WorkAction.REQUEST_RETURN, "申请退办", _AWAITED, Work.RETURN_REQUESTED, _UNIT, needs_reason=True
        ),
        Transition(
            WorkAction.ACCEPT_RETURN, "同意退办", frozenset({Work.RETURN_REQUESTED}), Work.RETURNED, _STAFF
        ),
        Transition(
            WorkAction.REFUSE_RETURN,
            "不同意退办",
            frozenset({Work.RETURN_REQUESTED}),
            Work.ASSIGNED,
            _STAFF,
            needs_reason=True,
        ),
        Transition(WorkAction.START_HANDLING, "开始办理", frozenset({Work.SIGNED}), Work.HANDLING, _UNIT),
        Transition(WorkAction.SUBMIT_REPLY, "提交答复", frozenset({Work.HANDLING}), Work.REPLY_REVIEW, _UNIT),
        Transition(
            WorkAction.SEND_BACK,
            "退回答复",
            frozenset({Work.REPLY_REVIEW}),
            Work.HANDLING,
            _STAFF,
            needs_reason=True,
        ),
        Transition(
            WorkAction.APPROVE_REPLY, "答复审核通过", frozenset({Work.REPLY_REVIEW}), Work.REPLIED, _STAFF
        ),
        Transition(
            WorkAction.WITHDRAW_ASSIGNMENT,
            "撤回交办",
            frozenset({Work.ASSIGNED, Work.SIGNED, Work.HANDLING}),
            Work.WITHDRAWN,
            _STAFF,
            needs_reason=True,
        ),
    ],
)

#: Work that waits for its unit.
AT_UNIT = frozenset({Work.ASSIGNED, Work.SIGNED, Work.HANDLING})

#: Steps whose reason is between a unit, the secretariat and those who signed.
INTERNAL: frozenset[str] = frozenset(
    {
        WorkAction.REQUEST_RETURN,
        WorkAction.ACCEPT_RETURN,
        WorkAction.REFUSE_RETURN,
        WorkAction.SEND_BACK,
        WorkAction.WITHDRAW_ASSIGNMENT,
        *TalkAction,
        "remind",
    }
)

#: From least to most advanced: a proposal stands where the unit stands that is furthest behind.
_ORDER = (
    (Work.RETURN_REQUESTED, State.RETURN_REQUESTED),
    (Work.ASSIGNED, State.ASSIGNED),
    (Work.SIGNED, State.SIGNED),
    (Work.HANDLING, State.HANDLING),
    (Work.REPLY_REVIEW, State.REPLY_REVIEW),
    (Work.REPLIED, State.REPLIED),
)


def state_of(work: list[Work], round_: int) -> State:
    """Where a proposal stands whose answering units stand at `work`; on file when there is none of them."""
    for one, state in _ORDER:
        if one in work:
            return State.REHANDLING if round_ > 1 and state is State.HANDLING else state
    return State.FILED


class ResultClass(StrEnum):
    """What a reply says has become of the suggestions."""

    SOLVED = "solved"
    UNDER_WAY = "under_way"
    PLANNED = "planned"
    FOR_REFERENCE = "for_reference"


RESULT_LABELS = {
    ResultClass.SOLVED: "已经解决或采纳",
    ResultClass.UNDER_WAY: "正在解决",
    ResultClass.PLANNED: "列入计划解决",
    ResultClass.FOR_REFERENCE: "留作参考",
}
#: The letters of an organization that has set none of its own.
LETTERS = {
    ResultClass.SOLVED: "A",
    ResultClass.UNDER_WAY: "B",
    ResultClass.PLANNED: "B",
    ResultClass.FOR_REFERENCE: "C",
}
#: Results that promise something for later.
PROMISING = frozenset({ResultClass.UNDER_WAY, ResultClass.PLANNED})

Grade = Literal["satisfied", "basically", "dissatisfied"]
GRADE_LABELS: dict[Grade, str] = {"satisfied": "满意", "basically": "基本满意", "dissatisfied": "不满意"}

#: Every action of a track in Chinese.
ACTION_LABELS = (
    {step.action: step.label for step in LIFECYCLE.transitions}
    | {step.action: step.label for step in WORK.transitions}
    | {step.action: step.label for step in TALK.transitions}
    | dict(MARK_STEPS.values())
    | OTHER_STEPS
)
