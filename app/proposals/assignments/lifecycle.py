"""The life cycle of an assignment as data: what one handling unit (承办单位) does with a proposal."""

from enum import StrEnum
from typing import Literal

from app.auth.permissions import Permission
from app.core.lifecycle import Lifecycle, Transition
from app.proposals.lifecycle import LIFECYCLE, MARK_STEPS, ProposalState
from app.proposals.talks.lifecycle import TALK, TalkAction


class AssignmentState(StrEnum):
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
    AssignmentState.ASSIGNED: "待签收",
    AssignmentState.RETURN_REQUESTED: "申请退办",
    AssignmentState.RETURNED: "已退办",
    AssignmentState.SIGNED: "已签收",
    AssignmentState.HANDLING: "办理中",
    AssignmentState.REPLY_REVIEW: "答复审核中",
    AssignmentState.REPLIED: "已答复",
    AssignmentState.WITHDRAWN: "已撤回交办",
    AssignmentState.ENDED: "随提案结束",
}

#: The unit has nothing to do with the proposal any more.
GONE = frozenset({AssignmentState.RETURNED, AssignmentState.WITHDRAWN})
#: Nobody has taken the work up, or there is none any more.
NOT_BEGUN = GONE | {AssignmentState.ASSIGNED, AssignmentState.RETURN_REQUESTED}
#: Nothing is left to do: the reply has been sent, or the work has ended without one.
DONE = GONE | {AssignmentState.REPLIED, AssignmentState.ENDED}
#: The reply may be written.
WRITABLE = frozenset({AssignmentState.SIGNED, AssignmentState.HANDLING})

UnitRole = Literal["lead", "co", "split"]
UNIT_ROLE_LABELS: dict[UnitRole, str] = {"lead": "主办", "co": "会办", "split": "分办"}
#: Units that answer the author; a unit that helps (会办) answers the leading one.
ANSWERING: frozenset[UnitRole] = frozenset({"lead", "split"})


class AssignmentAction(StrEnum):
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
_AWAITED = frozenset({AssignmentState.ASSIGNED, AssignmentState.SIGNED})

WORK = Lifecycle(
    WORK_LABELS,
    [
        Transition(
            AssignmentAction.SIGN,
            "签收",
            frozenset({AssignmentState.ASSIGNED}),
            AssignmentState.SIGNED,
            _UNIT,
            news="提案{title}已由{unit}签收",
        ),
        Transition(
            AssignmentAction.REQUEST_RETURN,
            "申请退办",
            _AWAITED,
            AssignmentState.RETURN_REQUESTED,
            _UNIT,
            needs_reason=True,
            news="{unit}申请退办提案{title}：{reason}",
        ),
        Transition(
            AssignmentAction.ACCEPT_RETURN,
            "同意退办",
            frozenset({AssignmentState.RETURN_REQUESTED}),
            AssignmentState.RETURNED,
            _STAFF,
            news="提案{title}同意退办",
        ),
        Transition(
            AssignmentAction.REFUSE_RETURN,
            "不同意退办",
            frozenset({AssignmentState.RETURN_REQUESTED}),
            AssignmentState.ASSIGNED,
            _STAFF,
            needs_reason=True,
            news="提案{title}不同意退办：{reason}",
        ),
        Transition(
            AssignmentAction.START_HANDLING,
            "开始办理",
            frozenset({AssignmentState.SIGNED}),
            AssignmentState.HANDLING,
            _UNIT,
            news="{unit}开始办理提案{title}",
        ),
        Transition(
            AssignmentAction.SUBMIT_REPLY,
            "提交答复",
            frozenset({AssignmentState.HANDLING}),
            AssignmentState.REPLY_REVIEW,
            _UNIT,
            news="{unit}提交了提案{title}的答复，请审核",
        ),
        Transition(
            AssignmentAction.SEND_BACK,
            "退回答复",
            frozenset({AssignmentState.REPLY_REVIEW}),
            AssignmentState.HANDLING,
            _STAFF,
            needs_reason=True,
            news="提案{title}的答复请修改：{reason}",
        ),
        Transition(
            AssignmentAction.APPROVE_REPLY,
            "答复审核通过",
            frozenset({AssignmentState.REPLY_REVIEW}),
            AssignmentState.REPLIED,
            _STAFF,
            news="{unit}已答复提案{title}，请您评价",
            undo_event="proposal.unreplied",
        ),
        Transition(
            AssignmentAction.WITHDRAW_ASSIGNMENT,
            "撤回交办",
            frozenset({AssignmentState.ASSIGNED, AssignmentState.SIGNED, AssignmentState.HANDLING}),
            AssignmentState.WITHDRAWN,
            _STAFF,
            needs_reason=True,
            news="提案{title}的交办已撤回：{reason}",
        ),
    ],
)

#: Of which steps those who signed hear, and of which the secretariat; of the others their unit does.
TO_SIGNERS = frozenset(
    {AssignmentAction.SIGN, AssignmentAction.START_HANDLING, AssignmentAction.APPROVE_REPLY}
)
TO_STAFF = frozenset({AssignmentAction.REQUEST_RETURN, AssignmentAction.SUBMIT_REPLY})
#: Work that waits for its unit.
AT_UNIT = frozenset({AssignmentState.ASSIGNED, AssignmentState.SIGNED, AssignmentState.HANDLING})

#: Steps whose reason is between a unit, the secretariat and those who signed.
INTERNAL: frozenset[str] = frozenset(
    {
        AssignmentAction.REQUEST_RETURN,
        AssignmentAction.ACCEPT_RETURN,
        AssignmentAction.REFUSE_RETURN,
        AssignmentAction.SEND_BACK,
        AssignmentAction.WITHDRAW_ASSIGNMENT,
        *TalkAction,
        "remind",
    }
)

#: From least to most advanced: a proposal stands where the unit stands that is furthest behind.
_ORDER = (
    (AssignmentState.RETURN_REQUESTED, ProposalState.RETURN_REQUESTED),
    (AssignmentState.ASSIGNED, ProposalState.ASSIGNED),
    (AssignmentState.SIGNED, ProposalState.SIGNED),
    (AssignmentState.HANDLING, ProposalState.HANDLING),
    (AssignmentState.REPLY_REVIEW, ProposalState.REPLY_REVIEW),
    (AssignmentState.REPLIED, ProposalState.REPLIED),
)


def state_of(work: list[AssignmentState], round_: int) -> ProposalState:
    """Where a proposal stands whose answering units stand at `work`; on file when there is none of them."""
    for one, state in _ORDER:
        if one in work:
            return ProposalState.REHANDLING if round_ > 1 and state is ProposalState.HANDLING else state
    return ProposalState.FILED


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

#: Steps of the track beside the life cycle.
_OTHER_STEPS = {
    "enter": "机关代录",
    "undo": "撤销上一步",
    "supervise": "确定督办领导",
    "inspect": "督办检查",
    "consult": "与提案人沟通",
    "extend": "延长期限",
    "remind": "催办",
    "rate": "评价办理",
    "merge_in": "并入提案",
    "merge_out": "撤出并入的提案",
    "end_work": "承办随提案结束",
    "recalculate": "期限随放假安排调整",
}
#: Every action of a track in Chinese.
ACTION_LABELS = (
    {step.action: step.label for step in LIFECYCLE.transitions}
    | {step.action: step.label for step in WORK.transitions}
    | {step.action: step.label for step in TALK.transitions}
    | dict(MARK_STEPS.values())
    | _OTHER_STEPS
)
#: What packages above take back with a step.
UNDO_EVENTS = {step.action: step.undo_event for step in LIFECYCLE.transitions if step.undo_event} | {
    step.action: step.undo_event for step in WORK.transitions if step.undo_event
}
